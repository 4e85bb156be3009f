"""Writes exchange documents: all of them or none."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ledger.services import audit
from organisation.models import Unit, User
from organisation.services.unit import create_unit, edit_unit
from scorecards.errors import DocumentFaults, Fault
from scorecards.models import (
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
from scorecards.services import recompute
from scorecards.services.reading import PARTS, facts

Document = dict[str, Any]
NodeModel = type[Perspective | Objective | Measure]
WeightModel = type[PerspectiveWeight | ObjectiveWeight | MeasureWeight]

SETTINGS = ("name", "missing_policy", "counts", "deadline_day", "minimum_completeness", "bands")
MEASURE_PLAIN = ("preset", "method", "factor", "frequency")


@transaction.atomic
def import_documents(*, actor: User | None, documents: list[Document]) -> list[Scorecard]:
    """Replace the scorecard of each document's unit and year. documents: as `forms.document.read_documents` returns them,
    in any order. Raises DocumentFaults, and then nothing is written."""
    faults = list(_faults(documents))
    if faults:
        raise DocumentFaults(faults)
    units = _write_units(actor, documents)
    return [_write(actor, document, units[document["unit"]["code"]]) for document in documents]


def _faults(documents: list[Document]) -> Iterator[Fault]:
    cards = Counter((document["unit"]["code"], document["year"]) for document in documents)
    parents: dict[str, str | None] = {}
    for document in documents:
        unit, name = document["unit"], document["file"]
        if cards[unit["code"], document["year"]] > 1:
            yield Fault(name, "unit.code", _("Two documents are for this unit and year."))
        if "parent" in unit and parents.setdefault(unit["code"], unit["parent"]) != unit["parent"]:
            yield Fault(name, "unit.parent", _("Another document gives this unit a different superior unit."))
    named = {document["unit"]["code"] for document in documents}
    for document in documents:
        above = document["unit"].get("parent")
        if above and above not in named and not Unit.objects.filter(code=above).exists():
            yield Fault(document["file"], "unit.parent", _("There is no unit %(code)s.") % {"code": above})
        yield from _circle(document, parents)


def _circle(document: Document, parents: dict[str, str | None]) -> Iterator[Fault]:
    way = [document["unit"]["code"]]
    while True:
        code = way[-1]
        above = parents[code] if code in parents else Unit.objects.filter(code=code).values_list("parent__code", flat=True).first()
        if not above:
            return
        if above in way:
            yield Fault(
                document["file"], "unit.parent", _("The unit would stand below itself: %(circle)s.") % {"circle": " → ".join([*way, above])}
            )
            return
        way.append(above)


def _write_units(actor: User | None, documents: list[Document]) -> dict[str, Unit]:
    given: dict[str, Document] = {}
    for document in documents:
        given[document["unit"]["code"]] = {**given.get(document["unit"]["code"], {}), **document["unit"]}
    units: dict[str, Unit] = {}

    def write(code: str) -> Unit:
        if code not in units:
            units[code] = _write_unit(actor, given[code], write) if code in given else Unit.objects.get(code=code)
        return units[code]

    for code in given:
        write(code)
    return units


def _write_unit(actor: User | None, given: Document, write: Any) -> Unit:
    parent = write(given["parent"]) if given.get("parent") else None
    unit = Unit.objects.filter(code=given["code"]).first()
    if unit is None:
        return create_unit(actor=actor, code=given["code"], name=given["name"], name_zh=given.get("name_zh", ""), parent=parent)
    above = parent if "parent" in given else unit.parent
    named = {"name": given["name"], "name_zh": given.get("name_zh", unit.name_zh)}
    dates = {"from_date": unit.from_date, "until_date": unit.until_date}
    return edit_unit(actor=actor, unit=unit, version=unit.version, parent=above, **named, **dates)


def _write(actor: User | None, document: Document, unit: Unit) -> Scorecard:
    card, created = Scorecard.objects.select_for_update().get_or_create(
        unit=unit, year=document["year"], defaults={"name": document["name"]}
    )
    for name in SETTINGS:
        setattr(card, name, document[name])
    card.name_zh = document.get("name_zh", "")
    card.version += 0 if created else 1
    card.save()
    perspectives = _write_level(card, Perspective, PerspectiveWeight, [(None, node) for node in document["perspectives"]])
    below = [(perspectives[node["code"]], child) for node in document["perspectives"] for child in node.get("objectives", [])]
    objectives = _write_level(card, Objective, ObjectiveWeight, below)
    under = [(objectives[node["code"]], child) for _perspective, node in below for child in node.get("measures", [])]
    measures = _write_level(card, Measure, MeasureWeight, under)
    for model in (Measure, Objective, Perspective):
        kept = {Measure: measures, Objective: objectives, Perspective: perspectives}[model]
        model.objects.filter(scorecard=card).exclude(code__in=kept).delete()
    _write_targets(measures, [node for _objective, node in under])
    changed = _write_readings(actor, card, measures, [node for _objective, node in under])
    told = {"file": document["file"], "measures": len(measures), "readings_changed": changed}
    audit.record(actor=actor, verb="import", target=card, place=unit.code, after=told)
    recompute.ask(card.pk)
    return card


def _write_level(card: Scorecard, model: NodeModel, weights: WeightModel, given: list[tuple[Any, Document]]) -> dict[str, Any]:
    """Create or change the nodes of one level, found by their codes; write their weights. Returns them by code."""
    kept = {node.code: node for node in model.objects.filter(scorecard=card)}
    written: dict[str, Any] = {}
    fresh: list[Any] = []
    changed: list[Any] = []
    for position, (parent, fields) in enumerate(given):
        node = kept.get(fields["code"]) or model(scorecard=card, code=fields["code"])
        node.name, node.name_zh, node.position = fields["name"], fields.get("name_zh", ""), position
        _set_parent_and_rules(node, parent, fields)
        written[node.code] = node
        (changed if node.pk else fresh).append(node)
    model.objects.bulk_create(fresh)
    columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    model.objects.bulk_update(changed, columns, batch_size=100)
    weights.objects.filter(node__in=[node.pk for node in changed]).delete()
    weights.objects.bulk_create(row for _parent, fields in given for row in _weights(weights, written[fields["code"]], fields["weight"]))
    return written


def _set_parent_and_rules(node: Any, parent: Any, fields: Document) -> None:
    if isinstance(node, Objective):
        node.perspective = parent
    if isinstance(node, Measure):
        node.objective = parent
        node.unit, node.better = fields.get("unit", ""), fields.get("better") or ""
        node.curve_scores = fields.get("curve_scores") or []
        for name in MEASURE_PLAIN:
            setattr(node, name, fields.get(name))
        for name in ("due_from", "due_until"):
            setattr(node, name, Month.parse(fields[name]) if fields.get(name) else None)


def _weights(model: WeightModel, node: Any, given: Any) -> Iterator[Any]:
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


def _write_readings(actor: User | None, card: Scorecard, measures: dict[str, Measure], given: list[Document]) -> int:
    """Write what differs, with an audit line each; take away what the document does not hold. Returns how many."""
    stored = {(reading.measure_id, int(reading.month)): reading for reading in Reading.objects.filter(measure__scorecard=card)}
    lines: list[audit.Line] = []
    fresh: list[Reading] = []
    for node in given:
        measure = measures[node["code"]]
        for row in node.get("readings", []):
            month = Month.parse(row["month"])
            old = stored.pop((measure.pk, int(month)), None)
            before = facts(old) if old else None
            reading = old or Reading(measure=measure, month=month, version=0)
            for name in PARTS:
                setattr(reading, name, row.get(name))
            reading.not_applicable, reading.state = row.get("not_applicable", ""), row["state"]
            if facts(reading) == before:
                continue
            reading.version, reading.entered_by = reading.version + 1, actor
            lines.append(audit.Line("record", measure, before, facts(reading)))
            if old:
                reading.save()
            else:
                fresh.append(reading)
    Reading.objects.bulk_create(fresh)
    for reading in stored.values():
        lines.append(audit.Line("clear", reading.measure, facts(reading), None))
        reading.delete()
    audit.record_all(actor=actor, place=card.unit.code, lines=lines)
    return len(lines)
