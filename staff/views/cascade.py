"""Giving a template to the holders of a post, and the check that parts add up to the whole."""

from typing import Any

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
from organisation.views.download import wants_workbook, workbook_answer
from scorecards.errors import ScorecardError
from scorecards.forms.period import PeriodForm, read_year
from scorecards.models import Measure, Month
from scorecards.selectors.scorecard import latest_scorecard, scorecard_of
from scorecards.views import place
from scorecards.views.decision import telling
from staff.access import cascade_job_for, cascaded_measure_for, post_for
from staff.forms.cascade import GiveForm, SharesForm
from staff.permissions import CASCADE, VIEW_COVERAGE
from staff.selectors import conservation as selectors
from staff.selectors.given import left_behind
from staff.selectors.post import readiness, sample
from staff.selectors.posting import in_year
from staff.services import cascade as service


@needs(CASCADE)
@require_http_methods(["GET", "POST"])
def give(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET says who would get what; POST starts."""
    post, today = post_for(request.user, pk, CASCADE), timezone.localdate()
    year = read_year(request.GET.get("year", ""), today.year)
    card = scorecard_of(post.unit.code, year)
    state = readiness(post, card)
    holders = in_year(post, year)
    search = SearchForm(request.GET)
    offered = holders if request.method == "POST" else holders.none()
    form = GiveForm(request.POST or None, offered=offered, sample=sample(post, card), initial={"everybody": True, "tie": True})
    if request.method == "POST" and not state.faults and form.is_valid():
        try:
            run = service.give(actor=request.user, post=post, year=year, postings=form.chosen(), tie=form.cleaned_data["tie"], today=today)
        except ScorecardError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("staff:cascade-job", pk=run.pk)
    page = search.page_of(holders)
    context: dict[str, Any] = {"post": post, "unit": post.unit, "year": year, "card": card, "state": state, "form": form, "page": page}
    return render(
        request, "staff/cascade/give.html", {**context, "lines": list(post.lines.all()), "chosen": set(request.POST.getlist("postings"))}
    )


@needs(CASCADE)
@require_safe
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far the giving is, and who was left out and why."""
    run = cascade_job_for(request.user, pk)
    template = "staff/cascade/progress.html" if request.headers.get("HX-Request") else "staff/cascade/job.html"
    post = post_for(request.user, run.arguments["post"], CASCADE)
    return render(request, template, {"run": run, "post": post, "left": left_behind(run)})


@needs(VIEW_COVERAGE)
@require_safe
def index(request: SignedInRequest, code: str) -> HttpResponse:
    """The unit's measures, and how they are carried."""
    unit = unit_for(request.user, code, VIEW_COVERAGE)
    month = _month(request)
    card = latest_scorecard(unit, month.year)
    search = SearchForm(request.GET)
    rows = selectors.overview(card, month, search.words()) if card else []
    if wants_workbook(request):
        return workbook_answer(f"cascade-{unit.code}-{month}", *selectors.sheet(rows))
    context: dict[str, Any] = {"unit": unit, "card": card, "rows": rows, "q": search.words(), "month": month}
    context |= {
        "may_cascade": holds(request.user, CASCADE, unit),
        "place": place.on_month(unit, month, "staff:cascade", request.path),
    }
    return render(request, "staff/cascade/index.html", context)


@needs(VIEW_COVERAGE)
@require_http_methods(["GET", "POST"])
def check(request: SignedInRequest, code: str, year: int, measure: str) -> HttpResponse:
    """Who carries which part of a measure; POST changes the shares."""
    permission = CASCADE if request.method == "POST" else VIEW_COVERAGE
    found = cascaded_measure_for(request.user, code, year, measure, permission)
    month = _month(request).within(year)
    rows = SearchForm(request.GET).page_of(selectors.lines_of(found.scorecard, found.code))
    lines = list(rows.object_list)
    form = SharesForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            service.set_shares(actor=request.user, above=found.scorecard, code=found.code, shares=form.shares(), month=month)
        except ScorecardError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{_address(found, month)}&page={rows.number}")
    page = selectors.check(found.scorecard, found, month, {line.pk for line in lines})
    fields = {line.pk: form[f"share-{line.pk}"] for line in lines}
    context = {
        "unit": found.scorecard.unit,
        "measure": found,
        "check": page,
        "page": rows,
        "form": form,
        "fields": fields,
        "month": month,
        "year": year,
    }
    where = place.on_month(None, month, "", request.path)
    return render(
        request, "staff/cascade/check.html", {**context, "place": where, "may_cascade": holds(request.user, CASCADE, found.scorecard.unit)}
    )


@needs(CASCADE)
@require_POST
def spread(request: SignedInRequest, code: str, year: int, measure: str) -> HttpResponse:
    """Equal parts that add up to the whole."""
    found = cascaded_measure_for(request.user, code, year, measure, CASCADE)
    month = _month(request).within(year)
    with telling(request, _("All of this month carry equal parts now, which add up to the whole.")):
        service.spread(actor=request.user, above=found.scorecard, code=found.code, month=month)
    return redirect(_address(found, month))


@needs(CASCADE)
@require_POST
def tie(request: SignedInRequest, code: str, year: int, measure: str) -> HttpResponse:
    """Let the unit's measure be the sum of its parts."""
    found = cascaded_measure_for(request.user, code, year, measure, CASCADE)
    with telling(request, _("The measure is the sum of its parts now. The scores are being computed anew.")):
        service.tie_whole(actor=request.user, measure=found, month=Month.of_day(timezone.localdate()))
    return redirect(_address(found, _month(request).within(year)))


def _month(request: SignedInRequest) -> Month:
    form = PeriodForm(request.GET)
    form.is_valid()
    found: Month = form.cleaned_data.get("month") or Month.of_day(timezone.localdate())
    return found


def _address(measure: Measure, month: Month) -> str:
    card = measure.scorecard
    return f"{reverse('staff:cascade-check', args=[card.unit.code, card.year, measure.code])}?month={month}"
