"""Writes exchange documents: all of them or none."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.services import audit
from organisation.errors import OrganisationError
from organisation.models import Unit, User
from organisation.services.unit import create_unit, edit_unit
from scorecards.assembly.formula import operands
from scorecards.choices import PARTS, Source
from scorecards.errors import DocumentFaults, Fault
from scorecards.models import (
    Contributor,
    Measure,
    MeasureWeight,
    Month,
    Objective,
    ObjectiveWeight,
    Perspective,
    PerspectiveWeight,
    Reading,
    Scorecard,
    Target,
)
from scorecards.models.weight import ALWAYS
from scorecards.selectors.closing import last_closed, reaches_into
from scorecards.selectors.dependency import Card, Key, Spec, World, measure_ids
from scorecards.selectors.document import contributor_parts, document_of, each_measure
from scorecards.services import recompute
from scorecards.services.dependency import refusals
from scorecards.services.reading import facts
from scorecards.services.strategy import write_strategy

Document = dict[str, Any]
NodeModel = type[Perspective | Objective | Measure]
WeightModel = type[PerspectiveWeight | ObjectiveWeight | MeasureWeight]

SETTINGS = (
    *("name", "missing_policy", "counts", "adjustment_limit", "deadline_day", "minimum_completeness", "tension_thresholds", "bands"),
)
DEFINITIONS_LOCK = 20_261_125
MEASURE_TEXTS = (
    *("unit", "better", "preset", "method", "frequency", "formula", "across"),
    *("owner", "data_source", "definition", "definition_zh", "kind"),
)
OBJECTIVE_TEXTS = ("description", "description_zh", "owner", "theme")
CONFIRMED = ("verified_by", "verified_at", "returned_because")
MEASURE_NUMBERS = ("factor", "veto_cap", "lowest", "highest", "minimum_count")


@transaction.atomic
def import_documents(*, actor: User | None, documents: list[Document], verb: str = "import", trial: bool = False) -> list[Scorecard]:
    """Replace the scorecard of each document's unit, officer and year. documents: as `forms.document.read_documents` returns
    them, in any order; verb: for the audit line; trial: closed months may be touched, since nothing
    of it will stay. Raises DocumentFaults, and then nothing is written."""
    serialise()
    faults = list(_faults(documents))
    faults += [] if faults else dependency_faults(documents)
    if faults:
        raise DocumentFaults(faults)
    try:
        units = _write_units(actor, documents)
    except OrganisationError as refusal:
        raise DocumentFaults([Fault("", "unit", str(refusal))]) from refusal
    addresses = {(units[document["unit"]["code"]].pk, document["officer"] or "", document["year"]) for document in documents}
    known = Scorecard.objects.filter(unit__in={unit for unit, _officer, _year in addresses}, year__in={year for *_rest, year in addresses})
    list(known.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    imports = [_begin(document, units[document["unit"]["code"]]) for document in documents]
    closed = [] if trial else [fault for one in imports for fault in _closed_faults(one)]
    if closed:
        raise DocumentFaults(closed)
    Contributor.objects.filter(measure__scorecard__in=[one.card for one in imports]).delete()
    for one in imports:
        _write(actor, one)
    _write_contributors(imports)
    for one in imports:
        _tell(actor, one, verb)
    return [one.card for one in imports]


def serialise() -> None:
    """Let one transaction after the other change what measures are computed from, so that each sees what the others made of it.
    On SQLite writers are one after the other anyhow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DEFINITIONS_LOCK])


@dataclass
class _Import:
    """One document on its way in. before, defined: what the scorecard said before; measures: by code; lines: for the audit."""

    document: Document
    card: Scorecard
    before: dict[str, Any] | None
    defined: dict[tuple[str, str], Document]
    measures: dict[str, Measure] = field(default_factory=dict)
    lines: list[audit.Line] = field(default_factory=list)
    readings_changed: int = 0


def _faults(documents: list[Document]) -> Iterator[Fault]:
    """What only shows when the documents lie side by side. A unit without a parent in its document stays where it is."""
    cards = Counter(_address(document) for document in documents)
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for document in documents:
        unit, name = document["unit"], document["file"]
        if cards[_address(document)] > 1:
            yield Fault(name, "unit.code", _("Two documents are for this scorecard."))
        for key in ("name", "name_zh", "parent"):
            if unit.get(key) and said[unit["code"]].setdefault(key, unit[key]) != unit[key]:
                yield Fault(name, f"unit.{key}", _("Another document says something else of this unit."))
    for document in documents:
        yield from _circle(document, {code: facts_["parent"] for code, facts_ in said.items() if "parent" in facts_})


