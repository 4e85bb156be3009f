"""How a decision about somebody else's request is taken and told."""

from collections.abc import Callable

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.permissions import SignedInRequest
from scorecards.errors import ScorecardError
from scorecards.forms.decision import DecisionForm


def decide(request: SignedInRequest, service: Callable[..., None], approved: str) -> None:
    """Read the decision, have the service take it, and tell how it went. approved: the sentence where it was approved."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return
    try:
        service(actor=request.user, now=timezone.now(), **form.cleaned_data)
    except ScorecardError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, approved if form.cleaned_data["approve"] else _("Refused."))
