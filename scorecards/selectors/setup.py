"""What the scorecard administrator's pages show: scorecards, perspectives and weights in force."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from ledger.models import AuditEntry
from ledger.selectors import audit
from organisation.models import Unit
from scorecards.models import Measure, MeasureWeight, Month, Objective, ObjectiveWeight, Perspective, PerspectiveWeight, Scorecard
from scorecards.selectors.text import input_text, month_text

Node = Perspective | Objective | Measure


@dataclass(frozen=True)
class WeightNode:
    """One input of the weights page. share: its printed percentage now."""

    key: str
    node: Node
    name: str
    weight: str


@dataclass(frozen=True)
class WeightGroup:
    """Siblings, which share 100 % between them."""

    key: str
    name: str
    level: int
    nodes: list[WeightNode]


def scorecards(units: "QuerySet[Unit]", text: str) -> "QuerySet[Scorecard]":
    """The scorecards of those units whose unit or name contains the text, latest year first."""
    found = Scorecard.objects.filter(unit__in=units, officer="").select_related("unit").annotate(number=Count("measures"))
    if text:
        wanted = Q(unit__code__icontains=text) | Q(unit__name__icontains=text) | Q(unit__name_zh__icontains=text)
        found = found.filter(wanted | Q(name__icontains=text) | Q(name_zh__icontains=text))
    return found.order_by("unit__code", "-year")


def perspectives_with_weights(card: Scorecard, month: Month) -> list[tuple[Perspective, float]]:
    """The perspectives in their order, with the weight in force in that month."""
    weights = _in_force(PerspectiveWeight, card, month)
    return [(node, weights.get(node.pk, 0.0)) for node in card.perspectives.all()]


def planned(card: Scorecard, month: Month) -> list[tuple[str, str]]:
    """The weights that are dated later than the month: when, and of what which. A query a level."""
    found = []
    for model in (PerspectiveWeight, ObjectiveWeight, MeasureWeight):
        rows = model.objects.filter(node__scorecard=card, from_month__gt=int(month)).select_related("node")
        found += [(row.from_month, row.node.code, row.weight) for row in rows]
    return [(month_text(at), f"{code} {input_text(weight)}") for at, code, weight in sorted(found)]


def weight_groups(card: Scorecard, month: Month) -> list[WeightGroup]:
    """Objectives by perspective and measures by objective, with the weights in force in that month."""
    objective_weights, measure_weights = _in_force(ObjectiveWeight, card, month), _in_force(MeasureWeight, card, month)
    objectives, measures = list(card.objectives.all()), list(card.measures.all())
    groups: list[WeightGroup] = []
    for perspective in card.perspectives.all():
        own = [o for o in objectives if o.perspective_id == perspective.pk]
        groups.append(_group(f"p{perspective.pk}", perspective.label, 1, "o", own, objective_weights))
        for objective in own:
            below = [m for m in measures if m.objective_id == objective.pk]
            groups.append(_group(f"o{objective.pk}", objective.label, 2, "m", below, measure_weights))
    return [group for group in groups if group.nodes]


def version_of(card: Scorecard) -> int:
    """The version that the scorecard has by now."""
    return Scorecard.objects.values_list("version", flat=True).get(pk=card.pk)


def months_of(year: int) -> list[tuple[str, str]]:
    """The months of a year as choices."""
    return [(str(month), month_text(month)) for month in (Month.of(year, number) for number in range(1, 13))]


def history(card: Scorecard) -> "QuerySet[AuditEntry]":
    """All audit lines about the scorecard and its nodes, values left out, latest first."""
    lines = audit.of_target("scorecard", [str(card.pk)])
    for model in (Perspective, Objective, Measure):
        ids = [str(pk) for pk in model.objects.filter(scorecard=card).values_list("pk", flat=True)]
        lines = lines | audit.of_target(str(model._meta.model_name), ids)
    return lines.exclude(verb__in=["record", "clear"])


def _group(key: str, name: str, level: int, letter: str, nodes: Iterable[Node], weights: dict[int, float]) -> WeightGroup:
    rows = [WeightNode(f"{letter}{node.pk}", node, f"{node.code} {node.label}", input_text(weights.get(node.pk, 0.0))) for node in nodes]
    return WeightGroup(key, name, level, rows)


def _in_force(model: type[PerspectiveWeight | ObjectiveWeight | MeasureWeight], card: Scorecard, month: Month) -> dict[int, float]:
    rows = model.objects.filter(node__scorecard=card, from_month__lte=int(month)).order_by("from_month")
    return dict(rows.values_list("node", "weight"))
