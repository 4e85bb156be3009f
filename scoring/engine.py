"""All steps in their order: what is due, values, scores, the tree, bands. One call for one scorecard or a hundred thousand."""

from dataclasses import dataclass

import numpy as np

from scoring.bands import band
from scoring.combine import combine
from scoring.compute import Values, compute, number_under, rest, too_few
from scoring.curve import evaluate, goals, points_in_force
from scoring.due import due_by_frequency, past_deadline
from scoring.numbers import Floats, score_decimals
from scoring.plan import FULL_MARKS, Dated, Facts, Flags, Ints, Level, MirrorStep, Plan, Reason, Results, Windows
from scoring.total import totals
from scoring.tree import means, shares, weights_in_force


@dataclass(frozen=True)
class _Asked:
    """Per measure and month: what the frequency asks for, what is due of that, what of that counted, and what is due and late."""

    expected: Flags
    due: Flags
    counted: Flags
    late: Flags


def score(plan: Plan, facts: Facts, windows: Windows) -> Results:
    """Score every card of the plan in its window. The result of a card does not depend on the others in the call."""
    entered = _asked(plan, facts, windows)
    value, no_divisor = combine(plan, facts, entered.counted)
    values = Values(value, no_divisor, np.zeros(len(value), dtype=bool))
    compute(plan, facts, entered.counted, values)
    asked = _Asked(*(rest(plan, grid) for grid in (entered.expected, entered.due, entered.counted, entered.late)))
    points = _points(plan, facts, asked.counted)
    zero = _zero(plan, asked)
    few = too_few(plan, facts, entered.counted) & (plan.curve_length > 0) & ~zero
    scores = np.where(zero, 0.0, np.where(few, np.nan, evaluate(plan, value, points)))
    tree = _Tree(plan, windows)
    measures = tree.measures(scores, _completeness(plan, entered))
    objectives = tree.above(measures, plan.objective_of, plan.objective_weights, plan.perspective_of)
    perspectives = tree.above(objectives, plan.perspective_of, plan.perspective_weights, plan.card_of)
    base, whole = _means(perspectives, plan.card_of, plan.cards)
    total = totals(plan, facts, windows, base, measures.score)
    return Results(
        base=base,
        adjustment=total.adjustment,
        cap=total.cap,
        score=total.score,
        completeness=whole,
        band=band(total.score, whole, plan.band_floors, plan.minimum_completeness),
        perspectives=perspectives,
        objectives=objectives,
        measures=measures,
        value=value,
        reason=_reason(plan, asked, zero, values, few, points),
        points=points,
        goals=goals(plan, points),
        lost=_lost(plan, measures, objectives, perspectives),
        due=asked.due,
        counted=asked.counted,
    )


def _asked(plan: Plan, facts: Facts, windows: Windows) -> _Asked:
    """Of entered measures; nothing is asked for those that are computed."""
    expected = due_by_frequency(plan, facts.months, windows)
    expected[plan.rests_of] = False
    due = expected & ~facts.excused
    return _Asked(expected, due, due & facts.reported, due & past_deadline(plan, facts, windows.today))


def _points(plan: Plan, facts: Facts, counted: Flags) -> Floats:
    points = points_in_force(plan, facts, counted)
    for step in plan.steps:
        if isinstance(step, MirrorStep):
            points[step.measures] = points[step.sources]
    return points


def _zero(plan: Plan, asked: _Asked) -> Flags:
    applies = plan.missing_zero[plan.card_of_measure] & (plan.curve_length > 0)
    zero: Flags = applies & ~asked.counted.any(axis=1) & asked.late.any(axis=1)
    return zero


def _completeness(plan: Plan, entered: _Asked) -> Floats:
    wanted = number_under(plan, entered.due) * (plan.curve_length > 0)
    empty = np.full(len(wanted), np.nan)
    return score_decimals(np.divide(number_under(plan, entered.counted), wanted, out=empty, where=wanted > 0))


def _reason(plan: Plan, asked: _Asked, zero: Flags, values: Values, few: Flags, points: Floats) -> Ints:
    rules = [
        (~asked.expected.any(axis=1), Reason.NOT_DUE),
        (~asked.due.any(axis=1), Reason.NOT_APPLICABLE),
        (zero, Reason.ZERO),
        (~asked.counted.any(axis=1), Reason.MISSING),
        (values.no_divisor, Reason.NO_DIVISOR),
        (values.no_operand, Reason.NO_OPERAND),
        (few, Reason.TOO_FEW),
        ((plan.curve_length > 0) & np.isnan(points[:, 0]), Reason.NO_TARGET),
        (plan.curve_length == 0, Reason.UNSCORED),
    ]
    found = np.full(len(zero), int(Reason.NONE))
    for holds, reason in reversed(rules):
        found[holds] = reason
    return found


@dataclass(frozen=True)
class _Tree:
    """Builds the levels of the scorecards, from the measures up."""

    plan: Plan
    windows: Windows

    def measures(self, scores: Floats, completeness: Floats) -> Level:
        rated = self.plan.curve_length > 0
        return self._level(self.plan.measure_weights, self.plan.objective_of, scores, completeness, rated)

    def above(self, children: Level, to: Ints, weights: Dated, parent: Ints) -> Level:
        """to: the node of this level that each child belongs to; parent: the node above that each of these belongs to."""
        scores, completeness = _means(children, to, len(parent))
        return self._level(weights, parent, scores, completeness, np.ones(len(parent), dtype=bool))

    def _level(self, weights: Dated, parent: Ints, scores: Floats, completeness: Floats, rated: Flags) -> Level:
        card = self._card_of(parent)
        weight = weights_in_force(weights, len(parent), self.windows.last[card])
        parents = int(parent.max(initial=-1)) + 1
        return Level(
            score=scores,
            completeness=completeness,
            weight=weight,
            share=100 * shares(weight, rated, parent, parents),
            counted_share=shares(weight, np.isfinite(scores), parent, parents),
            band=band(scores, completeness, self.plan.band_floors[card], self.plan.minimum_completeness[card]),
        )

    def _card_of(self, parent: Ints) -> Ints:
        if parent is self.plan.objective_of:
            return self.plan.card_of_measure
        return self.plan.card_of[parent] if parent is self.plan.perspective_of else parent


def _means(children: Level, parent: Ints, parents: int) -> Floats:
    """Score and completeness of each parent."""
    return means(children.weight, np.stack([children.score, children.completeness]), parent, parents)


def _lost(plan: Plan, measures: Level, objectives: Level, perspectives: Level) -> Floats:
    reach = objectives.counted_share * perspectives.counted_share[plan.perspective_of]
    lacking = np.maximum(FULL_MARKS - np.nan_to_num(measures.score, nan=FULL_MARKS), 0.0)
    return score_decimals(measures.counted_share * reach[plan.objective_of] * lacking)
