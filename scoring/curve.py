"""From a value to a score: which points are in force, and the polyline through them (rule book §3)."""

from functools import reduce

import numpy as np

from scoring.combine import last_counted
from scoring.numbers import (
    DOUBT,
    SCORE_DECIMALS,
    SCORE_SCALE,
    Floats,
    exact_products,
    fraction,
    half_up,
    row_sums,
    score_decimals,
    significant,
)
from scoring.plan import FULL_MARKS, Better, Facts, Flags, Ints, Method, Plan

SPREAD = 1e-4  # how far a score on a line as wide as its points are large can be off, in its last decimals


def points_in_force(plan: Plan, facts: Facts, counted: Flags) -> Floats:
    """m × p points of the window: summed over the counted months for `sum`, else those of the last one.
    A row of NaN where a month whose points are needed has none in force."""
    needed = _months_needed(plan, counted)
    points = np.full((len(counted), plan.points), np.nan)
    measure, column = np.nonzero(needed)
    row = plan.targets.in_force(measure, facts.months[column])
    lacking = np.bincount(measure[row < 0], minlength=len(counted)) > 0
    once = needed.sum(axis=1) == 1
    single = (row >= 0) & once[measure]
    points[measure[single]] = plan.targets.at(row[single])
    several = np.flatnonzero(~once & needed.any(axis=1) & ~lacking)
    if len(several):
        points[several] = _sums(plan, facts, needed, several)
    return points


def _sums(plan: Plan, facts: Facts, needed: Flags, measures: Ints) -> Floats:
    """The pointwise sums over the needed months, of measures that have points in force in all of them."""
    place, column = np.nonzero(needed[measures])
    grid = np.full((len(measures), needed.shape[1], plan.points), np.nan)
    grid[place, column] = plan.targets.at(plan.targets.in_force(measures[place], facts.months[column]))
    rows = grid.transpose(0, 2, 1).reshape(-1, grid.shape[1])
    sums = significant(row_sums(rows), lambda i: exact_products(rows[i], np.ones(rows.shape[1])))
    exists = np.arange(plan.points) < plan.curve_length[measures][:, None]
    return np.where(exists, sums.reshape(len(measures), plan.points), np.nan)


def goals(plan: Plan, points: Floats) -> Floats:
    """m × 2: the lowest and the highest of the points that earn exactly 100; NaN where none does. For people to look at."""
    full = (plan.curve_scores == FULL_MARKS) & np.isfinite(points)
    low = reduce(np.minimum, np.where(full, points, np.inf).T)
    high = reduce(np.maximum, np.where(full, points, -np.inf).T)
    found = np.stack([low, high], axis=1)
    return np.where(np.isfinite(found), found, np.nan)


def _months_needed(plan: Plan, counted: Flags) -> Flags:
    last = last_counted(counted)
    only_last = np.zeros_like(counted)
    has = np.flatnonzero(last >= 0)
    only_last[has, last[has]] = True
    scored = (plan.curve_length > 0)[:, None]
    needed: Flags = np.where((plan.method == Method.SUM)[:, None], counted, only_last) & scored
    return needed


def evaluate(plan: Plan, value: Floats, points: Floats) -> Floats:
    """One score a measure, NaN where value or points are. points: m × p."""
    score = np.full(len(value), np.nan)
    m = np.flatnonzero(np.isfinite(value) & np.isfinite(points[:, 0]) & (plan.curve_length > 0))
    last = plan.curve_length[m] - 1
    begin, end = points[m, 0], points[m, last]
    sign = np.where(end < begin, -1.0, 1.0)
    x, xs = sign * value[m], sign[:, None] * points[m]
    ys = plan.curves[plan.curve_of[m]]
    below, above = ys[:, 0].copy(), ys[np.arange(len(m)), last]
    flat = np.flatnonzero(end == begin)
    if len(flat):
        below[flat], above[flat] = _sides(plan.better[m[flat]], below[flat], above[flat])
    result = np.where(x < sign * begin, below, above)
    inside = np.flatnonzero((x > sign * begin) & (x < sign * end))
    result[inside] = _lines(x[inside], xs[inside], ys[inside])
    row, at = np.nonzero(xs == x[:, None])
    if len(row):
        step = np.full(len(m), -np.inf)
        np.maximum.at(step, row, ys[row, at])
        result = np.where(np.isfinite(step), step, result)
    score[m] = result
    return score_decimals(score)


def _sides(better: Ints, first: Floats, last: Floats) -> tuple[Floats, Floats]:
    """Below and above points that are all the same: the better way has the higher of their scores."""
    low, high = np.minimum(first, last), np.maximum(first, last)
    higher, lower = better == Better.HIGHER, better == Better.LOWER
    return np.where(higher, low, np.where(lower, high, first)), np.where(higher, high, np.where(lower, low, last))


def _lines(x: Floats, xs: Floats, ys: Floats) -> Floats:
    """The height of each polyline at x, which lies between its first and its last point, and on none of them or on one whose own
    height is taken instead."""
    r = np.arange(len(x))
    right = np.argmax(xs > x[:, None], axis=1)
    left = right - 1
    x0, x1, y0, y1 = xs[r, left], xs[r, right], ys[r, left], ys[r, right]
    line: Floats = y0 + (y1 - y0) * ((x - x0) / (x1 - x0))
    doubt = np.maximum(DOUBT, SPREAD * np.abs(x0) / (x1 - x0))
    for i in np.flatnonzero(np.abs(line * SCORE_SCALE % 1 - 0.5) < doubt):
        line[i] = _exact_line(x[i], xs[i, left[i] : right[i] + 1], ys[i, left[i] : right[i] + 1])
    return line


def _exact_line(x: float, xs: Floats, ys: Floats) -> float:
    """The line between two points, exactly: where the score lies near to a half, and a float cannot tell the side."""
    (x0, x1), (y0, y1) = (fraction(p) for p in xs), (fraction(y) for y in ys)
    return half_up(y0 + (y1 - y0) * (fraction(x) - x0) / (x1 - x0), SCORE_DECIMALS)