def _address(document: Document) -> Card:
    return Card(document["unit"]["code"], document["officer"] or "", document["year"])


def dependency_faults(documents: list[Document]) -> list[Fault]:
    """Measures that could not be computed, in the documents or above them."""
    places: dict[Key, tuple[str, str]] = {}
    given: dict[Key, Spec] = {}
    for document in documents:
        card = _address(document)
        for path, measure in each_measure(document):
            key = Key(card, measure["code"])
            places[key] = (document.get("file", ""), path)
            given[key] = Spec(measure["source"], measure.get("method") or "", _refers(card, measure))
    faults = []
    for key, name, sentence in refusals(World(given, {_address(document) for document in documents})):
        file, path = places.get(key, ("", ""))
        told = (
            sentence
            if path
            else _("%(measure)s rests on what these documents change: %(sentence)s") % {"measure": key, "sentence": sentence}
        )
        faults.append(Fault(file, f"{path}.{name}" if path else "", told))
    return faults


def _refers(card: Card, measure: Document) -> list[Key]:
    if measure["source"] == Source.FORMULA:
        return [Key(card, code) for code in operands(measure["formula"])]
    parts = [contributor_parts(written) for written in measure.get("contributors") or []]
    return [Key(Card(unit, officer, card.year), code) for unit, officer, code in parts]


def _circle(document: Document, parents: dict[str, str]) -> Iterator[Fault]:
    way = [document["unit"]["code"]]
    while True:
        code = way[-1]
        above = parents.get(code) or Unit.objects.filter(code=code).values_list("parent__code", flat=True).first()
        if not above:
            return
        if above in way:
            circle = " → ".join([*way, above])
            yield Fault(document["file"], "unit.parent", _("The unit would stand below itself: %(circle)s.") % {"circle": circle})
            return
        way.append(above)


def _write_units(actor: User | None, documents: list[Document]) -> dict[str, Unit]:
    """Create and change the units of the documents, those above first; a superior unit that nobody knows is created by its code."""
    given: dict[str, Document] = {}
    for document in documents:
        told = {key: value for key, value in document["unit"].items() if value}
        given[document["unit"]["code"]] = {**given.get(document["unit"]["code"], {}), **told}
    units: dict[str, Unit] = {}

    def write(code: str) -> Unit:
        if code not in units:
            told = given.get(code, {"code": code})
            units[code] = _write_unit(actor, told, write(told["parent"]) if "parent" in told else None)
        return units[code]

    for code in given:
        write(code)
    return units


def _write_unit(actor: User | None, told: Document, parent: Unit | None) -> Unit:
    unit = Unit.objects.select_related("parent").filter(code=told["code"]).first()
    if unit is None:
        return create_unit(
            actor=actor, code=told["code"], name=told.get("name") or told["code"], name_zh=told.get("name_zh") or "", parent=parent
        )
    wanted = {"name": told.get("name", unit.name), "name_zh": told.get("name_zh", unit.name_zh)}
    above = parent or unit.parent
    if wanted == {"name": unit.name, "name_zh": unit.name_zh} and above == unit.parent:
        return unit
    return edit_unit(actor=actor, unit=unit, version=unit.version, parent=above, **wanted)


def _begin(document: Document, unit: Unit) -> _Import:
    """Lock the scorecard, or create it, and remember what it says."""
    address = {"unit": unit, "officer": document["officer"] or "", "year": document["year"]}
    card, created = Scorecard.objects.select_for_update().get_or_create(**address, defaults={"name": document["name"]})
    if created:
        return _Import(document, card, None, {})
    return _Import(document, card, _settings(card), _definitions(card))


def _closed_faults(one: _Import) -> list[Fault]:
    """What the document would change in closed months."""
    last = None if one.before is None else last_closed(one.card.pk)
    if last is None:
        return []
    stored = document_of(Scorecard.objects.select_related("unit__parent").get(pk=one.card.pk))
    return [Fault(one.document["file"], path, sentence) for path, sentence in reaches_into(stored, one.document, last)]


