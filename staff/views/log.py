"""An officer's log, and suggestions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organisation.access import holds, leads, unit_for, units_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs, signed_in
from organisation.views.download import MOST_ROWS, wants_workbook, workbook_answer
from scorecards.errors import ScorecardError
from scorecards.permissions import VIEW_SCORECARD
from staff.access import led_for, officer_for, own_entry_for, reach_of, suggestion_for, unit_of
from staff.forms.talk import AnswerForm, LogForm, ReplyForm, SuggestionForm
from staff.permissions import LEAD_STAFF, SEE_STAFF, SUGGEST
from staff.selectors import log as selectors
from staff.services import log as service


@needs(SEE_STAFF)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST writes an entry: the officer herself, or whoever leads her."""
    own = pk == request.user.pk
    person = officer_for(request.user, pk) if own or request.method == "GET" else led_for(request.user, pk)
    today = timezone.localdate()
    form = LogForm(request.POST or None, today=today, own=own, initial={"day": today})
    if request.method == "POST" and form.is_valid():
        service.write(actor=request.user, person=person, unit=unit_of(person), now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Written."))
        return redirect("staff:log", pk=pk)
    search = SearchForm(request.GET)
    found = selectors.entries(person, search.words(), reach_of(request.user, person))
    if wants_workbook(request):
        return workbook_answer(f"log-{person.username}", *selectors.sheet(found[:MOST_ROWS]))
    context = {"person": person, "own": own, "form": form, "page": search.page_of(found), "q": search.words()}
    may_write = own or leads(request.user, person.username, unit_of(person), LEAD_STAFF)
    context |= {"may_write": may_write, "suggestions": list(selectors.of_person(person)[:10])}
    return render(request, "staff/log/index.html", context)


@signed_in
@require_POST
def reply(request: SignedInRequest, pk: int) -> HttpResponse:
    entry = own_entry_for(request.user, pk)
    form = ReplyForm(request.POST)
    try:
        if form.is_valid():
            service.reply(actor=request.user, entry=entry, text=form.cleaned_data["reply"])
        else:
            messages.error(request, _("Write something first."))
    except ScorecardError as refusal:
        messages.error(request, str(refusal))
    return redirect("staff:log", pk=request.user.pk)


@needs(SUGGEST)
@require_http_methods(["GET", "POST"])
def mine(request: SignedInRequest) -> HttpResponse:
    """One's own suggestions; POST makes one."""
    form = SuggestionForm(request.POST or None)
    units = selectors.unit_to_suggest(request.user, units_for(request.user, SUGGEST))
    if request.method == "POST" and units is not None and form.is_valid():
        service.suggest(actor=request.user, unit=units, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Thank you. You are told of the answer."))
        return redirect("staff:suggestions-mine")
    search = SearchForm(request.GET)
    page = search.page_of(selectors.of_person(request.user, search.words()))
    return render(request, "staff/suggestion/mine.html", {"form": form, "page": page, "unit": units, "q": search.words()})


@needs(VIEW_SCORECARD)
@require_http_methods(["GET"])
def suggestions(request: SignedInRequest, code: str) -> HttpResponse:
    """Those of a unit and below it, adopted ones counted; who leads sees who made them, everybody sees what was adopted."""
    unit = unit_for(request.user, code, VIEW_SCORECARD)
    may_lead = holds(request.user, LEAD_STAFF, unit)
    search = SearchForm(request.GET)
    found = selectors.of_unit(unit, search.words(), only_adopted=not may_lead)
    if wants_workbook(request):
        return workbook_answer(f"suggestions-{unit.code}", *selectors.suggestion_sheet(found[:MOST_ROWS], named=may_lead))
    context = {"unit": unit, "page": search.page_of(found), "q": search.words(), "may_lead": may_lead, "sums": selectors.sums(unit)}
    return render(request, "staff/suggestion/index.html", context)


@needs(LEAD_STAFF)
@require_http_methods(["GET", "POST"])
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    suggestion = suggestion_for(request.user, pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        adopted = form.cleaned_data["verdict"] == "adopt"
        try:
            service.answer(actor=request.user, suggestion=suggestion, adopted=adopted, text=form.cleaned_data["answer"], now=timezone.now())
        except ScorecardError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Answered; the officer is told."))
            return redirect("staff:suggestions", code=suggestion.unit.code)
    return render(request, "staff/suggestion/answer.html", {"suggestion": suggestion, "form": form, "unit": suggestion.unit})
