"""From children to their parent: weighted means and shares (rule book §5)."""

from fractions import Fraction
from itertools import groupby

import numpy as np

from scoring.numbers import DOUBT, SCORE_DECIMALS, SCORE_SCALE, Floats, fraction, half_up, score_decimals
from scoring.plan import Dated, Flags, Ints

HUNDREDTHS = 10_000
LARGEST_WHOLE_WEIGHT = 10_000.0


def means(weight: Floats, numbers: Floats, parent: Ints, parents: int) -> Floats:
    """Σ w·x / Σ w over the children whose x is not NaN; NaN where Σ w = 0. numbers: c × n, several of each child; c × parents.
    Where the result lies so near to half of the last decimal that a float cannot tell the side, it is worked out in fractions:
    so neither the scale of the weights nor the order of the children moves a digit. Children of one parent stand together."""
    if ((weight == np.floor(weight)) & (weight <= LARGEST_WHOLE_WEIGHT)).all():
        return _whole_means(weight, numbers, parent, parents)
    return np.stack([_mean(weight, row, parent, parents) for row in numbers])


def _whole_means(weight: Floats, numbers: Floats, parent: Ints, parents: int) -> Floats:
    """The same in whole numbers, where all weights are: scores are whole billionths. Sums that overflow on the way come out right,
    since only their differences count."""
    has = np.isfinite(numbers)
    terms = np.zeros((2, len(numbers), len(weight) + 1), dtype=np.int64)
    terms[0, :, 1:], terms[1, :, 1:] = weight * has, np.rint(np.where(has, numbers, 0.0) * SCORE_SCALE)
    terms[1] *= terms[0]
    number_of = np.bincount(parent, minlength=parents)
    ends = number_of.cumsum()
    sums = terms.cumsum(axis=2)
    total, dividend = sums[:, :, ends] - sums[:, :, ends - number_of]
    found = np.full(total.shape, np.nan)
    some = total > 0
    found[some] = (2 * dividend[some] + total[some]) // (2 * total[some]) / SCORE_SCALE
    return found


def _mean(weight: Floats, number: Floats, parent: Ints, parents: int) -> Floats:
    has = np.isfinite(number)
    w, x, to = weight[has], number[has], parent[has]
    total = np.bincount(to, w, minlength=parents)
    quotient = np.divide(np.bincount(to, w * x, minlength=parents), total, out=np.full(parents, np.nan), where=total > 0)
    found = score_decimals(quotient)
    doubtful = np.abs(quotient * SCORE_SCALE % 1 - 0.5) < DOUBT
    for i in np.flatnonzero(np.isin(to, np.flatnonzero(doubtful))) if doubtful.any() else []:
        if doubtful[to[i]]:
            doubtful[to[i]] = False
            found[to[i]] = _exact_mean(w[to == to[i]], x[to == to[i]])
    return found


def _exact_mean(weight: Floats, number: Floats) -> float:
    weights = [fraction(w) for w in weight]
    total = sum((w * fraction(x) for w, x in zip(weights, number, strict=True)), Fraction(0))
    return half_up(total / sum(weights, Fraction(0)), SCORE_DECIMALS)


def shares(weight: Floats, among: Flags, parent: Ints, parents: int) -> Floats:
    """w / Σ w among the chosen siblings, 0 for the others and where Σ w = 0. One number a child."""
    chosen = np.where(among, weight, 0.0)
    total = np.bincount(parent, chosen, minlength=parents)[parent]
    return np.divide(chosen, total, out=np.zeros(len(chosen)), where=total > 0)


def weights_in_force(rows: Dated, children: int, month: Ints) -> Floats:
    """The weight of each child in its window's last month. month: one a child."""
    row = rows.in_force(np.arange(children), month)
    return np.where(row >= 0, rows.rows[row], 0.0) if len(rows.rows) else np.zeros(children)


def printed_shares(weights: list[float], parents: list[int]) -> list[str]:
    """Each weight as a percentage of its siblings' (children of one parent stand together), to two decimals by
    largest remainder, ties to the earlier sibling, so that siblings total exactly 100; all 0 where they total 0."""
    printed: list[str] = []
    for _, group in groupby(zip(parents, weights, strict=True), key=lambda pair: pair[0]):
        printed += _print_group([fraction(weight) for _, weight in group])
    return printed


def _print_group(weights: list[Fraction]) -> list[str]:
    total = sum(weights)
    if not total:
        return ["0.00"] * len(weights)
    exact = [weight * HUNDREDTHS / total for weight in weights]
    units = [int(share) for share in exact]
    by_remainder = sorted(range(len(units)), key=lambda i: units[i] - exact[i])
    for i in by_remainder[: HUNDREDTHS - sum(units)]:
        units[i] += 1
    return [f"{unit // 100}.{unit % 100:02d}" for unit in units]
