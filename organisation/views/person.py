"""People and their roles, for the system and the security administrator."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation.access import may, membership_for, people_for, person_for, person_within, units_for
from organisation.errors import OrganisationError, OutOfDate
from organisation.forms.person import PasswordForm, PersonEditForm, PersonForm, RoleForm
from organisation.forms.search import SearchForm
from organisation.models import User
from organisation.permissions import EDIT_PERSON, GRANT_ROLE, VIEW_ORGANISATION, SignedInRequest, needs
from organisation.selectors import history
from organisation.selectors import person as selectors
from organisation.services import membership as roles
from organisation.services import person as service


@needs(VIEW_ORGANISATION)
@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    search = SearchForm(request.GET)
    page = search.page_of(selectors.matching(people_for(request.user, VIEW_ORGANISATION), search.words()))
    return render(request, "organisation/person/list.html", {"page": page, "q": search.words(), "may_add": may(request.user, EDIT_PERSON)})


@needs(EDIT_PERSON)
@require_http_methods(["GET", "POST"])
def create(request: SignedInRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = service.create_person(actor=request.user, **form.cleaned_data)
        except OrganisationError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("%(name)s is there now. A security administrator gives the roles.") % {"name": person.label})
            return redirect("organisation:person-list")
    return render(request, "organisation/person/create.html", {"form": form})


@needs(VIEW_ORGANISATION)
@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    person = person_for(request.user, pk, VIEW_ORGANISATION)
    return _page(request, person)


@needs(EDIT_PERSON)
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    person = person_within(request.user, pk, EDIT_PERSON)
    if request.method == "GET":
        return redirect("organisation:person", pk=pk)
    form = PersonEditForm(request.POST)
    if form.is_valid():
        try:
            service.edit_person(actor=request.user, person=person, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("organisation:person", pk=pk)
        except OrganisationError as refusal:
            form.add_error(refusal.field or None, str(refusal))
            if isinstance(refusal, OutOfDate):
                person.refresh_from_db()
                form.take_version(person.version)
    return _page(request, person, form=form)


@needs(EDIT_PERSON)
@require_http_methods(["GET", "POST"])
def password(request: SignedInRequest, pk: int) -> HttpResponse:
    person = person_within(request.user, pk, EDIT_PERSON)
    if request.method == "GET":
        return redirect("organisation:person", pk=pk)
    form = PasswordForm(request.POST)
    if form.is_valid():
        service.set_password(actor=request.user, person=person, password=form.cleaned_data["password"])
        messages.success(request, _("The password is set. %(name)s changes it at the next sign-in.") % {"name": person.label})
        return redirect("organisation:person", pk=pk)
    return _page(request, person, password_form=form)


@needs(GRANT_ROLE)
@require_http_methods(["GET", "POST"])
def grant(request: SignedInRequest, pk: int) -> HttpResponse:
    person = person_for(request.user, pk, GRANT_ROLE)
    if request.method == "GET":
        return redirect("organisation:person", pk=pk)
    form = RoleForm(request.POST, units=units_for(request.user, GRANT_ROLE))
    if form.is_valid():
        try:
            roles.grant_role(actor=request.user, person=person, **form.cleaned_data)
            messages.success(request, _("The role is given."))
            return redirect("organisation:person", pk=pk)
        except OrganisationError as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return _page(request, person, role_form=form)


@needs(GRANT_ROLE)
@require_POST
def end_role(request: SignedInRequest, pk: int) -> HttpResponse:
    membership = membership_for(request.user, pk, GRANT_ROLE)
    try:
        roles.end_role(actor=request.user, membership=membership, today=timezone.localdate())
        messages.success(request, _("The role is ended."))
    except OrganisationError as refusal:
        messages.error(request, str(refusal))
    return redirect("organisation:person", pk=membership.user_id)


def _page(
    request: SignedInRequest,
    person: User,
    *,
    form: PersonEditForm | None = None,
    password_form: PasswordForm | None = None,
    role_form: RoleForm | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    initial = {"version": person.version, "name": person.name, "name_zh": person.name_zh, "is_active": person.is_active}
    may_edit, may_grant = _may_edit(request, person), may(request.user, GRANT_ROLE)
    context = {
        "person": person,
        "today": today,
        "roles": list(selectors.roles_of(person)),
        "history": history.of(person),
        "form": (form or PersonEditForm(initial=initial)) if may_edit else None,
        "password_form": (password_form or PasswordForm()) if may_edit else None,
        "role_form": (role_form or RoleForm(units=units_for(request.user, GRANT_ROLE), initial={"from_date": today}))
        if may_grant
        else None,
    }
    return render(request, "organisation/person/detail.html", context)


def _may_edit(request: SignedInRequest, person: User) -> bool:
    try:
        person_within(request.user, person.pk, EDIT_PERSON)
    except (PermissionDenied, Http404):
        return False
    return True
