"""How it is told what became of an act, and how a decision about somebody else's request is taken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.permissions import SignedInRequest
from scorecards.errors import ScorecardError
from scorecards.forms.decision import DecisionForm


@contextmanager
def telling(request: SignedInRequest, done: str = "") -> Iterator[None]:
    """On the next page: the sentence of what was done, or why it was refused."""
    try:
        yield
    except ScorecardError as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)


def decide(request: SignedInRequest, service: Callable[..., None], approved: str) -> None:
    """Read the decision, have the service take it, and tell how it went. approved: the sentence where it was approved."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return
    with telling(request, approved if form.cleaned_data["approve"] else _("Refused.")):
        service(actor=request.user, now=timezone.now(), **form.cleaned_data)
