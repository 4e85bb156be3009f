"""Units, for the system administrator."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation.access import unit_for, units_for
from organisation.errors import OrganisationError, OutOfDate
from organisation.forms.search import SearchForm
from organisation.forms.unit import UnitForm
from organisation.models import Unit
from organisation.permissions import EDIT_UNIT, VIEW_ORGANISATION, SignedInRequest, needs
from organisation.selectors import history
from organisation.selectors import unit as selectors
from organisation.services import unit as service


@needs(VIEW_ORGANISATION)
@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    search = SearchForm(request.GET)
    page = search.page_of(selectors.for_setup(units_for(request.user, VIEW_ORGANISATION), search.words()))
    return render(request, "organisation/unit/list.html", {"page": page, "q": search.words()})


@needs(EDIT_UNIT)
@require_http_methods(["GET", "POST"])
def create(request: SignedInRequest) -> HttpResponse:
    form = UnitForm(request.POST or None, parents=units_for(request.user, EDIT_UNIT))
    if request.method == "POST" and form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            unit = service.create_unit(actor=request.user, **fields)
        except OrganisationError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("The unit %(name)s is there now.") % {"name": unit.label})
            return redirect("organisation:unit-list")
    return render(request, "organisation/unit/edit.html", {"form": form, "unit": None})


@needs(EDIT_UNIT)
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, EDIT_UNIT)
    form = UnitForm(request.POST or None, instance=unit, parents=units_for(request.user, EDIT_UNIT))
    if request.method == "POST" and form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "code"}
        try:
            service.edit_unit(actor=request.user, unit=unit, **fields)
        except OrganisationError as refusal:
            form.add_error(refusal.field or None, str(refusal))
            if isinstance(refusal, OutOfDate):
                form.take_version(Unit.objects.get(pk=unit.pk).version)
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation:unit-list")
    return render(request, "organisation/unit/edit.html", {"form": form, "unit": unit, "history": history.of(unit)})