def _write(actor: User | None, one: _Import) -> None:
    """Write the scorecard, its nodes, targets and readings; what measures are computed from follows once all are there."""
    card, document = one.card, one.document
    for name in SETTINGS:
        setattr(card, name, document[name])
    card.name_zh = document.get("name_zh", "")
    card.version += 0 if one.before is None else 1
    card.save()
    one.lines += _remove(card, document)
    perspectives = _write_level(card, Perspective, PerspectiveWeight, [(None, node) for node in document["perspectives"]])
    below = [(perspectives[node["code"]], child) for node in document["perspectives"] for child in node.get("objectives", [])]
    objectives = _write_level(card, Objective, ObjectiveWeight, below)
    under = [(objectives[node["code"]], child) for _perspective, node in below for child in node.get("measures", [])]
    one.measures = _write_level(card, Measure, MeasureWeight, under)
    Objective.objects.filter(scorecard=card).exclude(code__in=objectives).delete()
    Perspective.objects.filter(scorecard=card).exclude(code__in=perspectives).delete()
    given = [node for _objective, node in under]
    _write_targets(one.measures, given)
    told = _write_readings(actor, one.measures, given)
    one.readings_changed = len(told)
    one.lines += told + write_strategy(card, document, objectives, one.measures)


def _write_contributors(imports: list[_Import]) -> None:
    rows: list[tuple[Measure, Key]] = []
    for one in imports:
        card = _address(one.document)
        nodes = {node["code"]: node for _path, node in each_measure(one.document)}
        rows += [(measure, key) for code, measure in one.measures.items() for key in _refers(card, nodes[code])]
    known = {Key(_address(one.document), code): measure.pk for one in imports for code, measure in one.measures.items()}
    known |= measure_ids({key for _measure, key in rows if key not in known})
    places: Counter[int] = Counter()
    made = []
    for measure, key in rows:
        places[measure.pk] += 1
        made.append(Contributor(measure=measure, source_id=known[key], position=places[measure.pk]))
    Contributor.objects.bulk_create(made, batch_size=1_000)


def _tell(actor: User | None, one: _Import, verb: str) -> None:
    """Write the audit lines, and have everything recomputed that rests on the scorecard."""
    one.lines += _changed_definitions(one.card, one.defined)
    counts = {"measures": len(one.measures), "readings_changed": one.readings_changed}
    after = _settings(one.card)
    if verb == "import":
        one.lines.append(audit.Line(verb, one.card, one.before, {"file": one.document["file"], **counts, **after}))
    elif one.before != after:
        one.lines.append(audit.Line(verb, one.card, one.before, after))
    audit.record_all(actor=actor, place=one.card.unit.code, lines=one.lines)
    recompute.ask(one.card.pk, above=[measure.pk for measure in one.measures.values()])


def _settings(card: Scorecard) -> dict[str, Any]:
    return {name: getattr(card, name) for name in (*SETTINGS, "name_zh")}


def _definitions(card: Scorecard) -> dict[tuple[str, str], Document]:
    """What a document says of each node without its children and readings, by kind and code."""
    found: dict[tuple[str, str], Document] = {}
    for perspective in document_of(card)["perspectives"]:
        found["perspective", perspective["code"]] = {key: value for key, value in perspective.items() if key != "objectives"}
        for objective in perspective["objectives"]:
            own = {key: value for key, value in objective.items() if key != "measures"}
            found["objective", objective["code"]] = {**own, "parent": perspective["code"]}
            for measure in objective["measures"]:
                own = {key: value for key, value in measure.items() if key != "readings"}
                found["measure", measure["code"]] = {**own, "parent": objective["code"]}
    return found


def _changed_definitions(card: Scorecard, before: dict[tuple[str, str], Document]) -> list[audit.Line]:
    """A line for each node that was there and is now defined otherwise, with what differs."""
    after = _definitions(card)
    nodes: dict[tuple[str, str], Any] = {}
    for kind, model in (("perspective", Perspective), ("objective", Objective), ("measure", Measure)):
        nodes |= {(kind, node.code): node for node in model._default_manager.filter(scorecard=card)}
    lines = []
    for key, old in before.items():
        new = after.get(key, old)
        differing = [name for name in new if new[name] != old.get(name)]
        if differing:
            was, now = ({"code": key[1], **{name: facts_[name] for name in differing}} for facts_ in (old, new))
            lines.append(audit.Line("edit", nodes[key], was, now))
    return lines


def _remove(card: Scorecard, document: Document) -> list[audit.Line]:
    """The lines of all nodes that the document does not hold, and of their readings; the measures are taken away here,
    objectives and perspectives once those that stay have moved out of them."""
    objectives = [child for node in document["perspectives"] for child in node.get("objectives", [])]
    measures = [child for node in objectives for child in node.get("measures", [])]
    lines: list[audit.Line] = []
    for nodes, kept in ((card.measures, measures), (card.objectives, objectives), (card.perspectives, document["perspectives"])):
        gone: Any = nodes.exclude(code__in=[node["code"] for node in kept])
        lines += [audit.Line("remove", node, {"code": node.code, "name": node.name}) for node in gone]
    without = card.measures.exclude(code__in=[node["code"] for node in measures])
    readings = Reading.objects.filter(measure__in=without).select_related("measure")
    lines += [audit.Line("clear", reading.measure, facts(reading)) for reading in readings]
    without.delete()
    return lines


