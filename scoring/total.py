"""The scorecard's score: base, adjustment, veto (rule book §5, in that order)."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from scoring.numbers import SCORE_DECIMALS, Floats, fraction, half_up, significant
from scoring.plan import FULL_MARKS, Facts, Plan, Windows

HIGHEST = Fraction(120)


@dataclass(frozen=True)
class Totals:
    """Per card. adjustment: clamped to the card's limit; cap: the lowest cap of the vetoes that hold, NaN where none does."""

    score: Floats
    adjustment: Floats
    cap: Floats


def totals(plan: Plan, facts: Facts, windows: Windows, base: Floats, measure_scores: Floats) -> Totals:
    """base: one a card, NaN without a score; measure_scores: one a measure."""
    adjustment = _adjustments(plan, facts, windows)
    score = base.copy()
    for card in np.flatnonzero(np.isfinite(base) & (adjustment != 0)):
        whole = fraction(base[card]) + fraction(adjustment[card])
        score[card] = half_up(min(max(whole, Fraction(0)), HIGHEST), SCORE_DECIMALS)
    cap = np.full(plan.cards, np.inf)
    vetoing = np.isfinite(plan.veto_cap) & (measure_scores < FULL_MARKS)
    np.minimum.at(cap, plan.card_of_measure[vetoing], plan.veto_cap[vetoing])
    return Totals(np.minimum(score, cap), adjustment, np.where(np.isfinite(cap), cap, np.nan))


def _adjustments(plan: Plan, facts: Facts, windows: Windows) -> Floats:
    rows = facts.adjustments
    adjustment = np.zeros(plan.cards)
    inside = (rows.month >= windows.first[rows.owner]) & (rows.month <= windows.last[rows.owner])
    found: dict[int, Fraction] = {}
    for card, points in zip(rows.owner[inside].tolist(), rows.rows[inside].tolist(), strict=True):
        found[card] = found.get(card, Fraction(0)) + fraction(points)
    if found:
        clamped = [min(max(points, -limit), limit) for card, points in found.items() for limit in [fraction(plan.adjustment_limit[card])]]
        adjustment[list(found)] = significant(np.array(clamped, dtype=float), clamped.__getitem__)
    return adjustment
