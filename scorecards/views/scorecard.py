"""Scorecards for their administrator: the list, perspectives, weights, history."""

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation.access import units_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from organisation.selectors import history as organisation_history
from scorecards.access import scorecard_for
from scorecards.errors import ScorecardError
from scorecards.forms.scorecard import PerspectiveForm, SinceForm, WeightsForm, total_fault
from scorecards.models import Month, Scorecard
from scorecards.permissions import EDIT_SCORECARD, VIEW_HISTORY
from scorecards.selectors import setup as selectors
from scorecards.selectors.text import input_text
from scorecards.services import scorecard as service

PerspectiveForms = formset_factory(PerspectiveForm, extra=0)


@needs(EDIT_SCORECARD)
@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    search = SearchForm(request.GET)
    page = search.page_of(selectors.scorecards(units_for(request.user, EDIT_SCORECARD), search.words()))
    return render(request, "scorecards/scorecard/list.html", {"page": page, "q": search.words()})


@needs(EDIT_SCORECARD)
@require_http_methods(["GET", "POST"])
def perspectives(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    card = scorecard_for(request.user, code, year, EDIT_SCORECARD)
    month = _running_month(card)
    rows = selectors.perspectives_with_weights(card, month)
    since = _since_form(request, card, month)
    forms = PerspectiveForms(request.POST or None, initial=_initial(rows), prefix="perspective")
    fault = ""
    if request.method == "POST" and since.is_valid() and forms.is_valid() and len(forms.forms) == len(rows):
        fault = total_fault([form.cleaned_data["weight"] for form in forms])
        fault = fault or _save_perspectives(request, card, since, rows, forms)
        if not fault:
            messages.success(request, _("Saved. The scores are being computed anew."))
            return redirect("scorecards:perspective-edit", code=code, year=year)
    rows_with_forms = list(zip([node for node, _weight in rows], forms.forms, strict=False))
    context = {"card": card, "since": since, "forms": forms, "rows": rows_with_forms, "fault": fault}
    return render(request, "scorecards/scorecard/perspectives.html", context)


@needs(EDIT_SCORECARD)
@require_http_methods(["GET", "POST"])
def weights(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    card = scorecard_for(request.user, code, year, EDIT_SCORECARD)
    month = _running_month(card)
    groups = selectors.weight_groups(card, month)
    since = _since_form(request, card, month)
    form = WeightsForm(request.POST or None, groups=groups)
    fault = ""
    if request.method == "POST" and since.is_valid() and form.is_valid():
        wanted = {node.node: form.cleaned_data[node.key] for node in form.nodes}
        try:
            service.set_weights(
                actor=request.user, scorecard=card, version=since.cleaned_data["version"], weights=wanted, since=since.month
            )
        except ScorecardError as refusal:
            fault = str(refusal)
        else:
            messages.success(request, _("Saved. The scores are being computed anew."))
            return redirect("scorecards:weight-edit", code=code, year=year)
    shown = [(group, [form[node.key] for node in group.nodes]) for group in groups]
    return render(
        request, "scorecards/scorecard/weights.html", {"card": card, "since": since, "form": form, "groups": shown, "fault": fault}
    )


@needs(VIEW_HISTORY)
@require_safe
def history(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    card = scorecard_for(request.user, code, year, VIEW_HISTORY)
    page = SearchForm(request.GET).page_of(selectors.history(card))
    context = {"card": card, "page": page, "lines": organisation_history.lines(page.object_list)}
    return render(request, "scorecards/scorecard/history.html", context)


def _running_month(card: Scorecard) -> Month:
    """This month in the scorecard's year, its January before, its December after."""
    today = Month.of_day(timezone.localdate())
    return min(max(today, Month.of(card.year, 1)), Month.of(card.year, 12))


def _since_form(request: SignedInRequest, card: Scorecard, month: Month) -> SinceForm:
    initial = {"version": card.version, "since": str(month)}
    return SinceForm(request.POST or None, initial=initial, months=selectors.months_of(card.year))


def _initial(rows: list[Any]) -> list[dict[str, Any]]:
    return [
        {"position": i, "name": node.name, "name_zh": node.name_zh, "weight": input_text(weight)}
        for i, (node, weight) in enumerate(rows, start=1)
    ]


def _save_perspectives(request: SignedInRequest, card: Scorecard, since: SinceForm, rows: list[Any], forms: BaseFormSet) -> str:  # type: ignore[type-arg]
    wanted = [(form.cleaned_data, node) for form, (node, _weight) in zip(forms, rows, strict=True)]
    changes = [
        service.PerspectiveChange(node, typed["name"], typed["name_zh"], typed["weight"])
        for typed, node in sorted(wanted, key=lambda pair: pair[0]["position"])
    ]
    try:
        service.edit_perspectives(
            actor=request.user, scorecard=card, version=since.cleaned_data["version"], changes=changes, since=since.month
        )
    except ScorecardError as refusal:
        return str(refusal)
    return ""
