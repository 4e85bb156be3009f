"""Changes what is said about a scorecard, its perspectives and its weights."""

from collections.abc import Iterable, Mapping, Sequence
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
) -> Month | None:
    """Rename and reorder the perspectives of a scorecard that still has that version, and give them these weights (empty: leave
    them as they are) from a month on. Returns the month from which planned weights hold again. Raises OutOfDate, MonthClosed."""
    _next_version(scorecard, version)
    for position, change in enumerate(changes):
        node = change.perspective
        before = {"name": node.name, "name_zh": node.name_zh, "position": node.position}
        node.name, node.name_zh, node.position = change.name, change.name_zh, position
        after = {"name": node.name, "name_zh": node.name_zh, "position": position}
        if after != before:
            node.save(update_fields=list(after))
            audit.record(actor=actor, verb="edit", target=node, place=scorecard.unit.code, before=before, after=after)
    planned = _weigh(actor, scorecard, weights, since)
    recompute.ask(scorecard.pk)
    return planned


@transaction.atomic
def set_weights(*, actor: User, scorecard: Scorecard, version: int, groups: Sequence[Mapping[Node, float]], since: Month) -> Month | None:
    """Weigh groups of siblings of a scorecard that still has that version, from a month on. Returns the first month from which planned
    weights of one hold again. Raises OutOfDate, MonthClosed."""
    _next_version(scorecard, version)
    planned = [_weigh(actor, scorecard, weights, since) for weights in groups]
    recompute.ask(scorecard.pk)
    return min((month for month in planned if month is not None), default=None)


def _next_version(scorecard: Scorecard, version: int) -> None:
    if not Scorecard.objects.filter(pk=scorecard.pk, version=version).update(version=F("version") + 1):
        raise OutOfDate


def _weigh(actor: User, scorecard: Scorecard, weights: Mapping[Node, float], since: Month) -> Month | None:
    """Give siblings these weights from a month on, until the next month for which weights of theirs are planned, which is returned: from
    then on all weigh what they would have. Raises MonthClosed."""
    closed = last_closed(scorecard.pk)
    if weights and closed is not None and since <= closed:
        raise MonthClosed
    planned = _next_planned(weights, since)
    for node, weight in weights.items():
        before = _in_force(node, since)
        if before == weight:
            continue
        rows = WEIGHTS[type(node)].objects
        if planned is not None:
            rows.get_or_create(node=node, from_month=planned, defaults={"weight": _in_force(node, planned)})
        rows.update_or_create(node=node, from_month=since, defaults={"weight": weight})
        until = {"until": str(planned - 1)} if planned is not None else {}
        after = {"weight": weight, "from": str(since), **until}
        audit.record(actor=actor, verb="weigh", target=node, place=scorecard.unit.code, before={"weight": before}, after=after)
    return planned


def _next_planned(siblings: Iterable[Node], since: Month) -> Month | None:
    """The first month after that one for which weights of these are planned."""
    rows = [WEIGHTS[type(node)].objects.filter(node=node, from_month__gt=int(since)).order_by("from_month") for node in siblings]
    months = [month for one in rows for month in one.values_list("from_month", flat=True)[:1]]
    return min(months, default=None)


def _in_force(node: Node, month: Month) -> float | None:
    rows = WEIGHTS[type(node)].objects.filter(node=node, from_month__lte=int(month)).order_by("-from_month")
    weight: float | None = rows.values_list("weight", flat=True).first()
    return weight
