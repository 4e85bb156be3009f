"""Entering a month's values: the page, saving rows, notes, and handing the month in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation.access import holds
from organisation.permissions import SignedInRequest, needs
from scorecards.access import measure_at_for, owner_for, scorecard_for
from scorecards.assembly import entry as assembly
from scorecards.errors import NothingToDo, ReadingChanged, ScorecardError
from scorecards.forms.period import read_month
from scorecards.forms.reading import BlockForm, NoteForm, ReadingForm
from scorecards.models import Measure, Month
from scorecards.permissions import EDIT_READING, VERIFY_READING
from scorecards.selectors import entry as selectors
from scorecards.services import reading as service
from scorecards.services import verification
from scorecards.views import place


@needs(EDIT_READING)
@require_safe
def now(request: SignedInRequest, code: str) -> HttpResponse:
    """The month that is being entered today."""
    owner = owner_for(request.user, code, EDIT_READING)
    month = selectors.default_entry_month(owner.unit, timezone.localdate(), owner.officer)
    return redirect("scorecards:entry", code=code, month=str(month))


@needs(EDIT_READING)
@require_safe
def index(request: SignedInRequest, code: str, month: str) -> HttpResponse:
    owner = owner_for(request.user, code, EDIT_READING)
    unit, at, today = owner.unit, read_month(month), timezone.localdate()
    context = {
        "page": assembly.entry_page(owner.unit, at, today, request.user.pk, owner.officer),
        "place": place.on_path(unit, at, "scorecards:entry", code),
        "unit": unit,
        "address": code,
        "of_officer": bool(owner.officer),
        "begun": at <= Month.of_day(today),
        "mine": "mine" in request.GET,
        "may_verify": holds(request.user, VERIFY_READING, unit),
    }
    return render(request, "scorecards/entry/index.html", context)


@needs(EDIT_READING)
@require_http_methods(["GET", "POST"])
def row(request: SignedInRequest, code: str, month: str, pk: int) -> HttpResponse:
    """POST saves one row and answers with its status and the new scores; GET answers how it stands."""
    measure = measure_at_for(request.user, code, pk, EDIT_READING)
    at = _in_year(measure, month)
    refusal = _save(request, measure, at, request.POST) if request.method == "POST" else None
    context = _context(request, measure, at)
    if refusal:
        return render(request, "scorecards/entry/refusal.html", {**context, **refusal})
    return render(
        request, "scorecards/entry/status.html", {**context, "saved_at": timezone.localtime() if request.method == "POST" else None}
    )


@needs(EDIT_READING)
@require_POST
def block(request: SignedInRequest, code: str, month: str) -> HttpResponse:
    """Save several pasted rows, each by itself; answers with each row's status or refusal and the new scores."""
    card = scorecard_for(request.user, code, read_month(month).year, EDIT_READING)
    at, form = read_month(month), BlockForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"sentence": " ".join(str(error) for errors in form.errors.values() for error in errors)})
    measures = {str(measure.pk): measure for measure in card.measures.select_related("scorecard__unit", "objective__perspective")}
    wanted = [(measures[one["measure"]], one) for one in form.block if one["measure"] in measures]
    refused = {measure.pk: _save(request, measure, at, one) for measure, one in wanted}
    rows, strip = assembly.entry_rows(card, [measure for measure, _one in wanted], at, timezone.localdate(), request.user.pk)
    context = {"address": code, "at": at, "saved_at": timezone.localtime()}
    answers = {}
    for found in rows:
        refusal = refused[found.measure.pk]
        page = "scorecards/entry/refusal.html" if refusal else "scorecards/entry/row.html"
        answers[str(found.measure.pk)] = render_to_string(page, {**context, "row": found, **(refusal or {})}, request)
    told = render_to_string("scorecards/entry/strip.html", {**context, "strip": strip}, request)
    return JsonResponse({"rows": answers, "strip": told})


@needs(EDIT_READING)
@require_POST
def note(request: SignedInRequest, code: str, month: str, pk: int) -> HttpResponse:
    """Keep what is said about a reading; answers with a fragment that says so."""
    measure = measure_at_for(request.user, code, pk, EDIT_READING)
    at, form = _in_year(measure, month), NoteForm(request.POST)
    fault, waits = "", False
    if form.is_valid():
        try:
            service.annotate(actor=request.user, measure=measure, month=at, note=form.cleaned_data["note"])
        except NothingToDo:
            waits = True
        except ScorecardError as refusal:
            fault = str(refusal)
    else:
        fault = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return render(request, "scorecards/entry/note.html", {"fault": fault, "waits": waits, "saved_at": timezone.localtime()})


@needs(EDIT_READING)
@require_POST
def submit(request: SignedInRequest, code: str, month: str) -> HttpResponse:
    """Hand in the month's drafts."""
    at = read_month(month)
    card = scorecard_for(request.user, code, at.year, EDIT_READING)
    try:
        number = verification.submit(actor=request.user, scorecard=card, month=at, now=timezone.now())
    except ScorecardError as refusal:
        messages.error(request, str(refusal))
    else:
        told = ngettext("%(n)d value is submitted and counts now.", "%(n)d values are submitted and count now.", number)
        messages.success(request, told % {"n": number})
    return redirect("scorecards:entry", code=code, month=str(at))


def _in_year(measure: Measure, month: str) -> Month:
    at = read_month(month)
    if at.year != measure.scorecard.year:
        raise Http404
    return at


def _save(request: SignedInRequest, measure: Measure, at: Month, typed: Any) -> dict[str, Any] | None:
    """Save what was typed in one row; what the refusal has to say, where nothing was saved. stored: what somebody else has saved instead,
    so that the person may choose."""
    form = ReadingForm(typed, measure=measure)
    if not form.is_valid():
        return {"sentence": form.sentence, "wrong": set(form.errors)}
    if form.waits_for and not form.cleaned_data["mark"]:
        return {"waits_for": form.waits_for}
    seen = form.cleaned_data["seen"]
    common: dict[str, Any] = {"actor": request.user, "measure": measure, "month": at, "today": timezone.localdate(), "seen": seen}
    try:
        if form.cleaned_data["mark"]:
            service.enter_reading(**common, not_applicable=form.cleaned_data["not_applicable"])
        elif form.parts:
            service.enter_reading(**common, numbers=form.parts)
        else:
            service.clear_reading(actor=request.user, measure=measure, month=at, seen=seen)
    except ReadingChanged as refusal:
        return {"sentence": str(refusal), "conflict": True, "stored": refusal.now}
    except ScorecardError as refusal:
        return {"sentence": str(refusal), "wrong": set(measure.parts)}
    return None


def _context(request: SignedInRequest, measure: Measure, at: Month) -> dict[str, Any]:
    rows, strip = assembly.entry_rows(measure.scorecard, [measure], at, timezone.localdate(), request.user.pk)
    return {"row": rows[0], "strip": strip, "at": at, "address": measure.scorecard.address}
