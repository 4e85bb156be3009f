"""The derivation of one measure's score as plain data (rule book §8): enough to redo the sum by hand."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scoring.numbers import exact_products
from scoring.plan import Facts, Ints, Level, Method, Plan, Reason, Results


@dataclass(frozen=True)
class MonthUsed:
    """One month of the window: whether it was due, counted or excused, and what was reported (None: nothing)."""

    month: int
    due: bool
    counted: bool
    excused: bool
    value: float | None
    second: float | None


@dataclass(frozen=True)
class Segment:
    """The two points between which the value fell, with their scores; twice the same on a point, a step or beyond the ends."""

    low_point: float
    low_score: float
    high_point: float
    high_score: float


@dataclass(frozen=True)
class Derivation:
    """value, score and completeness are None where there are none. weight is as in force, share is 100·w/Σw among
    siblings, counted_share the same among those siblings that have a score (percent). lost: points of the card."""

    months: list[MonthUsed]
    value: float | None
    points: list[float]
    curve_scores: list[float]
    segment: Segment | None
    score: float | None
    completeness: float | None
    reason: Reason
    weight: float
    share: float
    counted_share: float
    lost: float


@dataclass(frozen=True)
class Child:
    """A child in its parent's mean. index: among the nodes of its level; the rest as in Derivation."""

    index: int
    weight: float
    share: float
    counted_share: float
    score: float | None
    completeness: float | None
    band: int


@dataclass(frozen=True)
class NodeDerivation:
    """A perspective, an objective, or (without a parent) the base of the scorecard: the weighted means of its children."""

    children: list[Child]
    score: float | None
    completeness: float | None
    band: int


@dataclass(frozen=True)
class CardDerivation:
    """base + adjustment, within 0 and 120, at most the cap of the veto that holds (None: none does)."""

    base: NodeDerivation
    adjustment: float
    limit: float
    cap: float | None
    score: float | None
    completeness: float | None
    band: int


def derive_node(level: Level, children: Level, parent: Ints, node: int) -> NodeDerivation:
    """Explain a node of a level. parent: of each child, its place in the level."""
    return NodeDerivation(
        _children(children, np.flatnonzero(parent == node)),
        number(level.score[node]),
        number(level.completeness[node]),
        int(level.band[node]),
    )


def derive_card(plan: Plan, results: Results, card: int) -> CardDerivation:
    """Explain a scorecard's total."""
    children = _children(results.perspectives, np.flatnonzero(plan.card_of == card))
    completeness = number(results.completeness[card])
    base = NodeDerivation(children, number(results.base[card]), completeness, int(results.band[card]))
    return CardDerivation(
        base=base,
        adjustment=float(results.adjustment[card]),
        limit=float(plan.adjustment_limit[card]),
        cap=number(results.cap[card]),
        score=number(results.score[card]),
        completeness=completeness,
        band=int(results.band[card]),
    )


def _children(level: Level, members: Ints) -> list[Child]:
    return [
        Child(
            index=int(i),
            weight=float(level.weight[i]),
            share=float(level.share[i]),
            counted_share=100 * float(level.counted_share[i]),
            score=number(level.score[i]),
            completeness=number(level.completeness[i]),
            band=int(level.band[i]),
        )
        for i in members
    ]


def derive(plan: Plan, facts: Facts, results: Results, measure: int) -> Derivation:
    """Explain one measure of a scored plan. measure: its index."""
    length = int(plan.curve_length[measure])
    points = [float(p) for p in results.points[measure, :length] if np.isfinite(p)]
    curve = [float(y) for y in plan.curve_scores[measure, :length]]
    value = number(results.value[measure])
    return Derivation(
        months=_months(facts, results, measure),
        value=value,
        points=points,
        curve_scores=curve,
        segment=_segment(value, points, curve, number(results.measures.score[measure])),
        score=number(results.measures.score[measure]),
        completeness=number(results.measures.completeness[measure]),
        reason=Reason(int(results.reason[measure])),
        weight=float(results.measures.weight[measure]),
        share=float(results.measures.share[measure]),
        counted_share=100 * float(results.measures.counted_share[measure]),
        lost=float(results.lost[measure]),
    )


def added_under(plan: Plan, facts: Facts, results: Results, measure: int) -> tuple[float, float]:
    """What a roll-up that divides adds of a measure: numerators and denominators, or values times volumes and volumes, of the counted
    readings of all entered measures under it that have a value."""
    leaves = plan.rests_on[plan.rests_of == measure] if (plan.rests_of == measure).any() else np.array([measure])
    leaves = leaves[np.isfinite(results.value[leaves])]
    first, second = (np.where(results.counted[leaves], grid[leaves], 0.0).ravel() for grid in (facts.value, facts.second))
    ones = np.ones(len(second))
    return float(exact_products(first, second if plan.method[measure] == Method.WEIGHTED else ones)), float(exact_products(second, ones))


def number(x: float) -> float | None:
    """A float of the arrays as people's data: None for NaN."""
    return None if np.isnan(x) else float(x)


def _months(facts: Facts, results: Results, m: int) -> list[MonthUsed]:
    return [
        MonthUsed(
            month=int(month),
            due=bool(results.due[m, k]),
            counted=bool(results.counted[m, k]),
            excused=bool(facts.excused[m, k]),
            value=number(facts.value[m, k]),
            second=number(facts.second[m, k]),
        )
        for k, month in enumerate(facts.months)
        if results.due[m, k] or facts.excused[m, k]
    ]


def _segment(value: float | None, points: list[float], curve: list[float], score: float | None) -> Segment | None:
    """On a point, on a step or beyond the ends, both ends are what was earned; else the two neighbours of the value."""
    if value is None or score is None or not points:
        return None
    pairs = list(zip(points, curve, strict=True)) if points[0] <= points[-1] else list(zip(points, curve, strict=True))[::-1]
    for (low, low_score), (high, high_score) in pairwise(pairs):
        if low < value < high:
            return Segment(low, low_score, high, high_score)
    nearest = min(points, key=lambda point: abs(point - value))
    return Segment(nearest, score, nearest, score)
