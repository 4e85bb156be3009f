"""Changes what is said about a scorecard, its perspectives and its weights."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from ledger.services import audit
from organisation.models import User
from scorecards.errors import MonthClosed, OutOfDate
from scorecards.models import Measure, MeasureWeight, Month, Objective, ObjectiveWeight, Perspective, PerspectiveWeight, Scorecard
from scorecards.selectors.closing import last_closed
from scorecards.services import recompute

Node = Perspective | Objective | Measure
WEIGHTS: dict[type[Node], Any] = {Perspective: PerspectiveWeight, Objective: ObjectiveWeight, Measure: MeasureWeight}


@dataclass(frozen=True)
class DataNote:
    """Where a scorecard's data come from; shown on its pages."""

    illustrative: bool
    provenance: str
    provenance_zh: str


@transaction.atomic
def describe_data(*, actor: User | None, scorecard: Scorecard, note: DataNote) -> None:
    """Say on the scorecard's pages where its data come from."""
    Scorecard.objects.filter(pk=scorecard.pk).update(**asdict(note))
    audit.record(actor=actor, verb="describe", target=scorecard, place=scorecard.unit.code, after=asdict(note))


@dataclass(frozen=True)
class PerspectiveChange:
    """What a person wants a perspective to be called; its place is that in the list."""

    perspective: Perspective
    name: str
    name_zh: str


@transaction.atomic
def edit_perspectives(
    *, actor: User, scorecard: Scorecard, version: int, changes: list[PerspectiveChange], weights: Mapping[Node, float], since: Month
) -> None:
    """Rename and reorder the perspectives of a scorecard that still has that version, and give them these weights (empty: leave
    them as they are) from a month on. Raises OutOfDate,
    MonthClosed."""
    _next_version(scorecard, version)
    for position, change in enumerate(changes):
        node = change.perspective
        before = {"name": node.name, "name_zh": node.name_zh, "position": node.position}
        node.name, node.name_zh, node.position = change.name, change.name_zh, position
        after = {"name": node.name, "name_zh": node.name_zh, "position": position}
        if after != before:
            node.save(update_fields=list(after))
            audit.record(actor=actor, verb="edit", target=node, place=scorecard.unit.code, before=before, after=after)
    _weigh(actor, scorecard, weights, since)
    recompute.ask(scorecard.pk)


@transaction.atomic
def set_weights(*, actor: User, scorecard: Scorecard, version: int, groups: Sequence[Mapping[Node, float]], since: Month) -> None:
    """Weigh groups of siblings of a scorecard that still has that version, from a month on. Raises OutOfDate."""
    _next_version(scorecard, version)
    for weights in groups:
        _weigh(actor, scorecard, weights, since)
    recompute.ask(scorecard.pk)


def _next_version(scorecard: Scorecard, version: int) -> None:
    if not Scorecard.objects.filter(pk=scorecard.pk, version=version).update(version=F("version") + 1):
        raise OutOfDate


def _weigh(actor: User, scorecard: Scorecard, weights: Mapping[Node, float], since: Month) -> None:
    """Give siblings these weights from a month on; what was planned for later months is replaced. Raises MonthClosed."""
    closed = last_closed(scorecard.pk)
    if weights and closed is not None and since <= closed:
        raise MonthClosed
    for node, weight in weights.items():
        before = _in_force(node, since)
        rows = WEIGHTS[type(node)].objects.filter(node=node)
        planned = {str(row.from_month): row.weight for row in rows.filter(from_month__gt=int(since))}
        rows.filter(from_month__gt=int(since)).delete()
        if before != weight:
            rows.update_or_create(node=node, from_month=since, defaults={"weight": weight})
        if before != weight or planned:
            was = {"weight": before, "planned": planned or None}
            after = {"weight": weight, "from": str(since)}
            audit.record(actor=actor, verb="weigh", target=node, place=scorecard.unit.code, before=was, after=after)


def _in_force(node: Node, month: Month) -> float | None:
    rows = WEIGHTS[type(node)].objects.filter(node=node, from_month__lte=int(month)).order_by("-from_month")
    weight: float | None = rows.values_list("weight", flat=True).first()
    return weight
