"""Who stands in for the person who is signed in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organisation.access import delegation_for
from organisation.errors import OrganisationError
from organisation.forms.delegation import DelegationForm
from organisation.permissions import SignedInRequest, signed_in
from organisation.selectors import delegation as selectors
from organisation.services import delegation as service


@signed_in
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    form = DelegationForm(request.POST or None, colleagues=selectors.colleagues(request.user), initial={"from_date": today})
    if request.method == "POST" and form.is_valid():
        try:
            service.delegate(actor=request.user, **form.cleaned_data)
        except OrganisationError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation:delegation")
    form.fields["deputy"].choices = list(form.fields["deputy"].choices)  # type: ignore[attr-defined]
    return render(request, "organisation/delegation.html", {"form": form, "rows": list(selectors.own(request.user, today))})


@signed_in
@require_POST
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    service.take_back(actor=request.user, delegation=delegation_for(request.user, pk))
    messages.success(request, _("Saved."))
    return redirect("organisation:delegation")
