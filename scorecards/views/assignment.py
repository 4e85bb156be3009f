"""Who reports which measure of a unit."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from organisation.access import holds, unit_for
from organisation.forms.search import SearchForm
from organisation.models import Unit
from organisation.permissions import SignedInRequest, needs
from scorecards.access import feed_for
from scorecards.errors import ScorecardError
from scorecards.forms.assignment import AssignForm, FeedForm, HandOverForm
from scorecards.permissions import ASSIGN_MEASURE, VIEW_SCORECARD
from scorecards.selectors import assignment as selectors
from scorecards.selectors.feed import feeds_of, sources
from scorecards.selectors.scorecard import latest_scorecard
from scorecards.services import assignment as service
from scorecards.services import feed as feed_service


@needs(VIEW_SCORECARD)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest, code: str) -> HttpResponse:
    """POST gives the chosen measures to a person."""
    unit, today = unit_for(request.user, code, VIEW_SCORECARD), timezone.localdate()
    if request.method == "POST" and not holds(request.user, ASSIGN_MEASURE, unit):
        raise PermissionDenied
    page = _page(request, unit, today)
    form = AssignForm(request.POST or None, people=page["people"], codes=[row.measure.code for row in page["all"]])
    if request.method == "POST" and form.is_valid():
        number = service.assign(actor=request.user, unit=unit, today=today, **form.cleaned_data)
        messages.success(request, ngettext("%(n)d measure is assigned anew.", "%(n)d measures are assigned anew.", number) % {"n": number})
        return redirect("scorecards:reporters", code=code)
    return _answer(request, page, form)


@needs(ASSIGN_MEASURE)
@require_http_methods(["GET", "POST"])
def hand_over(request: SignedInRequest, code: str) -> HttpResponse:
    """Everything that one person reports goes to another."""
    unit, today = unit_for(request.user, code, ASSIGN_MEASURE), timezone.localdate()
    if request.method == "GET":
        return redirect("scorecards:reporters", code=code)
    page = _page(request, unit, today)
    form = HandOverForm(request.POST, givers=page["givers"], takers=page["people"])
    if form.is_valid():
        people = {"giver": form.cleaned_data["giver"], "taker": form.cleaned_data["taker"]}
        try:
            number = service.hand_over(actor=request.user, unit=unit, today=today, now=timezone.now(), **people)
        except ScorecardError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, ngettext("%(n)d measure is handed over.", "%(n)d measures are handed over.", number) % {"n": number})
            return redirect("scorecards:reporters", code=code)
    return _answer(request, page, None, form)


@needs(ASSIGN_MEASURE)
@require_POST
def connect(request: SignedInRequest, code: str) -> HttpResponse:
    """Let the system count a measure."""
    unit, today = unit_for(request.user, code, ASSIGN_MEASURE), timezone.localdate()
    page = _page(request, unit, today)
    form = _feed_form(page, request.POST)
    if form.is_valid():
        measure = next(row.measure for row in page["all"] if row.measure.code == form.cleaned_data["measure"])
        try:
            feed_service.connect(actor=request.user, unit=unit, measure=measure, source=form.cleaned_data["source"], today=today)
        except ScorecardError as refusal:
            form.add_error("measure", str(refusal))
        else:
            messages.success(request, _("The system counts it from now on."))
            return redirect("scorecards:reporters", code=code)
    return _answer(request, {**page, "feed_form": form}, None)


@needs(ASSIGN_MEASURE)
@require_POST
def disconnect(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let people report it again."""
    feed = feed_for(request.user, pk, ASSIGN_MEASURE)
    feed_service.disconnect(actor=request.user, feed=feed)
    messages.success(request, _("People report it again; what was counted stays."))
    return redirect("scorecards:reporters", code=feed.unit.code)


def _feed_form(page: dict[str, Any], data: Any = None) -> FeedForm:
    fed = {feed.code for feed, _source in page["feeds"]}
    measures = [(row.measure.code, f"{row.measure.code} {row.measure.label}") for row in page["all"] if row.measure.code not in fed]
    return FeedForm(data, measures=measures, sources=[(name, str(source.label)) for name, source in sources().items()])


def _page(request: SignedInRequest, unit: Unit, today: date) -> dict[str, Any]:
    card = latest_scorecard(unit, today.year)
    every = selectors.assigned_measures(card, today, "") if card else []
    search = SearchForm(request.GET)
    shown = selectors.assigned_measures(card, today, search.words()) if card and search.words() else every
    people = list(selectors.people_who_may_enter(unit, today))
    givers = sorted({row.person for row in every if row.person}, key=lambda person: person.username)
    history = search.page_of(selectors.history(unit))
    found = {
        "unit": unit,
        "card": card,
        "all": every,
        "rows": shown,
        "q": search.words(),
        "people": people,
        "givers": givers,
        "page": history,
        "feeds": feeds_of(unit),
    }
    return {**found, "may_assign": holds(request.user, ASSIGN_MEASURE, unit)}


def _answer(request: SignedInRequest, page: dict[str, Any], form: AssignForm | None, over: HandOverForm | None = None) -> HttpResponse:
    codes = [row.measure.code for row in page["all"]]
    form = form or AssignForm(people=page["people"], codes=codes)
    over = over or HandOverForm(givers=page["givers"], takers=page["people"])
    context = {
        "feed_form": _feed_form(page),
        **page,
        "form": form,
        "over": over,
        "chosen": set(request.POST.getlist("codes")),
        "nobody": _("nobody in particular"),
    }
    return render(request, "scorecards/assignment/index.html", context)
