"""Scorecards for their administrator: the list, perspectives, weights, history."""

from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation.access import units_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from organisation.selectors import history as organisation_history
from scorecards.access import scorecard_for
from scorecards.errors import ScorecardError
from scorecards.forms.rulebook import RulesForm
from scorecards.forms.rulebook import initial_of as rules_of
from scorecards.forms.scorecard import PerspectiveForm, SinceForm, WeightsForm, perspectives_fault
from scorecards.models import Month, Perspective, Scorecard
from scorecards.permissions import EDIT_SCORECARD, VIEW_HISTORY
from scorecards.selectors import setup as selectors
from scorecards.selectors.document import document_of
from scorecards.selectors.text import input_text, month_text
from scorecards.services import scorecard as service
from scorecards.views.redefinition import is_saved

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
    month = _month(request, card)
    rows = selectors.perspectives_with_weights(card, month)
    since = _since_form(request, card, month)
    forms = PerspectiveForms(request.POST or None, initial=_initial(rows), prefix="perspective")
    fault = ""
    if request.method == "POST" and since.is_valid() and forms.is_valid():
        typed = [form.cleaned_data for form in forms]
        fault = perspectives_fault(typed) or _save_perspectives(request, card, since, rows, typed)
        if not fault:
            return _saved("scorecards:perspective-edit", card, since)
    nodes = {str(node.pk): node for node, _weight in rows}
    rows_with_forms = [(nodes.get(str(form["node"].value())), form) for form in forms]
    context = {"card": card, "since": since, "forms": forms, "rows": rows_with_forms, "fault": fault}
    context["planned"] = selectors.planned(card, month)
    return render(request, "scorecards/scorecard/perspectives.html", context)


@needs(EDIT_SCORECARD)
@require_http_methods(["GET", "POST"])
def weights(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    card = scorecard_for(request.user, code, year, EDIT_SCORECARD)
    month = _month(request, card)
    groups = selectors.weight_groups(card, month)
    since = _since_form(request, card, month)
    form = WeightsForm(request.POST or None, groups=groups)
    fault = ""
    if request.method == "POST" and since.is_valid() and form.is_valid():
        wanted = [{node.node: form.cleaned_data[node.key] for node in group.nodes} for group in groups if _is_changed(form, group)]
        version = since.cleaned_data["version"]
        try:
            planned = service.set_weights(actor=request.user, scorecard=card, version=version, groups=wanted, since=since.month)
        except ScorecardError as refusal:
            fault = _explain(refusal, card, since)
        else:
            _tell(request, planned)
            return _saved("scorecards:weight-edit", card, since)
    shown = [(group, [form[node.key] for node in group.nodes]) for group in groups]
    context = {"card": card, "since": since, "form": form, "groups": shown, "fault": fault, "planned": selectors.planned(card, month)}
    return render(request, "scorecards/scorecard/weights.html", context)


@needs(EDIT_SCORECARD)
@require_http_methods(["GET", "POST"])
def rules(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    card = scorecard_for(request.user, code, year, EDIT_SCORECARD)
    document = document_of(card)
    form = RulesForm(request.POST or None, initial=rules_of(document, card.version), document=document)
    if request.method == "POST" and form.is_valid() and is_saved(request, card, form, form.changed):
        messages.success(request, _("Saved. The scores are being computed anew."))
        return redirect("scorecards:rules-edit", code=code, year=year)
    return render(request, "scorecards/scorecard/rules.html", {"card": card, "form": form})


@needs(VIEW_HISTORY)
@require_safe
def history(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    card = scorecard_for(request.user, code, year, VIEW_HISTORY)
    page = SearchForm(request.GET).page_of(selectors.history(card))
    context = {"card": card, "page": page, "lines": organisation_history.lines(page.object_list)}
    return render(request, "scorecards/scorecard/history.html", context)


def _month(request: SignedInRequest, card: Scorecard) -> Month:
    """The month asked for, whose weights are shown; else this month, kept within the scorecard's year."""
    asked = request.GET.get("since", "")
    wanted = Month.parse(asked) if asked in dict(selectors.months_of(card.year)) else Month.of_day(timezone.localdate())
    return min(max(wanted, Month.of(card.year, 1)), Month.of(card.year, 12))


def _since_form(request: SignedInRequest, card: Scorecard, month: Month) -> SinceForm:
    initial = {"version": card.version, "since": str(month)}
    return SinceForm(request.POST or None, initial=initial, months=selectors.months_of(card.year))


def _initial(rows: list[Any]) -> list[dict[str, Any]]:
    return [
        {"node": node.pk, "position": i, "name": node.name, "name_zh": node.name_zh, "weight": input_text(weight)}
        for i, (node, weight) in enumerate(rows, start=1)
    ]


def _save_perspectives(
    request: SignedInRequest, card: Scorecard, since: SinceForm, rows: list[tuple[Perspective, float]], typed: list[dict[str, Any]]
) -> str:
    nodes = {node.pk: node for node, _weight in rows}
    if {row["node"] for row in typed} != set(nodes):
        raise Http404
    ordered = sorted(typed, key=lambda row: row["position"])
    changes = [service.PerspectiveChange(nodes[row["node"]], row["name"], row["name_zh"]) for row in ordered]
    weights: dict[service.Node, float] = {nodes[row["node"]]: row["weight"] for row in typed}
    changed = {} if weights == dict(rows) else weights
    version = since.cleaned_data["version"]
    try:
        planned = service.edit_perspectives(
            actor=request.user, scorecard=card, version=version, changes=changes, weights=changed, since=since.month
        )
    except ScorecardError as refusal:
        return _explain(refusal, card, since)
    _tell(request, planned)
    return ""


def _tell(request: SignedInRequest, planned: Month | None) -> None:
    messages.success(request, _("Saved. The scores are being computed anew."))
    if planned is not None:
        messages.info(request, _("From %(month)s on, the weights hold that were planned for then.") % {"month": month_text(planned)})


def _is_changed(form: WeightsForm, group: selectors.WeightGroup) -> bool:
    """Whether a weight of the group differs from what the page showed; the others keep what is planned for them."""
    return any(input_text(form.cleaned_data[node.key]) != node.weight for node in group.nodes)


def _saved(page: str, card: Scorecard, since: SinceForm) -> HttpResponse:
    """Back to the page, at the month from which the weights hold."""
    return redirect(f"{reverse(page, args=[card.unit.code, card.year])}?since={since.month}")


def _explain(refusal: ScorecardError, card: Scorecard, since: SinceForm) -> str:
    """The refusal's words; the form takes the newer version, so that saving again is a choice."""
    since.take_version(selectors.version_of(card))
    return str(refusal)
