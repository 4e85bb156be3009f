"""Values of earlier months, as they were reported."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from scorecards.choices import COUNTING, PARTS
from scorecards.models import Measure, Month, Reading, Scorecard

MONTHS = 24
KEPT = (*PARTS, "not_applicable", "state", "note", "returned_because", "entered_by_id", "verified_by_id")


def kept(reading: Reading) -> dict[str, Any]:
    """All that a reading holds, as JSON keeps it, so that it can be brought back."""
    at = reading.verified_at.isoformat() if reading.verified_at else None
    return {**{name: getattr(reading, name) for name in KEPT}, "verified_at": at}


def held(reading: Reading | None) -> Mapping[str, float] | None:
    """The numbers of a reading by name: none of them where it is a mark, None where there is no reading."""
    return None if reading is None else {name: getattr(reading, name) for name in PARTS if getattr(reading, name) is not None}


def value_of(parts: Mapping[str, float], factor: float | None) -> float | None:
    """The month's value that a reading's numbers tell: the value, or the ratio; None without one."""
    if "denominator" not in parts:
        return parts.get("value")
    return parts["numerator"] / parts["denominator"] * (factor or 1.0) if parts["denominator"] else None


def within_limits(measure: Measure, parts: Mapping[str, float]) -> bool:
    """Whether the month's value is one that the measure can have at all. parts: all that the measure needs."""
    value = value_of(parts, measure.factor)
    below = value is not None and measure.lowest is not None and value < measure.lowest
    above = value is not None and measure.highest is not None and value > measure.highest
    return not below and not above


def earlier_values(card: Scorecard, month: Month, codes: list[str]) -> dict[str, list[float]]:
    """By code: what counted in the 24 months before on the same unit's or officer's scorecards, latest last. One query."""
    if not codes:
        return {}
    found: dict[str, list[float]] = defaultdict(list)
    rows = (
        Reading.objects.filter(
            measure__scorecard__unit=card.unit_id,
            measure__scorecard__officer=card.officer,
            measure__code__in=codes,
            month__gte=int(month) - MONTHS,
            month__lt=int(month),
            state__in=COUNTING,
            not_applicable="",
        )
        .select_related("measure")
        .only(*PARTS, "measure__code", "measure__factor")
    )
    for reading in rows.order_by("month"):
        value = value_of(held(reading) or {}, reading.measure.factor)
        if value is not None:
            found[reading.measure.code].append(value)
    return found
