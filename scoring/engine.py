"""All steps in their order: what is due, values, scores, the tree, bands. One call for one scorecard or a hundred thousand."""

import numpy as np

from scoring.bands import band
from scoring.combine import combine
from scoring.curve import evaluate, goals, points_in_force
from scoring.due import due_by_frequency, past_deadline
from scoring.numbers import Floats, score_decimals
from scoring.plan import FULL_MARKS, Dated, Facts, Flags, Ints, Level, Plan, Reason, Results, Windows
from scoring.tree import mean, shares, weights_in_force


def score(plan: Plan, facts: Facts, windows: Windows) -> Results:
    """Score every card of the plan in its window. The result of a card does not depend on the others in the call."""
    expected = due_by_frequency(plan, facts.months, windows)
    due = expected & ~facts.excused
    counted = due & facts.reported
    value, no_divisor = combine(plan, facts, counted)
    points = points_in_force(plan, facts, counted)
    scores = evaluate(plan, value, points)
    zero = _zero(plan, due, counted, past_deadline(plan, facts, windows.today))
    scores = np.where(zero, 0.0, scores)
    completeness = _completeness(plan, due, counted)
    reason = _reason(plan, expected, due, counted, zero, no_divisor, points)
    found = {"value": value, "reason": reason, "points": points, "goals": goals(plan, points)}
    return _roll_up(plan, windows, scores, completeness, found, due, counted)


def _zero(plan: Plan, due: Flags, counted: Flags, passed: Flags) -> Flags:
    applies = plan.missing_zero[plan.card_of_measure] & (plan.curve_length > 0)
    zero: Flags = applies & ~counted.any(axis=1) & (due & passed).any(axis=1)
    return zero


def _completeness(plan: Plan, due: Flags, counted: Flags) -> Floats:
    wanted = due.sum(axis=1) * (plan.curve_length > 0)
    return score_decimals(np.divide(counted.sum(axis=1), wanted, out=np.full(len(due), np.nan), where=wanted > 0))


def _reason(plan: Plan, expected: Flags, due: Flags, counted: Flags, zero: Flags, no_divisor: Flags, points: Floats) -> Ints:
    asked = [
        (~expected.any(axis=1), Reason.NOT_DUE),
        (~due.any(axis=1), Reason.NOT_APPLICABLE),
        (zero, Reason.ZERO),
        (~counted.any(axis=1), Reason.MISSING),
        (no_divisor, Reason.NO_DIVISOR),
        ((plan.curve_length > 0) & np.isnan(points[:, 0]), Reason.NO_TARGET),
        (plan.curve_length == 0, Reason.UNSCORED),
    ]
    return np.select([flag for flag, _ in asked], [int(reason) for _, reason in asked], int(Reason.NONE))


def _roll_up(
    plan: Plan,
    windows: Windows,
    scores: Floats,
    completeness: Floats,
    found: dict[str, Floats],
    due: Flags,
    counted: Flags,
) -> Results:
    rated = plan.curve_length > 0
    measures = _level(plan, windows, plan.measure_weights, plan.objective_of, plan.card_of_measure, scores, completeness, rated)
    card = plan.card_of[plan.perspective_of]
    objectives = _above(plan, windows, plan.objective_weights, plan.perspective_of, card, measures, plan.objective_of)
    perspectives = _above(plan, windows, plan.perspective_weights, plan.card_of, plan.card_of, objectives, plan.perspective_of)
    base = mean(perspectives.weight, perspectives.score, plan.card_of, plan.cards)
    whole = mean(perspectives.weight, perspectives.completeness, plan.card_of, plan.cards)
    return Results(
        base=base,
        score=base,
        completeness=whole,
        band=band(base, whole, plan.band_floors, plan.minimum_completeness),
        perspectives=perspectives,
        objectives=objectives,
        measures=measures,
        lost=_lost(plan, measures, objectives, perspectives),
        due=due,
        counted=counted,
        **found,
    )


def _above(plan: Plan, windows: Windows, rows: Dated, parent: Ints, card: Ints, children: Level, to: Ints) -> Level:
    scores = mean(children.weight, children.score, to, len(parent))
    completeness = mean(children.weight, children.completeness, to, len(parent))
    return _level(plan, windows, rows, parent, card, scores, completeness, np.ones(len(parent), dtype=bool))


def _level(
    plan: Plan,
    windows: Windows,
    rows: Dated,
    parent: Ints,
    card: Ints,
    scores: Floats,
    completeness: Floats,
    rated: Flags,
) -> Level:
    weight = weights_in_force(rows, len(parent), windows.last[card])
    parents = int(parent.max(initial=-1)) + 1
    return Level(
        score=scores,
        completeness=completeness,
        weight=weight,
        share=100 * shares(weight, rated, parent, parents),
        counted_share=shares(weight, np.isfinite(scores), parent, parents),
        band=band(scores, completeness, plan.band_floors[card], plan.minimum_completeness[card]),
    )


def _lost(plan: Plan, measures: Level, objectives: Level, perspectives: Level) -> Floats:
    reach = objectives.counted_share * perspectives.counted_share[plan.perspective_of]
    lacking = np.maximum(FULL_MARKS - np.nan_to_num(measures.score, nan=FULL_MARKS), 0.0)
    return score_decimals(measures.counted_share * reach[plan.objective_of] * lacking)
