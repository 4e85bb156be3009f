"""What a draft says, node by node: objectives, measures, weights."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organisation.access import units_for
from organisation.forms.search import SearchForm
from organisation.models.names import in_language
from organisation.permissions import SignedInRequest, needs
from scorecards.access import refused_contributors, version_for
from scorecards.errors import DocumentFaults, DraftChanged, ScorecardError
from scorecards.forms.measure import MeasureForm, initial_of
from scorecards.forms.objective import NewMeasureForm, ObjectiveForm
from scorecards.forms.objective import initial_of as objective_initial
from scorecards.forms.pair import PairForm, SeenForm, pairs_of
from scorecards.forms.version import seen_of
from scorecards.forms.weight import DraftWeightsForm, equal, siblings_of, weights_of
from scorecards.models import Version
from scorecards.permissions import EDIT_STRATEGY, VIEW_SCORECARD
from scorecards.selectors import catalogue as catalogue_selectors
from scorecards.selectors import map as map_selectors
from scorecards.selectors import setup
from scorecards.selectors.document import BLANK_MEASURE, Document, definition_of, each_measure, each_objective
from scorecards.selectors.scorecard import scorecard_of
from scorecards.selectors.theme import themes_of
from scorecards.selectors.version import outlook
from scorecards.services import map as service
from scorecards.services.document import dependency_faults
from scorecards.views.trial import preview_answer

NEW_ID = "new_%s"
PairForms = formset_factory(PairForm, extra=1, can_delete=True, max_num=40, absolute_max=45)


def _draft(request: SignedInRequest, pk: int) -> Version:
    version = version_for(request.user, pk, EDIT_STRATEGY)
    if not version.is_draft:
        raise Http404
    return version


@needs(EDIT_STRATEGY)
@require_http_methods(["GET", "POST"])
def objective_add(request: SignedInRequest, pk: int) -> HttpResponse:
    version = _draft(request, pk)
    lanes = map_selectors.lanes_of(version.document)
    form = ObjectiveForm(request.POST or None, initial={"seen": version.edits}, lanes=lanes, themes=themes_of(version.unit), fresh=True)
    if request.method == "POST" and form.is_valid():
        arguments = {"perspective": form.cleaned_data["perspective"], "fields": form.fields_of()}
        if _is_done(request, form, version, service.add_objective, **arguments):
            return redirect("scorecards:objective-edit", pk=pk, node=form.cleaned_data["code"])
    return render(request, "scorecards/objective/add.html", {"version": version, "unit": version.unit, "form": form})


@needs(EDIT_STRATEGY)
@require_http_methods(["GET", "POST"])
def objective_edit(request: SignedInRequest, pk: int, node: str) -> HttpResponse:
    version = _draft(request, pk)
    said = _objective(version, node)
    form = ObjectiveForm(
        request.POST or None, initial=objective_initial(said, version.edits), lanes=[], themes=themes_of(version.unit), fresh=False
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and _is_done(request, form, version, service.edit_objective, code=node, fields=form.fields_of())
    ):
        messages.success(request, _("Saved in the draft."))
        return redirect("scorecards:objective-edit", pk=pk, node=node)
    return _objective_page(request, version, said, form, NewMeasureForm(initial={"seen": version.edits}, auto_id=NEW_ID))


def _objective(version: Version, code: str) -> Document:
    found = next((one for _lane, one in each_objective(version.document) if one["code"] == code), None)
    if found is None:
        raise Http404
    return found


def _objective_page(request: SignedInRequest, version: Version, said: Document, form: ObjectiveForm, fresh: NewMeasureForm) -> HttpResponse:
    """The objective, its measures, and what the catalogue offers: of its own topic, until something else is searched for."""
    search = SearchForm(request.GET)
    offers = search.page_of(catalogue_selectors.offers(version.unit, search.words() or said["code"]))
    if not offers.object_list and not search.words():
        offers = search.page_of(catalogue_selectors.offers(version.unit, ""))
    context = {
        "version": version,
        "unit": version.unit,
        "form": form,
        "node": said,
        "fresh": fresh,
        "page": offers,
        "q": search.words(),
        "used": {measure["code"] for _path, measure in each_measure(version.document)},
        "is_locked": ["objective", said["code"]] in version.locked,
    }
    return render(request, "scorecards/objective/edit.html", context)


@needs(EDIT_STRATEGY)
@require_POST
def measure_add(request: SignedInRequest, pk: int, node: str) -> HttpResponse:
    """A new measure of an objective of the draft; its definition follows on its own page."""
    version = _draft(request, pk)
    said = _objective(version, node)
    form = NewMeasureForm(request.POST, auto_id=NEW_ID)
    if form.is_valid() and _is_done(
        request, form, version, service.add_measure, objective=node, measure={**BLANK_MEASURE, **form.measure()}
    ):
        return redirect("scorecards:draft-measure", pk=pk, node=form.cleaned_data["code"])
    page = ObjectiveForm(initial=objective_initial(said, version.edits), lanes=[], themes=themes_of(version.unit), fresh=False)
    return _objective_page(request, version, said, page, form)


@needs(EDIT_STRATEGY)
@require_POST
def measure_take(request: SignedInRequest, pk: int, node: str) -> HttpResponse:
    """A measure of the catalogue into an objective of the draft."""
    version = _draft(request, pk)
    offer = catalogue_selectors.offer(version.unit, request.POST.get("offer", ""))
    if offer is None:
        messages.error(request, _("The catalogue does not offer this measure any more."))
        return redirect("scorecards:objective-edit", pk=pk, node=node)
    measure = catalogue_selectors.measure_of(offer, version.from_month)
    arguments = {"actor": request.user, "version": version, "seen": seen_of(request.POST), "now": timezone.now()}
    try:
        service.add_measure(objective=node, measure=measure, **arguments)
    except ScorecardError as refusal:
        messages.error(request, str(refusal))
        return redirect("scorecards:objective-edit", pk=pk, node=node)
    return redirect("scorecards:draft-measure", pk=pk, node=measure["code"])


@needs(EDIT_STRATEGY)
@require_http_methods(["GET", "POST"])
def measure_edit(request: SignedInRequest, pk: int, node: str) -> HttpResponse:
    version = _draft(request, pk)
    objective, said = _measure(version, node)
    form = _measure_form(request, version, said)
    if request.method == "POST" and form.is_valid():
        form.add_faults(DocumentFaults(dependency_faults([form.changed])))
        if form.is_valid() and _is_replaced(request, form, version, "edit", node, form.changed, form.cleaned_data["version"]):
            messages.success(request, _("Saved in the draft."))
            return redirect("scorecards:draft-measure", pk=pk, node=node)
    codes = [(one["code"], in_language(one["name"], one["name_zh"])) for _path, one in each_measure(version.document)]
    context = {"version": version, "unit": version.unit, "form": form, "node": said, "objective": objective, "codes": codes}
    context |= {"is_locked": ["measure", node] in version.locked, "points": form.points_by_month()}
    return render(request, "scorecards/objective/measure.html", context)


@needs(EDIT_STRATEGY)
@require_POST
def measure_preview(request: SignedInRequest, pk: int, node: str) -> HttpResponse:
    """What the typed definition makes of the last 12 months, as a fragment; nothing of it is kept."""
    version = _draft(request, pk)
    _lane, said = _measure(version, node)
    return preview_answer(request, _measure_form(request, version, said, trying=True), version.unit, outlook(version).document)


def _measure(version: Version, code: str) -> tuple[Document, Document]:
    """The objective and the measure."""
    every = ((one, measure) for _lane, one in each_objective(version.document) for measure in one["measures"])
    found = next((pair for pair in every if pair[1]["code"] == code), None)
    if found is None:
        raise Http404
    return found


def _measure_form(request: SignedInRequest, version: Version, said: Document, trying: bool = False) -> MeasureForm:
    initial, months = initial_of(said, version.edits, str(version.from_month)), setup.months_of(version.year)
    form = MeasureForm(request.POST or None, initial=initial, document=version.document, code=said["code"], months=months, trying=trying)
    if request.method == "POST" and form.is_valid():
        written = next(one for _path, one in each_measure(form.changed) if one["code"] == said["code"])
        for contributor in refused_contributors(request.user, written, said, trying):
            form.add_error("contributors", _("There is no measure %(measure)s.") % {"measure": contributor})
    return form


@needs(EDIT_STRATEGY)
@require_http_methods(["GET", "POST"])
def weights(request: SignedInRequest, pk: int) -> HttpResponse:
    version = _draft(request, pk)
    form = DraftWeightsForm(request.POST or None, initial={"seen": version.edits}, document=version.document, month=version.from_month)
    fault = ""
    if request.method == "POST" and "split" in request.POST:
        form = _split(version, request.POST.dict(), request.POST["split"])
    elif request.method == "POST" and "take" in request.POST:
        form, fault = _taken(request, version)
    elif (
        request.method == "POST"
        and form.is_valid()
        and _is_replaced(request, form, version, "weights", "", form.changed, form.cleaned_data["seen"])
    ):
        messages.success(request, _("Saved in the draft."))
        return redirect("scorecards:draft-weights", pk=pk)
    groups = [(group, [form[group.field(node)] for node in group.nodes]) for group in form.groups]
    context = {
        "version": version,
        "unit": version.unit,
        "form": form,
        "groups": groups,
        "fault": fault,
        "other": request.POST.get("unit", ""),
    }
    return render(request, "scorecards/objective/weights.html", context)


@needs(EDIT_STRATEGY)
@require_http_methods(["GET", "POST"])
def pairs(request: SignedInRequest, pk: int) -> HttpResponse:
    """The tension pairs of the draft."""
    version = _draft(request, pk)
    known = {measure["code"] for _path, measure in each_measure(version.document)}
    seen = SeenForm(request.POST or None, initial={"seen": version.edits})
    forms = PairForms(request.POST or None, initial=pairs_of(version.document), prefix="pair", form_kwargs={"known": known})
    fault = ""
    if request.method == "POST" and seen.is_valid() and forms.is_valid():
        kept = [one.cleaned_data for one in forms if one.cleaned_data.get("code") and not one.cleaned_data.get("DELETE")]
        given = [{name: fields[name] for name in ("code", "name", "name_zh", "a", "b")} for fields in kept]
        try:
            service.set_pairs(actor=request.user, version=version, seen=seen.cleaned_data["seen"], pairs=given, now=timezone.now())
        except DraftChanged as refusal:
            fault = str(refusal)
            _take_newer(seen, "seen", version)
        except ScorecardError as refusal:
            fault = str(refusal)
        else:
            messages.success(request, _("Saved in the draft."))
            return redirect("scorecards:draft-pairs", pk=pk)
    codes = [(one["code"], in_language(one["name"], one["name_zh"])) for _path, one in each_measure(version.document)]
    context = {"version": version, "unit": version.unit, "seen": seen, "forms": forms, "fault": fault, "codes": codes}
    return render(request, "scorecards/objective/pairs.html", context)


def _weights_form(version: Version, typed: Mapping[str, str]) -> DraftWeightsForm:
    return DraftWeightsForm(typed, initial={"seen": version.edits}, document=version.document, month=version.from_month)


def _split(version: Version, typed: dict[str, str], key: str) -> DraftWeightsForm:
    """What was typed, the weights of one group being equal; nothing is saved yet."""
    groups = [group for group in siblings_of(version.document) if group.key == key]
    shares = {group.field(node): f"{share:g}" for group in groups for node, share in zip(group.nodes, equal(len(group.nodes)), strict=True)}
    return _weights_form(version, {**typed, **shares})


def _taken(request: SignedInRequest, version: Version) -> tuple[DraftWeightsForm, str]:
    """What was typed, with the weights of another unit's scorecard of the year where codes are the same; nothing is saved yet."""
    typed, code = request.POST.dict(), request.POST.get("unit", "").strip()
    other = units_for(request.user, VIEW_SCORECARD).filter(code=code).first()
    card = scorecard_of(other.code, version.year) if other else None
    if card is None:
        fault = _("There is no scorecard of %(unit)s in %(year)d.") % {"unit": code or "–", "year": version.year}
        return _weights_form(version, typed), fault
    taken = weights_of(definition_of(card), version.document, version.from_month)
    messages.info(request, _("%(number)d weights taken over; save to keep them.") % {"number": len(taken)})
    return _weights_form(version, {**typed, **taken}), ""


