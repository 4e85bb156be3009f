"""Giving an approved version to other units."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisation.access import units_for
from organisation.permissions import SignedInRequest, needs
from organisation.selectors.unit import codes_below
from scorecards.access import version_for
from scorecards.choices import VersionState
from scorecards.forms.template import GiveForm
from scorecards.models import Month
from scorecards.permissions import EDIT_STRATEGY
from scorecards.selectors import setup
from scorecards.selectors import template as selectors
from scorecards.services import template as service


@needs(EDIT_STRATEGY)
@require_http_methods(["GET", "POST"])
def give(request: SignedInRequest, pk: int) -> HttpResponse:
    """First what it would change in each unit, then, confirmed, a draft for each."""
    version = version_for(request.user, pk, EDIT_STRATEGY)
    if version.state != VersionState.APPROVED:
        return redirect("scorecards:version", pk=pk)
    reach = {unit.code: unit for unit in units_for(request.user, EDIT_STRATEGY).exclude(pk=version.unit_id).select_related("parent")}
    next_month = (Month.of_day(timezone.localdate()) + 1).within(version.year)
    form = GiveForm(
        request.POST or None,
        initial={"from_month": str(next_month)},
        months=setup.months_of(version.year),
        document=version.document,
        reach=reach,
        below=codes_below(list(reach.values()), version.unit),
    )
    previews, given = [], []
    if request.method == "POST" and form.is_valid():
        units = form.cleaned_data["units"]
        if "confirm" in request.POST:
            told = {"units": units, "from_month": form.month, "locked": form.locks(), "reason": form.cleaned_data["reason"]}
            given = service.give(actor=request.user, template=version, now=timezone.now(), **told)
            begun = sum(one.version is not None for one in given)
            if begun:
                messages.success(request, _("%(number)d drafts begun.") % {"number": begun})
        else:
            previews = selectors.previews(version, units, form.month)
    copies = list(selectors.copies(version))
    context = {"version": version, "unit": version.unit, "form": form, "previews": previews, "given": given, "copies": copies}
    return render(request, "scorecards/template/give.html", context)
