"""Verifying what others have entered."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from organisation.permissions import SignedInRequest, needs
from scorecards.access import owner_for, scorecard_for
from scorecards.assembly.verification import verification_page
from scorecards.errors import ScorecardError
from scorecards.forms.period import read_month
from scorecards.forms.reading import VerdictForm
from scorecards.permissions import VERIFY_READING
from scorecards.selectors.entry import default_entry_month
from scorecards.services import verification as service
from scorecards.views import place


@needs(VERIFY_READING)
@require_safe
def now(request: SignedInRequest, code: str) -> HttpResponse:
    """The month that is being entered today."""
    owner = owner_for(request.user, code, VERIFY_READING)
    month = default_entry_month(owner.unit, timezone.localdate(), owner.officer)
    return redirect("scorecards:verification", code=code, month=str(month))


@needs(VERIFY_READING)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest, code: str, month: str) -> HttpResponse:
    """POST verifies or returns the chosen values."""
    at = read_month(month)
    owner = owner_for(request.user, code, VERIFY_READING)
    page = verification_page(owner.unit, at, timezone.localdate(), request.user.pk, owner.officer)
    form = VerdictForm(request.POST or None, offered=[row.seen for row in page.rows] if page else [])
    if request.method == "POST" and page and form.is_valid():
        card = scorecard_for(request.user, code, at.year, VERIFY_READING)
        told = {"actor": request.user, "scorecard": card, "month": at, "seen": form.versions, "now": timezone.now()}
        try:
            if form.cleaned_data["verdict"] == "verify":
                number = service.verify(**told)
                sentence = ngettext("%(n)d value is verified.", "%(n)d values are verified.", number)
            else:
                number = service.send_back(**told, reason=form.cleaned_data["reason"])
                sentence = ngettext(
                    "%(n)d value is returned; it no longer counts.", "%(n)d values are returned; they no longer count.", number
                )
        except ScorecardError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, sentence % {"n": number})
        return redirect("scorecards:verification", code=code, month=str(at))
    faults = [error for errors in form.errors.values() for error in errors]
    context = {"unit": owner.unit, "page": page, "form": form, "faults": faults, "chosen": set(request.POST.getlist("seen"))}
    return render(
        request, "scorecards/verification/index.html", {**context, "place": place.on_path(owner.unit, at, "scorecards:verification", code)}
    )