def _is_done(request: SignedInRequest, form: ObjectiveForm | NewMeasureForm, version: Version, action: Any, **arguments: Any) -> bool:
    try:
        action(actor=request.user, version=version, seen=form.cleaned_data["seen"], now=timezone.now(), **arguments)
    except DraftChanged as refusal:
        form.add_error(None, str(refusal))
        _take_newer(form, "seen", version)
    except ScorecardError as refusal:
        form.add_error(None, str(refusal))
    else:
        return True
    return False


def _is_replaced(
    request: SignedInRequest, form: MeasureForm | DraftWeightsForm, version: Version, verb: str, about: str, document: Document, seen: int
) -> bool:
    arguments = {"actor": request.user, "version": version, "seen": seen, "now": timezone.now()}
    try:
        service.replace(verb=verb, about=about, document=document, **arguments)
    except DraftChanged as refusal:
        form.add_error(None, str(refusal))
        _take_newer(form, "seen" if "seen" in form.fields else "version", version)
    except ScorecardError as refusal:
        form.add_error(None, str(refusal))
    else:
        return True
    return False


def _take_newer(form: Any, name: str, version: Version) -> None:
    """Let the form know the newer draft, so that saving again is a choice."""
    form.data = form.data.copy()
    form.data[name] = str(Version.objects.values_list("edits", flat=True).get(pk=version.pk))
