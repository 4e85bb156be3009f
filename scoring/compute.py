"""Values of measures that are computed from others: formulas, roll-ups, mirrors (rule book §4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import fsum

import numpy as np

from scoring import formula
from scoring.numbers import CANCELLED, SIGNIFICANT_DIGITS, Floats, exact_products, fraction, row_products, row_sums, significant
from scoring.plan import Across, Facts, Flags, FormulaStep, Ints, Method, MirrorStep, Plan, RollupStep


@dataclass(frozen=True)
class Values:
    """Per measure: the value (NaN: none), and whether a divisor of zero or an operand without a value is the reason."""

    value: Floats
    no_divisor: Flags
    no_operand: Flags


def compute(plan: Plan, facts: Facts, counted: Flags, values: Values) -> None:
    """Fill in the computed measures, in the order of the plan's steps. values: those of entered measures, changed in place."""
    for step in plan.steps:
        if isinstance(step, FormulaStep):
            _formula(step, values)
        elif isinstance(step, MirrorStep):
            for column in (values.value, values.no_divisor, values.no_operand):
                column[step.measures] = column[step.sources]
        elif step.across == Across.DIVIDED:
            _divide(plan, facts, counted, step, values)
        else:
            _across(step, values)


def rest(plan: Plan, grid: Flags) -> Flags:
    """m × k flags of entered measures, with those of computed ones: whether it holds for any reading under them."""
    if not len(plan.rests_of):
        return grid
    whole, begin = grid.copy(), _first_of_each(plan.rests_of)
    whole[plan.rests_of[begin]] = np.logical_or.reduceat(grid[plan.rests_on], begin, axis=0)
    return whole


def number_under(plan: Plan, grid: Flags) -> Floats:
    """How many flags each measure has; a computed one those of all readings under it."""
    number: Floats = grid.sum(axis=1).astype(float)
    if len(plan.rests_of):
        begin = _first_of_each(plan.rests_of)
        number[plan.rests_of[begin]] = np.add.reduceat(number[plan.rests_on], begin)
    return number


def _first_of_each(rising: Ints) -> Ints:
    """Where each number stands first."""
    return np.flatnonzero(np.diff(rising, prepend=-1))


def too_few(plan: Plan, facts: Facts, counted: Flags) -> Flags:
    """Per measure: whether its divisor over the window, a roll-up's over all contributors, is less than it needs for a score
    (docs/adr/0008). A mirror is as what it shows."""
    found = np.zeros(len(plan.minimum_count), dtype=bool)
    if not np.isfinite(plan.minimum_count).any():
        return found
    divisor = row_sums(np.where(counted, facts.second, np.nan))
    least = plan.minimum_count.copy()
    for step in plan.steps:
        if isinstance(step, RollupStep) and step.across == Across.DIVIDED:
            for measure, place in _parts(step):
                divisor[measure] = fsum(divisor[step.contributors[place]])
        elif isinstance(step, MirrorStep):
            divisor[step.measures], least[step.measures] = divisor[step.sources], least[step.sources]
    for i in np.flatnonzero(np.isfinite(least)):
        found[i] = float(f"{divisor[i]:.{SIGNIFICANT_DIGITS}g}") < least[i]
    return found


def _formula(step: FormulaStep, values: Values) -> None:
    operands = values.value[step.operands]
    whole = np.isfinite(operands).all(axis=1)
    value, no_divisor = formula.evaluate(step.program, operands[whole])
    values.value[step.measures[whole]] = value
    values.no_divisor[step.measures[whole]] = no_divisor
    values.no_operand[step.measures[~whole]] = True


def _parts(step: RollupStep) -> Iterator[tuple[int, slice]]:
    for i, measure in enumerate(step.measures.tolist()):
        yield measure, slice(int(step.starts[i]), int(step.starts[i + 1]))


def _across(step: RollupStep, values: Values) -> None:
    found = np.full(len(step.measures), np.nan)
    given = values.value[step.contributors]
    exact: dict[int, list[float]] = {}
    for i, (measure, place) in enumerate(_parts(step)):
        own = given[place]
        own = own[np.isfinite(own)]
        if len(own):
            found[i], exact[i] = _of_contributors(step.across, own), own.tolist()
        else:
            divided = bool(values.no_divisor[step.contributors[place]].any())
            values.no_divisor[measure], values.no_operand[measure] = divided, not divided
    values.value[step.measures] = significant(found, lambda i: _exactly(step.across, exact[i]))


def _of_contributors(across: Across, own: Floats) -> float:
    if across in (Across.MINIMUM, Across.MAXIMUM):
        return float(own.min() if across == Across.MINIMUM else own.max())
    total = fsum(own)
    if abs(total) < CANCELLED * fsum(np.abs(own)):
        return float(_exactly(across, own.tolist()))
    return total / len(own) if across == Across.AVERAGE else total


def _exactly(across: Across, own: list[float]) -> Fraction:
    numbers = [fraction(x) for x in own]
    if across in (Across.MINIMUM, Across.MAXIMUM):
        return min(numbers) if across == Across.MINIMUM else max(numbers)
    total = sum(numbers, Fraction(0))
    return total / len(numbers) if across == Across.AVERAGE else total


def _divide(plan: Plan, facts: Facts, counted: Flags, step: RollupStep, values: Values) -> None:
    """Numerators and denominators (values times volumes, and volumes) of all contributors that have a value, divided once."""
    found = np.full(len(step.measures), np.nan)
    exact: dict[int, Fraction] = {}
    for i, (measure, place) in enumerate(_parts(step)):
        own = step.contributors[place]
        own = own[np.isfinite(values.value[own])]
        if not len(own):
            values.no_divisor[measure] = bool(values.no_divisor[step.contributors[place]].any())
            continue
        first, second = np.where(counted[own], facts.value[own], 0.0).ravel(), np.where(counted[own], facts.second[own], 0.0).ravel()
        weighted = plan.method[measure] == Method.WEIGHTED
        found[i] = _quotient(first, second, weighted, float(plan.factor[measure]))
        if _is_unsure(found[i : i + 1]) or _is_cancelled(first * second if weighted else first):
            exact[i] = _exact_quotient(first, second, weighted, float(plan.factor[measure]))
            found[i] = float(exact[i])
    values.value[step.measures] = significant(found, lambda i: exact.get(i, fraction(found[i])))


def _quotient(first: Floats, second: Floats, weighted: bool, factor: float) -> float:
    dividend = float(row_products(first[None, :], second[None, :])[0]) if weighted else factor * fsum(first)
    return dividend / fsum(second)


def _exact_quotient(first: Floats, second: Floats, weighted: bool, factor: float) -> Fraction:
    ones = np.ones_like(first)
    divisor = exact_products(second, ones)
    return exact_products(first, second) / divisor if weighted else fraction(factor) * exact_products(first, ones) / divisor


def _is_cancelled(terms: Floats) -> bool:
    return abs(fsum(terms)) < CANCELLED * fsum(np.abs(terms))


def _is_unsure(number: Floats) -> bool:
    """Whether the number lies so near to half of its last digit that a float cannot tell the side."""
    asked: list[int] = []

    def note(i: int) -> Fraction:
        asked.append(i)
        return fraction(number[i])

    significant(number, note)
    return bool(asked)
