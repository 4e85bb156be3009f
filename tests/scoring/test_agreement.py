"""Whether an arrow's data agree with it."""

import math

import numpy as np
import pytest

from scoring.agreement import FEWEST, Verdict, agreement

RISING = np.arange(24.0)
WAVE = np.array([math.sin(i) for i in range(24)])


@pytest.mark.parametrize("lag", [0, 1, 5])
def test_an_effect_that_follows_its_cause_agrees(lag):
    effect = np.concatenate([np.zeros(lag), WAVE])[:24]
    found = agreement(WAVE, effect, lag)
    assert (found.verdict, found.number) == (Verdict.AGREES, 24 - lag)
    assert found.correlation == pytest.approx(1)


def test_an_effect_that_falls_when_its_cause_rises_contradicts():
    assert agreement(WAVE, -WAVE, 0).verdict == Verdict.CONTRADICTS


def test_numbers_that_have_nothing_to_do_with_each_other_are_unclear():
    assert agreement(WAVE, np.tile([1.0, -1.0, -1.0, 1.0], 6), 0).verdict == Verdict.UNCLEAR


def test_fewer_than_12_months_say_nothing():
    cause = WAVE.copy()
    cause[FEWEST - 1 :] = np.nan
    found = agreement(cause, WAVE, 0)
    assert (found.verdict, found.number) == (Verdict.TOO_FEW, FEWEST - 1)


def test_months_without_a_score_are_left_out():
    effect = WAVE.copy()
    effect[::6] = np.nan
    assert agreement(WAVE, effect, 0).number == 20


def test_a_series_that_never_changes_has_no_correlation():
    found = agreement(WAVE, np.full(24, 7.0), 0)
    assert math.isnan(found.correlation)
    assert found.verdict == Verdict.UNCLEAR


def test_a_lag_longer_than_the_series_says_nothing():
    assert agreement(RISING, RISING, 30).verdict == Verdict.TOO_FEW


def test_the_correlation_is_pearsons():
    x, y = np.array([1.0, 2, 3, 5, 8, 9, 7, 6, 4, 2, 1, 3]), np.array([2.0, 1, 4, 4, 9, 7, 8, 5, 5, 1, 2, 2])
    assert agreement(x, y, 0).correlation == pytest.approx(float(np.corrcoef(x, y)[0, 1]))
