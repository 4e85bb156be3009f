"""Trying other weights, targets and bands on past months before they are adopted."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisation.access import units_for
from organisation.models import Unit
from organisation.permissions import SignedInRequest, needs
from scorecards.access import scorecard_for
from scorecards.assembly.whatif import Effects, Scores, effects
from scorecards.forms.whatif import WhatIfForm, initial_of
from scorecards.models import Month, Scorecard
from scorecards.permissions import EDIT_SCORECARD, VIEW_SCORECARD
from scorecards.selectors import setup
from scorecards.selectors.document import document_of
from scorecards.selectors.target import out_of_size
from scorecards.services.sandbox import trying
from scorecards.views import place
from scorecards.views.redefinition import is_saved


@needs(EDIT_SCORECARD)
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    card = scorecard_for(request.user, code, year, EDIT_SCORECARD)
    month, _window = place.asked(request, card.unit, year)
    document = document_of(card)
    initial = initial_of(document, card.version, month if month.year == year else Month.of(year, 12))
    form = WhatIfForm(request.POST or None, initial=initial, document=document, months=setup.months_of(year))
    found: Effects | None = None
    far: list[str] = []
    if request.method == "POST" and form.is_valid():
        wanted = request.POST.get("action") == "adopt"
        if wanted and form.is_tried and is_saved(request, card, form, form.trial(Month.parse(form.cleaned_data["since"]))):
            messages.success(request, _("Adopted. The scores are being computed anew."))
            return redirect("scorecards:what-if", code=code, year=year)
        if wanted and not form.is_tried:
            messages.warning(request, _("Nothing is adopted yet: what is typed had not been tried. This is what it would change."))
        found, far = _try(card, form, timezone.localdate(), units_for(request.user, VIEW_SCORECARD))
        form.note_trial()
    nodes = [
        (level, node, form[f"weight {key}"], form[f"points {key}"] if f"points {key}" in form.fields else None)
        for key, level, node in form.nodes
    ]
    bands = sum(effect.other_band for effect in found.rows) if found else 0
    context = {"card": card, "form": form, "nodes": nodes, "effects": found, "bands": bands, "month": month, "far": far}
    return render(request, "scorecards/whatif/edit.html", context)


def _try(card: Scorecard, form: WhatIfForm, today: date, units: "QuerySet[Unit]") -> tuple[Effects, list[str]]:
    """What would change, and the measures whose targets would be far from the size of their values."""
    trial, before = form.trial(None), out_of_size(card)
    far: list[str] = []

    def after(score: Callable[[], Scores]) -> Scores:
        with trying([trial]):
            far.extend(name for name in out_of_size(card) if name not in before)
            return score()

    return effects(card, Month.parse(form.cleaned_data["period"]), form.cleaned_data["window"], today, units, after), far
