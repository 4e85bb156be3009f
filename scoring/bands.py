"""Which band a score falls in (rule book §6)."""

import numpy as np

from scoring.numbers import Floats, one_decimal_half_up
from scoring.plan import Ints

NO_BAND = -1
INSUFFICIENT = -2


def band(score: Floats, completeness: Floats, floors: Floats, minimum: Floats) -> Ints:
    """The index of the band, −1 without a score, −2 where too little was reported. floors: n × b, one row a node."""
    reached = (one_decimal_half_up(score)[:, None] >= floors).sum(axis=1) - 1
    lacking = completeness < minimum
    return np.where(np.isnan(score), NO_BAND, np.where(lacking, INSUFFICIENT, reached))
