"""An officer's own scorecard: for the officer, and for whoever leads or reviews her."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organisation.access import holds, leads
from organisation.models import Unit, User
from organisation.permissions import SignedInRequest, needs
from scorecards.choices import Window
from scorecards.forms.period import PeriodForm
from scorecards.models import Month
from scorecards.permissions import VERIFY_READING, VIEW_STAFF
from scorecards.selectors.score import latest_period
from scorecards.selectors.text import month_text
from scorecards.views import place
from staff.access import card_for, officer_for, unit_of
from staff.assembly.card import card_page
from staff.permissions import LEAD_STAFF, SEE_STAFF
from staff.selectors.agreement import people_of


@needs(SEE_STAFF)
@require_safe
def me(request: SignedInRequest) -> HttpResponse:
    return _answer(request, request.user, reverse("staff:me"))


@needs(SEE_STAFF)
@require_safe
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    officer = officer_for(request.user, pk)
    return _answer(request, officer, reverse("staff:person", args=[pk]))


@needs(SEE_STAFF)
@require_safe
def card(request: SignedInRequest, pk: int) -> HttpResponse:
    """To the page of the officer whose scorecard it is, in a month of its year; to its own sheet where she has moved out of reach."""
    found = card_for(request.user, pk)
    officer = people_of([found]).get(found.officer)
    month = request.GET.get("month") or str(latest_period(None, found.year, found.officer) or Month.of(found.year, 12))
    page = reverse("scorecards:derivation", args=[found.address, found.year])
    if officer is not None and officer.pk == request.user.pk:
        page = reverse("staff:me")
    elif officer is not None and holds(request.user, VIEW_STAFF, unit_of(officer)):
        page = reverse("staff:person", args=[officer.pk])
    return redirect(f"{page}?{urlencode({'month': month})}")


@needs(SEE_STAFF)
@require_safe
def explanation(request: SignedInRequest, pk: int) -> HttpResponse:
    """How one score came out of the parts of the period."""
    officer = officer_for(request.user, pk)
    period, window = _asked(request, officer)
    page = card_page(officer, period, window, timezone.localdate(), request.user)
    context = {"page": page, "own": officer.pk == request.user.pk, "place": place.on_query(None, period, window, "", request.path)}
    return render(request, "staff/card/explanation.html", context)


def _asked(request: SignedInRequest, officer: User) -> tuple[Month, str]:
    form = PeriodForm(request.GET)
    form.is_valid()
    period = form.cleaned_data.get("month") or latest_period(None, officer=officer.username) or Month.of_day(timezone.localdate()) - 1
    return period, form.cleaned_data.get("window") or Window.YEAR


def _answer(request: SignedInRequest, officer: User, path: str) -> HttpResponse:
    period, window = _asked(request, officer)
    own = officer.pk == request.user.pk
    page = card_page(officer, period, window, timezone.localdate(), request.user)
    unit: Unit | None = page.card.unit if page.card else None if own else unit_of(officer)
    context = {
        "page": page,
        "own": own,
        "may_lead": not own and unit is not None and leads(request.user, officer.username, unit, LEAD_STAFF),
        "may_verify": not own and unit is not None and leads(request.user, officer.username, unit, VERIFY_READING),
        "unit": unit,
        "place": place.on_query(None, period, window, "", path),
        "query": urlencode({"month": str(period), "window": window}),
        "month_text": month_text(period),
    }
    return render(request, "staff/card/detail.html", context)
