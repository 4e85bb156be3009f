"""Reads a scorecard as an exchange document (rule book §10); what is imported comes out again without loss."""

import copy
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from scorecards.choices import AdjustmentState, Frequency, Method, Preset, Source
from scorecards.models import (
    Contributor,
    Link,
    Measure,
    MeasureWeight,
    Month,
    Objective,
    ObjectiveWeight,
    PerspectiveWeight,
    Scorecard,
    Tension,
)
from scorecards.models.weight import ALWAYS

Document = dict[str, Any]
SOURCES = Contributor.objects.select_related("source__scorecard__unit")
SETTINGS = ("missing_policy", "counts", "adjustment_limit", "deadline_day", "minimum_completeness", "tension_thresholds", "bands")


BLANK_MEASURE: Document = {
    **dict.fromkeys(("unit", "owner", "data_source", "definition", "definition_zh"), ""),
    **dict.fromkeys(
        (
            "kind",
            "curve_scores",
            "factor",
            "due_from",
            "due_until",
            "formula",
            "contributors",
            "across",
            "veto_cap",
            "lowest",
            "highest",
            "minimum_count",
            "better",
        )
    ),
    "preset": Preset.UNSCORED.value,
    "method": Method.LATEST.value,
    "frequency": Frequency.MONTHLY.value,
    "source": Source.ENTERED.value,
    "weight": 0,
    "targets": [],
    "readings": [],
}


def document_of(card: Scorecard, *, with_readings: bool = True) -> Document:
    """The whole scorecard, readings of all states included if wanted."""
    weights = {model: _weights(model, card) for model in (PerspectiveWeight, ObjectiveWeight, MeasureWeight)}
    unit = card.unit
    measures, objectives = defaultdict(list), defaultdict(list)
    reported = ["readings"] if with_readings else []
    for measure in card.measures.prefetch_related("targets", *reported, Prefetch("contributors", SOURCES)):
        readings = [_reading(reading) for reading in measure.readings.all()] if with_readings else []
        measures[measure.objective_id].append({**_measure(measure, weights[MeasureWeight][measure.pk]), "readings": readings})
    for objective in card.objectives.all():
        named = {**_named(objective, weights[ObjectiveWeight][objective.pk]), **_of_objective(objective)}
        objectives[objective.perspective_id].append({**named, "measures": measures[objective.pk]})
    return {
        "format": "grc-bsc/scorecard@1",
        "unit": {"code": unit.code, "name": unit.name, "name_zh": unit.name_zh, "parent": unit.parent.code if unit.parent else None},
        "officer": card.officer or None,
        "year": card.year,
        "name": card.name,
        "name_zh": card.name_zh,
        **{name: number(getattr(card, name)) for name in SETTINGS},
        "perspectives": [
            {**_named(node, weights[PerspectiveWeight][node.pk]), "objectives": objectives[node.pk]} for node in card.perspectives.all()
        ],
        "links": [_link(link) for link in Link.objects.filter(cause__scorecard=card).select_related("cause", "effect")],
        "tensions": [_tension(pair) for pair in card.tensions.prefetch_related("members__measure")],
        "adjustments": [
            {"month": str(row.month), "points": number(row.points), "reason": row.reason}
            for row in card.adjustments.filter(state=AdjustmentState.APPROVED).order_by("month", "pk")
        ],
    }


def definition_of(card: Scorecard) -> Document:
    """What the scorecard says, without readings and adjustments."""
    return without_readings(document_of(card, with_readings=False))


def without_readings(document: Document) -> Document:
    """The same document, itself changed, without what was reported and adjusted."""
    for _path, measure in each_measure(document):
        measure["readings"] = []
    document["adjustments"] = []
    return document


def with_reported(document: Document, now: Document) -> Document:
    """The document of a scorecard with what has been reported on it, its adjustments and its unit as they are now."""
    readings = {measure["code"]: measure["readings"] for _path, measure in each_measure(now)}
    changed = {**copy.deepcopy(document), "unit": now["unit"], "adjustments": now["adjustments"]}
    for _path, measure in each_measure(changed):
        measure["readings"] = readings.get(measure["code"], []) if measure["source"] == Source.ENTERED else []
    return changed


def each_objective(document: Document) -> Iterator[tuple[str, Document]]:
    """The objectives of a sound document, each with the code of its perspective."""
    for perspective in document["perspectives"]:
        for objective in perspective.get("objectives", []):
            yield perspective["code"], objective


