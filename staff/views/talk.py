"""Performance talks of an officer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organisation.access import leads
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs, signed_in
from scorecards.errors import ScorecardError
from scorecards.views.decision import telling
from staff.access import improvement_for, led_for, officer_for, own_talk_for, reach_of, talk_for, talk_of_two_for, unit_of
from staff.forms.talk import ChiefForm, ImprovementForm, OfficerForm, PlanForm, read_version
from staff.models import Talk
from staff.permissions import LEAD_STAFF, SEE_STAFF
from staff.selectors import talk as selectors
from staff.services import talk as service


@needs(SEE_STAFF)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST, by whoever leads her, plans one."""
    person = led_for(request.user, pk) if request.method == "POST" else officer_for(request.user, pk)
    form = PlanForm(request.POST or None, initial={"planned_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        made = service.plan(actor=request.user, person=person, unit=unit_of(person), now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Planned; the officer is told."))
        return redirect("staff:talk", pk=made.pk)
    search = SearchForm(request.GET)
    own = person.pk == request.user.pk
    context = {
        "person": person,
        "own": own,
        "page": search.page_of(selectors.talks_of(person, reach_of(request.user, person))),
        "form": form,
    }
    may_lead = not own and leads(request.user, person.username, unit_of(person), LEAD_STAFF)
    context |= {"may_lead": may_lead, "open": list(selectors.improvements_open(person, reach_of(request.user, person)))}
    return render(request, "staff/talk/index.html", context)


@needs(SEE_STAFF)
@require_http_methods(["GET", "POST"])
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST keeps what the officer, or whoever leads her, says."""
    talk = talk_of_two_for(request.user, pk) if request.method == "POST" else talk_for(request.user, pk)
    form = _form(request, talk)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in form.Meta.fields}
        try:
            service.write(actor=request.user, talk=talk, version=form.cleaned_data["version"], fields=fields, now=timezone.now())
        except ScorecardError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:talk", pk=pk)
    return _answer(request, talk, form, None)


@signed_in
@require_POST
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    talk = own_talk_for(request.user, pk)
    with telling(request, _("Confirmed. The notes stay as they are.")):
        service.confirm(actor=request.user, talk=talk, version=read_version(request.POST), now=timezone.now())
    return redirect("staff:talk", pk=pk)


@needs(SEE_STAFF)
@require_POST
def improve(request: SignedInRequest, pk: int) -> HttpResponse:
    """One step more of the improvement plan."""
    talk = talk_of_two_for(request.user, pk)
    form = ImprovementForm(request.POST, measures=selectors.measures_of(talk))
    if form.is_valid():
        with telling(request):
            service.improve(actor=request.user, talk=talk, **form.cleaned_data)
        return redirect("staff:talk", pk=pk)
    return _answer(request, talk, _form(request, talk, fresh=True), form)


@needs(SEE_STAFF)
@require_POST
def finish(request: SignedInRequest, pk: int) -> HttpResponse:
    improvement = improvement_for(request.user, pk)
    with telling(request):
        service.finish(actor=request.user, improvement=improvement, today=timezone.localdate())
    return redirect("staff:talk", pk=improvement.talk_id)


def _form(request: SignedInRequest, talk: Talk, fresh: bool = False) -> Any:
    data = request.POST if request.method == "POST" and not fresh else None
    initial = {"version": talk.version}
    if talk.person_id == request.user.pk:
        return OfficerForm(data, instance=talk, initial=initial)
    return ChiefForm(data, instance=talk, initial=initial, today=timezone.localdate())


def _answer(request: SignedInRequest, talk: Talk, form: Any, step: ImprovementForm | None) -> HttpResponse:
    own = talk.person_id == request.user.pk
    may_lead = not own and leads(request.user, talk.person.username, talk.unit, LEAD_STAFF)
    context = {
        "talk": talk,
        "own": own,
        "may_lead": may_lead,
        "may_write": (own or may_lead) and talk.confirmed_at is None,
        "form": form,
        "step": step or ImprovementForm(measures=selectors.measures_of(talk)),
        "improvements": list(talk.improvements.all()),
    }
    return render(request, "staff/talk/detail.html", context)