def _write_level(card: Scorecard, model: NodeModel, weights: WeightModel, given: list[tuple[Any, Document]]) -> dict[str, Any]:
    """Create or change the nodes of one level, found by their codes; write their weights. Returns them by code."""
    kept = {node.code: node for node in model.objects.filter(scorecard=card)}
    written: dict[str, Any] = {}
    fresh: list[Any] = []
    changed: list[Any] = []
    for position, (parent, fields) in enumerate(given):
        node = kept.get(fields["code"]) or model(scorecard=card, code=fields["code"])
        node.name, node.name_zh, node.position = fields["name"], fields.get("name_zh", ""), position
        set_parent_and_rules(node, parent, fields)
        written[node.code] = node
        (changed if node.pk else fresh).append(node)
    model.objects.bulk_create(fresh)
    columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    model.objects.bulk_update(changed, columns, batch_size=100)
    weights.objects.filter(node__in=[node.pk for node in changed]).delete()
    weights.objects.bulk_create(row for _parent, fields in given for row in weight_rows(weights, written[fields["code"]], fields["weight"]))
    return written


def set_parent_and_rules(node: Any, parent: Any, fields: Document) -> None:
    """Let a node say what the document says of it, below that parent."""
    if isinstance(node, Objective):
        node.perspective, node.x, node.row, node.checkpoints = parent, fields.get("x"), fields.get("row"), fields.get("checkpoints") or []
        for name in OBJECTIVE_TEXTS:
            setattr(node, name, fields.get(name) or "")
    if isinstance(node, Measure):
        node.objective = parent
        node.curve_scores, node.source = fields.get("curve_scores") or [], fields["source"]
        for name in MEASURE_TEXTS:
            setattr(node, name, fields.get(name) or "")
        for name in MEASURE_NUMBERS:
            setattr(node, name, fields.get(name))
        for name in ("due_from", "due_until"):
            setattr(node, name, Month.parse(fields[name]) if fields.get(name) else None)


def weight_rows(model: WeightModel, node: Any, given: Any) -> Iterator[Any]:
    """The rows of a weight as a document gives it: a number, or dated rows."""
    rows = given if isinstance(given, list) else [{"from": None, "weight": given}]
    for row in rows:
        yield model(node=node, from_month=Month.parse(row["from"]) if row["from"] else ALWAYS, weight=row["weight"])


def _write_targets(measures: dict[str, Measure], given: list[Document]) -> None:
    Target.objects.filter(measure__in=[measure.pk for measure in measures.values()]).delete()
    Target.objects.bulk_create(
        Target(measure=measures[node["code"]], from_month=Month.parse(row["from"]), points=row["points"])
        for node in given
        for row in node.get("targets") or []
    )


def _write_readings(actor: User | None, measures: dict[str, Measure], given: list[Document]) -> list[audit.Line]:
    """Write what differs and take away what the document does not hold; returns a line for each."""
    by_id = {measure.pk: measure for measure in measures.values()}
    stored: dict[tuple[int, int], Reading] = {}
    for reading in Reading.objects.filter(measure__in=list(by_id)):
        reading.measure = by_id[reading.measure_id]
        stored[reading.measure_id, int(reading.month)] = reading
    lines: list[audit.Line] = []
    fresh: list[Reading] = []
    changed: list[Reading] = []
    for measure, row in ((measures[node["code"]], row) for node in given for row in node.get("readings", [])):
        month = Month.parse(row["month"])
        old = stored.pop((measure.pk, int(month)), None)
        before = facts(old) if old else None
        reading = old or Reading(measure=measure, month=month, version=0)
        for name in PARTS:
            setattr(reading, name, row.get(name))
        reading.not_applicable, reading.state = row.get("not_applicable", ""), row["state"]
        if facts(reading) != before:
            reading.version, reading.entered_by, reading.entered_at = reading.version + 1, actor, timezone.now()
            reading.verified_by, reading.verified_at, reading.returned_because = None, None, ""
            lines.append(audit.Line("record", measure, before, facts(reading)))
            (changed if old else fresh).append(reading)
    Reading.objects.bulk_create(fresh)
    Reading.objects.bulk_update(
        changed, [*PARTS, "not_applicable", "state", "version", "entered_by", "entered_at", *CONFIRMED], batch_size=100
    )
    lines += [audit.Line("clear", reading.measure, facts(reading)) for reading in stored.values()]
    Reading.objects.filter(pk__in=[reading.pk for reading in stored.values()]).delete()
    return lines
