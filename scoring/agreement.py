"""Whether two series of scores move together, one some months after the other. It proves nothing about causes."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from scoring.numbers import Floats

FEWEST = 12
SURE = 1.96
ALMOST_ONE = 1 - 1e-12


class Verdict(IntEnum):
    """What the months say: too few of them, no clear relation, together, or against each other."""

    TOO_FEW, UNCLEAR, AGREES, CONTRADICTS = range(4)


@dataclass(frozen=True)
class Agreement:
    """correlation: Pearson's, NaN where there are too few months or one of the series never changes; number: of pairs of months."""

    correlation: float
    number: int
    verdict: Verdict


def agreement(cause: Floats, effect: Floats, lag: int) -> Agreement:
    """cause, effect: a score a month, in order, NaN where there is none; lag: months from the cause to its effect, 0 or more.
    Together or against each other only where Fisher's z says so at the level of 95 %."""
    months = len(cause) - lag
    x, y = cause[: max(months, 0)], effect[lag:] if months > 0 else effect[:0]
    both = np.isfinite(x) & np.isfinite(y)
    x, y, number = x[both], y[both], int(both.sum())
    if number < FEWEST:
        return Agreement(float("nan"), number, Verdict.TOO_FEW)
    dx, dy = x - x.mean(), y - y.mean()
    size = float(np.sqrt((dx * dx).sum() * (dy * dy).sum()))
    if not size:
        return Agreement(float("nan"), number, Verdict.UNCLEAR)
    correlation = float((dx * dy).sum()) / size
    z = np.arctanh(np.clip(correlation, -ALMOST_ONE, ALMOST_ONE)) * np.sqrt(number - 3)
    verdict = Verdict.AGREES if z > SURE else Verdict.CONTRADICTS if z < -SURE else Verdict.UNCLEAR
    return Agreement(correlation, number, verdict)
