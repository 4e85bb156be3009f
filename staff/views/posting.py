"""Who holds which post, transfers, absences, and the hand-over of a section."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation.access import holds, leads, unit_for, units_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from organisation.views.download import MOST_ROWS, wants_workbook, workbook_answer
from scorecards.errors import ScorecardError
from scorecards.forms.assignment import HandOverForm
from staff.access import absence_for, led_for, officer_for, posting_for, unit_of
from staff.errors import SamePost, WrongPost
from staff.forms.posting import AbsenceForm, AppointForm, EndForm, LettersForm
from staff.permissions import CASCADE, LEAD_STAFF, SEE_STAFF
from staff.selectors import posting as selectors
from staff.selectors import section as section_people
from staff.services import posting as service
from staff.services import section


@needs(CASCADE)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest, code: str) -> HttpResponse:
    """POST puts somebody into a post, from elsewhere too."""
    unit, today = unit_for(request.user, code, CASCADE), timezone.localdate()
    units = list(units_for(request.user, CASCADE).filter(paths_up__above=unit).order_by("code"))
    offered: dict[str, Any] = {"units": units, "posts": selectors.posts_below(unit)}
    offered |= {
        "people": selectors.people_for(units_for(request.user, CASCADE)),
        "suggestions": reverse("staff:posting-people", args=[code]),
    }
    form = AppointForm(request.POST or None, initial={"unit": unit.code, "from_date": today}, **offered)
    if request.method == "POST" and form.is_valid():
        try:
            service.appoint(actor=request.user, **form.cleaned_data)
        except ScorecardError as refusal:
            form.add_error("post" if isinstance(refusal, WrongPost | SamePost) else "from_date", str(refusal))
        else:
            messages.success(request, _("Appointed. Give the post's template to make the scorecard."))
            return redirect("staff:postings", code=code)
    search = SearchForm(request.GET)
    found = selectors.matching(selectors.now_and_later(unit, today), search.words())
    if wants_workbook(request):
        return workbook_answer(f"postings-{unit.code}", *selectors.sheet(found[:MOST_ROWS]))
    page = search.page_of(found)
    context = {"unit": unit, "form": form, "page": page, "q": search.words(), "today": today}
    return render(request, "staff/posting/index.html", context)


@needs(CASCADE)
@require_safe
def people(request: SignedInRequest, code: str) -> HttpResponse:
    """Whom the letters typed so far may mean, for the field of the staff number."""
    unit_for(request.user, code, CASCADE)
    form = LettersForm(request.GET)
    found = selectors.people_like(units_for(request.user, CASCADE), form.cleaned_data["person"]) if form.is_valid() else []
    return render(request, "staff/posting/people.html", {"people": found})


@needs(CASCADE)
@require_http_methods(["GET", "POST"])
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST ends the service, corrects its last day, or takes back what has not begun."""
    posting, today = posting_for(request.user, pk), timezone.localdate()
    begun = posting.from_date <= today
    form = EndForm(request.POST or None, initial={"last_day": posting.until_date or today})
    if request.method == "POST" and form.is_valid():
        try:
            service.end(actor=request.user, posting=posting, today=today, **form.cleaned_data)
        except ScorecardError as refusal:
            form.add_error("last_day", str(refusal))
        else:
            told = _("The last day in the post is %(day)s.") % {"day": form.cleaned_data["last_day"].isoformat()}
            messages.success(request, told if begun else _("Taken back."))
            return redirect("staff:service", pk=posting.person_id)
    context = {"posting": posting, "unit": posting.unit, "form": form, "begun": begun, "today": today}
    return render(request, "staff/posting/end.html", context)


@needs(SEE_STAFF)
@require_http_methods(["GET", "POST"])
def absences(request: SignedInRequest, pk: int) -> HttpResponse:
    """The posts and absences of an officer; POST, by whoever leads her, adds an absence."""
    person = led_for(request.user, pk) if request.method == "POST" else officer_for(request.user, pk)
    today = timezone.localdate()
    form = AbsenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service.be_away(actor=request.user, person=person, today=today, **form.cleaned_data)
        except ScorecardError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Noted. These days count neither for nor against."))
            return redirect("staff:service", pk=pk)
    search = SearchForm(request.GET)
    own = person.pk == request.user.pk
    postings = list(selectors.of_person(person))
    context: dict[str, Any] = {"person": person, "own": own, "form": form, "postings": postings, "q": ""}
    context |= {
        "page": search.page_of(selectors.absences_of(person)),
        "may_lead": not own and leads(request.user, person.username, unit_of(person), LEAD_STAFF),
        "may_cascade": bool(postings) and holds(request.user, CASCADE, postings[0].unit),
    }
    return render(request, "staff/posting/service.html", context)


@needs(LEAD_STAFF)
@require_POST
def come_back(request: SignedInRequest, pk: int) -> HttpResponse:
    absence = absence_for(request.user, pk)
    service.come_back(actor=request.user, absence=absence)
    messages.success(request, _("Taken back."))
    return redirect("staff:service", pk=absence.person_id)


@needs(CASCADE)
@require_http_methods(["GET", "POST"])
def hand_over(request: SignedInRequest, code: str) -> HttpResponse:
    """Everything that one leader does in a section goes to another."""
    unit, today = unit_for(request.user, code, CASCADE), timezone.localdate()
    offered = {"givers": section_people.givers(unit), "takers": section_people.takers(unit, today)}
    form = HandOverForm(request.POST or None, **offered)
    if request.method == "POST" and form.is_valid():
        try:
            done = section.hand_over(actor=request.user, unit=unit, today=today, now=timezone.now(), **form.cleaned_data)
        except ScorecardError as refusal:
            form.add_error(None, str(refusal))
        else:
            told = {"measures": done.measures, "talks": done.talks}
            messages.success(request, _("Handed over: %(measures)d measures, %(talks)d planned talks.") % told)
            return redirect("staff:team", code=code)
    return render(request, "staff/posting/hand_over.html", {"unit": unit, "form": form})
