"""Whether a value is unlike those before it, and what may have been meant."""

from collections.abc import Sequence
from statistics import median

FEWEST = 6
SPREADS = 3.0
NORMAL = 1.4826  # median absolute deviation → standard deviation, of a normal distribution
LEAST_SHARE = 0.25
FEW_SHARE = 0.4
SLIPS = (10.0, 0.1, 100.0, 0.01, 1000.0, 0.001)


def is_outlier(value: float, before: Sequence[float]) -> bool:
    """before: the values of earlier months, latest last. From six of them on: farther from their median than three spreads (the median
    absolute deviation, scaled) and a quarter of the median; with fewer: more than 40 % away from the last one."""
    if not before:
        return False
    if len(before) < FEWEST:
        return abs(value - before[-1]) > FEW_SHARE * abs(before[-1])
    middle = median(before)
    spread = NORMAL * median(abs(one - middle) for one in before)
    return abs(value - middle) > max(SPREADS * spread, LEAST_SHARE * abs(middle))


def likely(value: float, before: Sequence[float]) -> float | None:
    """The same digits with the point elsewhere, where that would be like the earlier values and the value is not."""
    if not is_outlier(value, before):
        return None
    fitting = [float(f"{value * slip:.12g}") for slip in SLIPS if not is_outlier(value * slip, before)]
    return min(fitting, key=lambda one: abs(one - median(before))) if fitting else None
