"""Rounding that is part of the rules (rule book §1), and sums that do not lose digits."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIGNIFICANT_DIGITS = 12
SCORE_DECIMALS = 9
SCORE_SCALE = 10.0**SCORE_DECIMALS
CANCELLED = 0.2  # the terms are that much larger than their sum: then their own rounding could reach DOUBT
DOUBT = 2e-3
LONGEST = np.longdouble  # sums round once where this is longer than a float; where it is not, they stay within DOUBT
_EXACT_POWER_OF_TEN = 22
_POWERS_OF_TEN = np.array([float(10**power) for power in range(_EXACT_POWER_OF_TEN + 1)])


def significant(numbers: Floats, exact: Callable[[int], Fraction] | None = None) -> Floats:
    """Round to 12 significant digits, half up; NaN and zero stay as they are. One dimension.
    exact: what a number is as a fraction, asked where a float cannot tell on which side of a half it lies."""
    rounded = numbers.copy()
    usable = np.flatnonzero(np.isfinite(numbers) & (numbers != 0))
    places = significant_places(numbers[usable])
    up, down = (_POWERS_OF_TEN[np.minimum(np.maximum(power, 0), _EXACT_POWER_OF_TEN)] for power in (places, -places))
    scaled = numbers[usable] * up / down
    rounded[usable] = np.floor(scaled + 0.5) / up * down
    odd = np.abs(places) > _EXACT_POWER_OF_TEN
    doubtful = np.abs(scaled % 1 - 0.5) < DOUBT
    for i in np.flatnonzero(odd | doubtful):
        at = int(usable[i])
        rounded[at] = half_up(exact(at) if exact else fraction(numbers[at]), int(places[i]))
    return rounded


def significant_places(numbers: Floats) -> NDArray[np.int64]:
    """To how many decimals each number is rounded so that 12 significant digits are left; 0 for what is 0 or not finite."""
    usable = np.isfinite(numbers) & (numbers != 0)
    size = np.floor(np.log10(np.abs(numbers), out=np.full(np.shape(numbers), float(SIGNIFICANT_DIGITS - 1)), where=usable))
    return SIGNIFICANT_DIGITS - 1 - size.astype(np.int64)


def half_up(number: Fraction, places: int) -> float:
    """floor(x · 10^places + ½) ÷ 10^places, exactly."""
    scale = Fraction(10) ** places
    return float(Fraction(floor(number * scale + Fraction(1, 2))) / scale)


def score_decimals(numbers: Floats) -> Floats:
    """Round scores and completeness (0..120) to 9 decimals, half up; NaN stays. Any shape."""
    rounded: Floats = np.floor(numbers * SCORE_SCALE + 0.5) / SCORE_SCALE
    return rounded


def one_decimal_half_up(scores: Floats) -> Floats:
    """Round as people see it: floor(10·x + ½) ÷ 10 (rule book §6)."""
    rounded: Floats = np.floor(np.round(10 * scores, SCORE_DECIMALS - 1) + 0.5) / 10
    return rounded


def row_sums(grid: Floats) -> Floats:
    """Sum each row of an n × k grid as the decimals say; NaN counts as nothing."""
    terms = _or_nothing(grid)
    return _summed(terms, lambda i: exact_products(terms[i], np.ones(len(terms[i]))))


def row_products(left: Floats, right: Floats) -> Floats:
    """Sum left · right over each row of two n × k grids as the decimals say; NaN counts as nothing."""
    left, right = _or_nothing(left), _or_nothing(right)
    return _summed(np.multiply(left, right, dtype=LONGEST), lambda i: exact_products(left[i], right[i]))


def _summed(terms: NDArray[Any], exact: Callable[[int], Fraction]) -> Floats:
    """The sums of the rows, in the longest floats; and as the fraction that is `exact` where the terms cancel each other largely."""
    sums: Floats = terms.sum(axis=1, dtype=LONGEST).astype(np.float64)
    for i in np.flatnonzero(np.abs(sums) < CANCELLED * np.abs(terms).sum(axis=1)):
        sums[i] = float(exact(int(i)))
    return sums


def _or_nothing(numbers: Floats) -> Floats:
    return np.where(np.isnan(numbers), 0.0, numbers)


def exact_products(left: Floats, right: Floats) -> Fraction:
    """Σ left · right of one row, exactly; NaN counts as nothing."""
    pairs = zip(_or_nothing(left), _or_nothing(right), strict=True)
    return sum((fraction(a) * fraction(b) for a, b in pairs), Fraction(0))


def fraction(number: float) -> Fraction:
    """The decimal that a float stands for, exactly."""
    return Fraction(Decimal(repr(float(number))))
