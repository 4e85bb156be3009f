"""Service in posts: how long somebody served in each part of a period, and one score out of the parts (docs/adr/0008)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.numbers import fraction

DECIMALS = 9


@dataclass(frozen=True)
class Served:
    """One part: the days served in it, and its score (None: none)."""

    days: int
    score: float | None


@dataclass(frozen=True)
class Whole:
    """shares: of the parts in all days served, counted: in those of the parts with a score, both in percent; score: None where no part
    has one, or where the service is too short."""

    shares: list[float]
    counted: list[float]
    score: float | None
    too_short: bool


def days_served(first: int, last: int, away: Iterable[tuple[int, int]]) -> int:
    """Days from the first to the last, without those inside one of the absences (pairs of a first and last day, which may overlap)."""
    days = max(0, last - first + 1)
    covered = first
    for gone, back in sorted(away):
        begin, end = max(gone, covered), min(back, last)
        if begin <= end:
            days -= end - begin + 1
            covered = end + 1
    return max(0, days)


def together(parts: Sequence[Served], span: int, minimum: float) -> Whole:
    """The mean of the parts' scores, each weighted by its days. span: the days of the period; minimum: the share of them that must have
    been served (0 to 1)."""
    served = sum(part.days for part in parts)
    scored = [(part.days, fraction(part.score)) for part in parts if part.score is not None and part.days]
    days = sum(weight for weight, _score in scored)
    short = Fraction(served) < fraction(minimum) * span or not served
    mean = sum((weight * score for weight, score in scored), Fraction(0)) / days if days else None
    return Whole(
        shares=[float(Fraction(100 * part.days, served)) if served else 0.0 for part in parts],
        counted=[float(Fraction(100 * part.days, days)) if days and part.score is not None else 0.0 for part in parts],
        score=None if mean is None or short else round(float(mean), DECIMALS),
        too_short=short,
    )
