"""The worked examples 1 to 9 of the rule book."""

import numpy as np
import pytest

from scoring.bands import band
from scoring.numbers import one_decimal_half_up
from scoring.plan import Better, Method
from scoring.tree import means, printed_shares
from tests.scoring.build import Card, Measure, Node, flat, scored

THIRDS = [0, 33.333, 66.667, 100]


def one(measure: Measure, last: int = 1) -> float:
    return round(float(scored(flat(measure), last=last).measures.score[0]), 3)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(300, 0), (400, 16.667), (500, 33.333), (600, 50), (700, 66.667), (800, 83.333), (900, 100), (200, 0), (1000, 100)],
)
def test_1_custom_curve_rising(value, expected):
    curve = [0, 100 / 3, 200 / 3, 100]
    assert one(Measure({1: float(value)}, points=[300, 500, 700, 900], curve=curve)) == expected


@pytest.mark.parametrize(("value", "expected"), [(13, 0), (9, 33.333), (7, 50), (5, 66.667), (1, 100)])
def test_1_custom_curve_falling(value, expected):
    curve = [0, 100 / 3, 200 / 3, 100]
    assert one(Measure({1: float(value)}, points=[13, 9, 5, 1], curve=curve, better=Better.LOWER)) == expected


def test_2_preset_target():
    assert one(Measure({1: 16.0}, points=[15, 45])) == 3.333
    assert one(Measure({1: 10.5}, points=[14, 7], better=Better.LOWER)) == 50


def test_3_children_without_a_score_drop_out():
    scores, weights = np.array([68.5, np.nan, 84, 89]), np.ones(4)
    assert means(weights, scores[None], np.zeros(4, dtype=int), 1)[0, 0] == 80.5
    scores, weights = np.array([80, 60, 40, np.nan]), np.array([50.0, 25, 15, 10])
    assert round(means(weights, scores[None], np.zeros(4, dtype=int), 1)[0, 0], 3) == 67.778


def test_4_an_empty_node_leaves_its_weight_to_its_sibling():
    card = Card([Node(1.0, [Node(0.5, [Measure({})]), Node(0.5, [Measure({1: 70.0})])])])
    assert scored(card).base[0] == 70


def test_5_level_by_level():
    def leaf(value: float) -> Node:
        return Node(1.0, [Measure({1: value})])

    financial = Node(25, [leaf(64.0), Node(1.0, [Measure({1: 75.0}), Measure({1: 71.0})])])
    results = scored(Card([financial, *(Node(25, [leaf(value)]) for value in (81.0, 90.0, 97.0))]))
    assert results.perspectives.score[0] == 68.5
    assert results.base[0] == 84.125


def test_6_equal_months_are_not_merged():
    assert scored(flat(Measure({1: 80.0, 2: 80.0, 3: 50.0})), last=3).value[0] == 70


def test_7_what_is_printed_and_its_band_agree():
    scores = np.array([84.96, 84.94, 60.0, 84.95])
    floors, complete = np.array([[0.0, 60.0, 85.0]] * 4), np.ones(4)
    assert one_decimal_half_up(scores).tolist() == [85.0, 84.9, 60.0, 85.0]
    assert band(scores, complete, floors, np.full(4, 0.5)).tolist() == [2, 1, 1, 2]
    three = means(np.ones(3), np.array([[84.94, 84.95, 84.96]]), np.zeros(3, dtype=int), 1)[0]
    assert three[0] == 84.95


@pytest.mark.parametrize("number", [3, 6])
def test_8_printed_shares_total_exactly_100(number):
    printed = printed_shares([1.0] * number, [0] * number)
    assert sum(int(share.replace(".", "")) for share in printed) == 10_000


def test_9_a_step_never_turns_on_a_rounding_error():
    measure = Measure({1: 0.1, 2: 0.2, 3: 0.3}, points=[0.2, 0.2], better=Better.LOWER)
    assert one(measure, last=3) == 100


def test_10_a_ratio_is_never_averaged():
    measure = Measure({1: (2, 4), 2: (2, 100)}, method=Method.RATIO, factor=100)
    assert round(float(scored(flat(measure), last=2).value[0]), 3) == 3.846
