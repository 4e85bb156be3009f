"""How the readings of a window become one value (rule book §2, method)."""

from fractions import Fraction

import numpy as np

from scoring.numbers import Floats, exact_products, fraction, row_products, row_sums, significant
from scoring.plan import Facts, Flags, Ints, Method, Plan


def combine(plan: Plan, facts: Facts, counted: Flags) -> tuple[Floats, Flags]:
    """One value a measure (NaN: none), and where a divisor of zero is the reason. counted: m × k."""
    value = np.where(counted, facts.value, np.nan)
    second = np.where(counted, facts.second, np.nan)
    number, method = counted.sum(axis=1), plan.method
    some = number > 0
    combined = np.full(len(value), np.nan)
    no_divisor = np.zeros(len(value), dtype=bool)

    def rows(*methods: Method) -> Ints:
        chosen = method == methods[0]
        for other in methods[1:]:
            chosen |= method == other
        return np.flatnonzero(chosen & some)

    if len(m := rows(Method.SUM, Method.AVERAGE)):
        combined[m] = row_sums(value[m]) / np.where(method[m] == Method.AVERAGE, number[m], 1)
    if len(m := rows(Method.MINIMUM)):
        combined[m] = np.min(value[m], axis=1, initial=np.inf, where=counted[m])
    if len(m := rows(Method.MAXIMUM)):
        combined[m] = np.max(value[m], axis=1, initial=-np.inf, where=counted[m])
    if len(m := rows(Method.LATEST)):
        combined[m] = value[m, last_counted(counted)[m]]
    if len(m := rows(Method.RATIO, Method.WEIGHTED)):
        divisor = row_sums(second[m])
        combined[m], no_divisor[m] = _divide(plan, value[m], second[m], divisor, m), divisor == 0
    return significant(combined, lambda i: _exactly(plan, value, second, i)), no_divisor


def last_counted(counted: Flags) -> Ints:
    """The last column with a counted reading, −1 where there is none. One number a measure."""
    columns = counted.shape[1]
    last = columns - 1 - np.argmax(counted[:, ::-1], axis=1)
    return np.where(counted.any(axis=1), last, -1)


def _exactly(plan: Plan, value: Floats, second: Floats, i: int) -> Fraction:
    """The value of one measure as a fraction. value and second: m × k, NaN where nothing counts."""
    ones = np.ones_like(value[i])
    method, has = plan.method[i], np.isfinite(value[i])
    if method == Method.RATIO:
        return fraction(plan.factor[i]) * exact_products(value[i], ones) / exact_products(second[i], ones)
    if method == Method.WEIGHTED:
        return exact_products(value[i], second[i]) / exact_products(second[i], ones)
    if method in (Method.SUM, Method.AVERAGE):
        return exact_products(value[i], ones) / (int(has.sum()) if method == Method.AVERAGE else 1)
    chosen = {Method.MINIMUM: np.min, Method.MAXIMUM: np.max}.get(Method(int(method)), lambda values: values[-1])
    return fraction(float(chosen(value[i][has])))


def _divide(plan: Plan, value: Floats, second: Floats, divisor: Floats, m: Ints) -> Floats:
    dividend = plan.factor[m] * row_sums(value)
    weighted = np.flatnonzero(plan.method[m] == Method.WEIGHTED)
    if len(weighted):
        dividend[weighted] = row_products(value[weighted], second[weighted])
    quotient: Floats = np.divide(dividend, divisor, out=np.full(len(m), np.nan), where=divisor != 0)
    return quotient
