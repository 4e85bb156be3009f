"""Months of a unit: what is reported, closed and reopened; revisions side by side."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation.access import holds, unit_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from scorecards.access import closing_job_for, reopening_for, scorecard_for
from scorecards.errors import ScorecardError
from scorecards.forms.closing import MonthForm, ReopeningForm
from scorecards.forms.period import read_month, read_year
from scorecards.permissions import ASK_REOPENING, CLOSE_MONTH, DECIDE_REOPENING, VIEW_SCORECARD
from scorecards.selectors import closing as selectors
from scorecards.selectors import month as months
from scorecards.selectors.correction import waiting
from scorecards.selectors.revision import revisions
from scorecards.selectors.setup import months_of
from scorecards.selectors.text import month_text
from scorecards.services import closing as service
from scorecards.views import place
from scorecards.views.decision import decide as decided


@needs(VIEW_SCORECARD)
@require_safe
def index(request: SignedInRequest, code: str) -> HttpResponse:
    """All months of a year."""
    unit = unit_for(request.user, code, VIEW_SCORECARD)
    today = timezone.localdate()
    year = read_year(request.GET.get("year", ""), today.year)
    context = {
        "unit": unit,
        "year": year,
        "rows": months.months_table(unit, year, today),
        "may_close": holds(request.user, CLOSE_MONTH, unit),
        "may_ask": holds(request.user, ASK_REOPENING, unit),
        "may_decide": holds(request.user, DECIDE_REOPENING, unit),
    }
    return render(request, "scorecards/closing/index.html", context)


@needs(VIEW_SCORECARD)
@require_safe
def detail(request: SignedInRequest, code: str, month: str) -> HttpResponse:
    """What each unit lacks in a month, and the revisions of the unit's own scorecard."""
    at = read_month(month)
    card = scorecard_for(request.user, code, at.year, VIEW_SCORECARD)
    search = SearchForm(request.GET)
    heads, rows = revisions(card, at)
    context = {
        "unit": card.unit,
        "month": at,
        "month_text": month_text(at),
        "units": months.units_table(card.unit, at, search.words()),
        "q": search.words(),
        "heads": heads,
        "corrections": list(waiting(selectors.cards_in(card.unit, at.year, below=True).values_list("pk", flat=True), at)),
        "rows": rows,
        "place": place.on_path(card.unit, at, "scorecards:month"),
    }
    return render(request, "scorecards/closing/detail.html", context)


@needs(CLOSE_MONTH)
@require_http_methods(["GET", "POST"])
def close(request: SignedInRequest, code: str) -> HttpResponse:
    """GET says what closing would leave out; POST closes."""
    unit, today = unit_for(request.user, code, CLOSE_MONTH), timezone.localdate()
    year = read_year(request.GET.get("year", ""), today.year)
    form = MonthForm(request.POST or request.GET, months=months_of(year))
    if request.method == "GET" and form.is_valid():
        rows = [row for row in months.months_table(unit, year, today) if row.may_close and row.month <= form.cleaned_data["month"]]
        return render(request, "scorecards/closing/close.html", {"unit": unit, "rows": rows, "back": _months(unit.code, year)})
    if form.is_valid():
        try:
            run = service.begin(actor=request.user, unit=unit, below=True, now=timezone.now(), **form.cleaned_data)
        except ScorecardError as refusal:
            messages.error(request, str(refusal))
        else:
            if run is not None:
                return redirect("scorecards:closing-job", pk=run.pk)
            messages.success(request, _("Closed. The scores are published as a revision; readings can no longer be changed."))
    return redirect(_months(unit.code, year))


@needs(CLOSE_MONTH)
@require_safe
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far a closing of many scorecards is."""
    run = closing_job_for(request.user, pk, CLOSE_MONTH)
    template = "scorecards/closing/progress.html" if request.headers.get("HX-Request") else "scorecards/closing/job.html"
    year = run.arguments["month"][:4]
    return render(request, template, {"run": run, "back": _months(run.place, year)})


@needs(ASK_REOPENING)
@require_http_methods(["GET", "POST"])
def reopen(request: SignedInRequest, code: str, month: str) -> HttpResponse:
    """Ask for a closed month to be opened."""
    unit = unit_for(request.user, code, ASK_REOPENING)
    at = read_month(month)
    form = ReopeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service.ask_reopening(actor=request.user, unit=unit, month=at, now=timezone.now(), **form.cleaned_data)
        except ScorecardError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Asked for. Another person decides."))
            return redirect(_months(unit.code, at.year))
    cards = selectors.cards_in(unit, at.year, below=True).values_list("pk", flat=True)
    context = {
        "unit": unit,
        "form": form,
        "corrections": list(waiting(cards, at)),
        "back": _months(unit.code, at.year),
        "month_text": month_text(at),
    }
    return render(request, "scorecards/closing/reopen.html", context)


@needs(DECIDE_REOPENING)
@require_POST
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    reopening = reopening_for(request.user, pk, DECIDE_REOPENING)
    decided(request, partial(service.decide_reopening, reopening=reopening), _("The month is open again."))
    return redirect(_months(reopening.unit.code, reopening.month.year))


def _months(code: str, year: int | str) -> str:
    return f"{reverse('scorecards:months', args=[code])}?year={year}"
