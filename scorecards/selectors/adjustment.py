"""Reads adjustments and the catalogue from which they are proposed."""

from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, Value, When

from organisation.models import Unit, UnitPath
from scorecards.choices import AdjustmentState
from scorecards.models import Adjustment, AdjustmentItem, Month
from scorecards.selectors.text import month_text, signed_text


@dataclass(frozen=True)
class AdjustmentRow:
    row: Adjustment
    month: str
    points: str


def adjustments(unit: Unit, year: int, text: str) -> "QuerySet[Adjustment]":
    """Of the unit's scorecard of that year; what waits for a decision first."""
    found = Adjustment.objects.filter(scorecard__unit=unit, scorecard__officer="", scorecard__year=year)
    if text:
        found = found.filter(
            Q(reason__icontains=text) | Q(evidence__icontains=text) | Q(item__name__icontains=text) | Q(item__name_zh__icontains=text)
        )
    waiting_first = Case(When(state=AdjustmentState.PROPOSED, then=Value(0)), default=Value(1))
    return found.select_related("item", "proposed_by", "decided_by").order_by(waiting_first, "-month", "-pk")


def rows(found: list[Adjustment]) -> list[AdjustmentRow]:
    return [AdjustmentRow(row, month_text(Month(row.month)), signed_text(row.points)) for row in found]


def items_for(unit: Unit) -> "QuerySet[AdjustmentItem]":
    """What may be proposed in the unit: items published there or above, those retired left out."""
    above = UnitPath.objects.filter(below=unit).values("above")
    return AdjustmentItem.objects.filter(unit__in=above, retired=False).order_by("code")


def catalogue(units: "QuerySet[Unit]", text: str) -> "QuerySet[AdjustmentItem]":
    """The items of those units."""
    found = AdjustmentItem.objects.filter(unit__in=units).select_related("unit")
    if text:
        found = found.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text))
    return found.order_by("unit__code", "code")
