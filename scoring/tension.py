"""Pairs of measures that pull apart (rule book §7)."""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from scoring.numbers import SCORE_DECIMALS, fraction, half_up

Side = list[tuple[float, float | None]]


class State(Enum):
    """Of a pair; the first that holds."""

    UNKNOWN = "unknown"
    BOTH_LOW = "both_low"
    TRADED = "traded"
    STRAINED = "strained"
    BALANCED = "balanced"


@dataclass(frozen=True)
class Thresholds:
    """In points: below `low` both sides are low; a side has moved by `moved`; a gap above `wide` strains."""

    low: float = 60
    moved: float = 5
    wide: float = 15


@dataclass(frozen=True)
class Pair:
    """The scores of both sides (None: no score), and of the period before."""

    a: float | None
    b: float | None
    a_before: float | None = None
    b_before: float | None = None

    @property
    def score(self) -> float | None:
        return None if self.a is None or self.b is None else min(self.a, self.b)

    @property
    def gap(self) -> float | None:
        return None if self.a is None or self.b is None else _points(abs(fraction(self.a) - fraction(self.b)))


def side(measures: Side) -> float | None:
    """The mean of scores, weighted by each measure's share of the whole scorecard. measures: pairs of share and score."""
    scored = [(fraction(share), fraction(score)) for share, score in measures if score is not None]
    total = sum((share for share, _ in scored), Fraction(0))
    return _points(sum((share * score for share, score in scored), Fraction(0)) / total) if total else None


def state(pair: Pair, thresholds: Thresholds) -> State:
    """What the pair is in."""
    if pair.a is None or pair.b is None or pair.gap is None:
        return State.UNKNOWN
    if pair.a < thresholds.low and pair.b < thresholds.low:
        return State.BOTH_LOW
    moves = (_move(pair.a_before, pair.a), _move(pair.b_before, pair.b))
    if max(moves) >= thresholds.moved and min(moves) <= -thresholds.moved:
        return State.TRADED
    return State.STRAINED if pair.gap > thresholds.wide else State.BALANCED


def _move(before: float | None, now: float) -> float:
    return 0.0 if before is None else _points(fraction(now) - fraction(before))


def _points(number: Fraction) -> float:
    return half_up(number, SCORE_DECIMALS)
