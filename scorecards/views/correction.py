"""Corrections of closed months: asked for, decided, listed."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation.access import holds, unit_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from organisation.views.download import MOST_ROWS, wants_workbook, workbook_answer
from scorecards.access import correction_for, month_of_measure_for
from scorecards.errors import NotClosed, ScorecardError
from scorecards.forms.correction import CorrectionForm
from scorecards.forms.period import read_month
from scorecards.permissions import EDIT_READING, VERIFY_READING, VIEW_SCORECARD, VIEW_STAFF
from scorecards.selectors import correction as selectors
from scorecards.selectors.closing import is_closed
from scorecards.selectors.text import month_text
from scorecards.services import correction as service
from scorecards.views.decision import decide as decided


@needs(VIEW_SCORECARD)
@require_safe
def index(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, VIEW_SCORECARD)
    search = SearchForm(request.GET)
    found = selectors.corrections(unit, search.words(), None if holds(request.user, VIEW_STAFF, unit) else request.user.username)
    if wants_workbook(request):
        every = [selectors.row(one) for one in found[:MOST_ROWS]]
        return workbook_answer(f"corrections-{unit.code}", *selectors.sheet(every))
    page = search.page_of(found)
    context = {
        "unit": unit,
        "page": page,
        "rows": [selectors.row(one) for one in page.object_list],
        "q": search.words(),
        "may_decide": holds(request.user, VERIFY_READING, unit),
    }
    return render(request, "scorecards/correction/list.html", context)


@needs(EDIT_READING)
@require_http_methods(["GET", "POST"])
def create(request: SignedInRequest, pk: int, month: str) -> HttpResponse:
    at = read_month(month)
    measure = month_of_measure_for(request.user, pk, at, EDIT_READING)
    if request.method == "GET" and not is_closed(measure.scorecard_id, at):
        messages.error(request, str(NotClosed()))
        return redirect("scorecards:entry", code=measure.scorecard.address, month=str(at))
    form = CorrectionForm(request.POST or None, measure=measure)
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("not_applicable", "reason", "evidence")}
        try:
            service.ask(actor=request.user, measure=measure, month=at, numbers=form.numbers, now=timezone.now(), **typed)
        except ScorecardError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Asked for. Another person decides; it is written when the month is reopened."))
            return redirect("scorecards:corrections", code=measure.scorecard.unit.code)
    context = {"measure": measure, "unit": measure.scorecard.unit, "form": form, "month": at, "month_text": month_text(at)}
    return render(request, "scorecards/correction/create.html", {**context, "stored": selectors.stored(measure, at)})


@needs(VERIFY_READING)
@require_POST
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    correction = correction_for(request.user, pk, VERIFY_READING)
    approved = _("Approved; it is written when the month is reopened.")
    decided(request, partial(service.decide, correction=correction), approved)
    return redirect("scorecards:corrections", code=correction.measure.scorecard.unit.code)
