"""Changes what is said about a scorecard, its perspectives and its weights."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from ledger.services import audit
from organisation.models import User
from scorecards.errors import OutOfDate
from scorecards.models import Measure, MeasureWeight, Month, Objective, ObjectiveWeight, Perspective, PerspectiveWeight, Scorecard
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
    """What a person wants of one perspective; its place is that in the list."""

    perspective: Perspective
    name: str
    name_zh: str
    weight: float


@transaction.atomic
def edit_perspectives(*, actor: User, scorecard: Scorecard, version: int, changes: list[PerspectiveChange], since: Month) -> None:
    """Rename, reorder and weigh the perspectives of a scorecard that still has that version; weights hold from a month.
    Raises OutOfDate."""
    _next_version(scorecard, version)
    for position, change in enumerate(changes):
        node = change.perspective
        before = {"name": node.name, "name_zh": node.name_zh, "position": node.position}
        node.name, node.name_zh, node.position = change.name, change.name_zh, position
        after = {"name": node.name, "name_zh": node.name_zh, "position": position}
        if after != before:
            node.save(update_fields=list(after))
            audit.record(actor=actor, verb="edit", target=node, place=scorecard.unit.code, before=before, after=after)
        _set_weight(actor, scorecard, node, change.weight, since)
    recompute.ask(scorecard.pk)


@transaction.atomic
def set_weights(*, actor: User, scorecard: Scorecard, version: int, weights: Mapping[Node, float], since: Month) -> None:
    """Weigh nodes of a scorecard that still has that version, from a month on. Raises OutOfDate."""
    _next_version(scorecard, version)
    for node, weight in weights.items():
        _set_weight(actor, scorecard, node, weight, since)
    recompute.ask(scorecard.pk)


def _next_version(scorecard: Scorecard, version: int) -> None:
    if not Scorecard.objects.filter(pk=scorecard.pk, version=version).update(version=F("version") + 1):
        raise OutOfDate


def _set_weight(actor: User, scorecard: Scorecard, node: Node, weight: float, since: Month) -> None:
    rows = WEIGHTS[type(node)].objects.filter(node=node)
    in_force = rows.filter(from_month__lte=int(since)).order_by("-from_month").first()
    if in_force is not None and in_force.weight == weight:
        return
    if in_force is not None and in_force.from_month == since:
        rows.filter(pk=in_force.pk).update(weight=weight)
    else:
        rows.model.objects.create(node=node, from_month=since, weight=weight)
    before = {"weight": in_force.weight} if in_force else None
    audit.record(
        actor=actor, verb="weigh", target=node, place=scorecard.unit.code, before=before, after={"weight": weight, "from": str(since)}
    )
