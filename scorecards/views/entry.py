"""Entering a month's values: the page, the saving of one row, and what a row and the scores look like now."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from organisation.access import unit_for
from organisation.permissions import SignedInRequest, needs
from scorecards.access import measure_of_unit_for
from scorecards.errors import ReadingChanged, ScorecardError
from scorecards.forms.period import read_month
from scorecards.forms.reading import ReadingForm
from scorecards.models import Measure, Month
from scorecards.permissions import EDIT_READING
from scorecards.selectors import entry as selectors
from scorecards.services import reading as service
from scorecards.views import place


@needs(EDIT_READING)
@require_safe
def now(request: SignedInRequest, code: str) -> HttpResponse:
    """The month that is being entered today."""
    unit = unit_for(request.user, code, EDIT_READING)
    month = selectors.default_entry_month(unit, timezone.localdate())
    return redirect("scorecards:entry", code=unit.code, month=str(month))


@needs(EDIT_READING)
@require_safe
def index(request: SignedInRequest, code: str, month: str) -> HttpResponse:
    unit = unit_for(request.user, code, EDIT_READING)
    at = read_month(month)
    today = timezone.localdate()
    context = {
        "page": selectors.entry_page(unit, at, today),
        "place": place.on_path(unit, at, "scorecards:entry"),
        "unit": unit,
        "begun": at <= Month.of_day(today),
    }
    return render(request, "scorecards/entry/index.html", context)


@needs(EDIT_READING)
@require_http_methods(["GET", "POST"])
def row(request: SignedInRequest, code: str, month: str, pk: int) -> HttpResponse:
    """POST saves one row and answers with its status and the new scores; GET answers how it stands."""
    measure = measure_of_unit_for(request.user, code, pk, EDIT_READING)
    at = read_month(month)
    if at.year != measure.scorecard.year:
        raise Http404
    if request.method == "GET":
        return _status(request, measure, at)
    form = ReadingForm(request.POST, measure=measure)
    if not form.is_valid():
        return _refusal(request, measure, at, form.sentence, wrong=set(form.errors))
    if form.waits_for and not form.cleaned_data["mark"]:
        return _refusal(request, measure, at, waits_for=form.waits_for)
    try:
        _save(request, measure, at, form)
    except ReadingChanged as refusal:
        return _refusal(request, measure, at, str(refusal), conflict=True, stored=refusal.now)
    except ScorecardError as refusal:
        return _refusal(request, measure, at, str(refusal), wrong=set(measure.parts))
    return _status(request, measure, at, saved=True)


def _save(request: SignedInRequest, measure: Measure, at: Month, form: ReadingForm) -> None:
    seen = form.cleaned_data["seen"]
    common: dict[str, Any] = {"actor": request.user, "measure": measure, "month": at, "today": timezone.localdate(), "seen": seen}
    if form.cleaned_data["mark"]:
        service.record_reading(**common, not_applicable=form.cleaned_data["not_applicable"])
    elif form.parts:
        service.record_reading(**common, numbers=form.parts)
    else:
        service.clear_reading(actor=request.user, measure=measure, month=at, seen=seen)


def _status(request: SignedInRequest, measure: Measure, at: Month, saved: bool = False) -> HttpResponse:
    context = {
        "row": selectors.entry_row(measure, at, timezone.localdate()),
        "strip": selectors.strip(measure.scorecard, at),
        "saved_at": timezone.localtime() if saved else None,
        "place": place.on_path(measure.scorecard.unit, at, "scorecards:entry"),
    }
    return render(request, "scorecards/entry/status.html", context)


def _refusal(
    request: SignedInRequest,
    measure: Measure,
    at: Month,
    sentence: str = "",
    wrong: set[str] | None = None,
    waits_for: str = "",
    conflict: bool = False,
    stored: str = "",
) -> HttpResponse:
    """Nothing was saved: say why. stored: what somebody else has saved instead, so that the person may choose."""
    context = {
        "row": selectors.entry_row(measure, at, timezone.localdate()),
        "sentence": sentence,
        "wrong": wrong or set(),
        "waits_for": waits_for,
        "conflict": conflict,
        "stored": stored,
    }
    return render(request, "scorecards/entry/refusal.html", context)