def each_measure(document: Document) -> Iterator[tuple[str, Document]]:
    """The measures of a sound document, each with its path."""
    for p, perspective in enumerate(document["perspectives"]):
        for o, objective in enumerate(perspective.get("objectives", [])):
            for m, measure in enumerate(objective.get("measures", [])):
                yield f"perspectives[{p}].objectives[{o}].measures[{m}]", measure


def contributor_parts(written: str) -> tuple[str, str, str]:
    """Unit, officer (empty: the unit's own scorecard) and code of a contributor."""
    unit, *officer, code = written.split("/")
    return unit, officer[0] if officer else "", code


def contributor_text(source: Measure) -> str:
    """How a contributor is written. source: with its scorecard and unit loaded."""
    return "/".join(part for part in (source.scorecard.unit.code, source.scorecard.officer, source.code) if part)


def _of_objective(objective: Objective) -> Document:
    return {
        "description": objective.description,
        "description_zh": objective.description_zh,
        "owner": objective.owner,
        "theme": objective.theme or None,
        "x": number(objective.x),
        "row": objective.row,
        "checkpoints": objective.checkpoints,
    }


def _link(link: Link) -> Document:
    ends = {"from": link.cause.code, "to": link.effect.code}
    return {**ends, "strength": link.strength, "lag": link.lag, "hypothesis": link.hypothesis, "hypothesis_zh": link.hypothesis_zh}


def _tension(pair: Tension) -> Document:
    sides = {side: [member.measure.code for member in pair.members.all() if member.side == side] for side in ("a", "b")}
    return {"code": pair.code, "name": pair.name, "name_zh": pair.name_zh, **sides}


def number(value: Any) -> Any:
    """A whole float as an integer, so that 310 does not come back as 310.0."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= 10**15 else value


def _weights(model: type[PerspectiveWeight | ObjectiveWeight | MeasureWeight], card: Scorecard) -> dict[int, Any]:
    rows = defaultdict(list)
    for node, month, weight in model.objects.filter(node__scorecard=card).values_list("node", "from_month", "weight"):
        rows[node].append((month, number(weight)))
    return {node: found[0][1] if len(found) == 1 and found[0][0] == ALWAYS else _dated(card, dict(found)) for node, found in rows.items()}


def _dated(card: Scorecard, found: dict[int, float]) -> list[Document]:
    """A weight in force from the beginning is so from January, unless another one begins there."""
    january = Month.of(card.year, 1)
    always = found.pop(ALWAYS, None)
    if always is not None:
        found.setdefault(january, always)
    return [{"from": str(Month(month)), "weight": weight} for month, weight in sorted(found.items())]


def _named(node: Any, weight: Any) -> Document:
    return {"code": node.code, "name": node.name, "name_zh": node.name_zh, "weight": weight}


def _measure(measure: Measure, weight: Any) -> Document:
    targets = [{"from": str(row.from_month), "points": [number(point) for point in row.points]} for row in measure.targets.all()]
    return {
        **_named(measure, weight),
        "unit": measure.unit,
        "better": measure.better or None,
        "preset": measure.preset or None,
        "curve_scores": [number(score) for score in measure.curve_scores] or None,
        "method": measure.method or None,
        "factor": number(measure.factor),
        "frequency": measure.frequency or None,
        "due_from": str(measure.due_from) if measure.due_from is not None else None,
        "due_until": str(measure.due_until) if measure.due_until is not None else None,
        "source": measure.source,
        "formula": measure.formula or None,
        "contributors": [contributor_text(row.source) for row in measure.contributors.all()] if measure.refers_elsewhere else None,
        "across": measure.across or None,
        "veto_cap": number(measure.veto_cap),
        "lowest": number(measure.lowest),
        "highest": number(measure.highest),
        "minimum_count": number(measure.minimum_count),
        "owner": measure.owner,
        "data_source": measure.data_source,
        "definition": measure.definition,
        "definition_zh": measure.definition_zh,
        "kind": measure.kind or None,
        "targets": targets,
    }


def _reading(reading: Any) -> Document:
    parts = {name: number(getattr(reading, name)) for name in ("value", "volume", "numerator", "denominator")}
    held = {name: part for name, part in parts.items() if part is not None}
    mark = {"not_applicable": reading.not_applicable} if reading.not_applicable else {}
    return {"month": str(reading.month), **held, **mark, "state": reading.state}
