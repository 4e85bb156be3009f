"""One claim for each rule of the rule book that concerns entered readings."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from scoring import numbers
from scoring.engine import score
from scoring.numbers import exact_products, row_products, row_sums, significant
from scoring.plan import Better, Method, Reason, Windows
from scoring.tree import printed_shares
from tests.reference import twelve
from tests.scoring.build import JANUARY, LATE, Card, Measure, Node, arrays, flat, scored


def value(measure: Measure, last: int = 3) -> float:
    return float(scored(flat(measure), last=last).value[0])


def reason(measure: Measure, last: int = 3, **settings: object) -> Reason:
    return Reason(int(scored(flat(measure, **settings), last=last).reason[0]))


@pytest.mark.parametrize(
    ("method", "expected"),
    [(Method.SUM, 60.0), (Method.AVERAGE, 20.0), (Method.LATEST, 20.0), (Method.MINIMUM, 10.0), (Method.MAXIMUM, 30.0)],
)
def test_plain_methods_combine_months(method, expected):
    assert value(Measure({1: 10.0, 2: 30.0, 3: 20.0}, method=method)) == expected


def test_weighted_divides_by_the_volumes():
    assert value(Measure({1: (10.0, 1.0), 2: (20.0, 3.0)}, method=Method.WEIGHTED)) == 17.5


def test_latest_takes_the_last_month_that_has_one():
    assert value(Measure({1: 5.0, 2: 7.0}, method=Method.LATEST), last=6) == 7


def test_latest_carries_nothing_into_the_window():
    results = scored(flat(Measure({1: 5.0}, method=Method.LATEST)), first=2, last=3)
    assert math.isnan(results.value[0])


@pytest.mark.parametrize("method", [Method.RATIO, Method.WEIGHTED])
def test_a_divisor_of_zero_gives_no_value(method):
    assert reason(Measure({1: (3.0, 0.0)}, method=method)) == Reason.NO_DIVISOR


def test_quarterly_is_due_in_the_quarters_last_months():
    results = scored(flat(Measure({3: 1.0}, step=3)), last=6)
    assert np.flatnonzero(results.due[0]).tolist() == [2, 5]
    assert results.measures.completeness[0] == 0.5


def test_a_month_in_which_nothing_is_due_says_so():
    assert reason(Measure({}, step=3), last=2) == Reason.NOT_DUE


def test_a_month_marked_not_applicable_is_not_due():
    results = scored(flat(Measure({1: 50.0, 2: None, 3: 70.0})), last=3)
    assert results.value[0] == 60
    assert results.measures.completeness[0] == 1
    assert reason(Measure({1: None}), last=1) == Reason.NOT_APPLICABLE


def test_missing_is_none_and_never_zero():
    results = scored(flat(Measure({}), Measure({1: 80.0})))
    assert math.isnan(results.measures.score[0])
    assert results.base[0] == 80
    assert Reason(int(results.reason[0])) == Reason.MISSING


def test_missing_counts_zero_only_after_its_deadline():
    before, after = date(2026, 2, 10).toordinal(), date(2026, 2, 11).toordinal()
    card = flat(Measure({}), Measure({1: 80.0}), missing_zero=True)
    assert scored(card, today=before).base[0] == 80
    late = scored(card, today=after)
    assert late.base[0] == 40
    assert Reason(int(late.reason[0])) == Reason.ZERO


def test_a_missing_divisor_never_counts_zero():
    card = flat(Measure({1: (1.0, 0.0)}, method=Method.RATIO), missing_zero=True)
    assert math.isnan(scored(card).base[0])


def test_no_target_in_force_gives_a_value_without_a_score():
    measure = Measure({1: 50.0}, targets={2: [0, 100]})
    results = scored(flat(measure))
    assert results.value[0] == 50
    assert Reason(int(results.reason[0])) == Reason.NO_TARGET


def test_points_of_a_sum_are_summed_over_the_months_that_count():
    measure = Measure({1: 10.0, 3: 10.0}, method=Method.SUM, targets={1: [0, 10], 3: [0, 30]})
    results = scored(flat(measure), last=3)
    assert results.points[0, :2].tolist() == [0, 40]
    assert results.measures.score[0] == 50


def test_points_of_other_methods_are_those_of_the_last_counted_month():
    measure = Measure({1: 10.0, 2: 20.0}, targets={1: [0, 10], 2: [0, 40], 3: [0, 1]})
    assert scored(flat(measure), last=3).points[0, :2].tolist() == [0, 40]


@pytest.mark.parametrize(("at", "expected"), [(-12, 0), (-10, 0), (-6, 50), (-2, 100), (3, 100)])
def test_negative_targets_are_nothing_special(at, expected):
    assert scored(flat(Measure({1: float(at)}, points=[-10, -2]))).measures.score[0] == expected


@pytest.mark.parametrize(
    ("better", "below", "at", "above"), [(Better.HIGHER, 0, 100, 100), (Better.LOWER, 100, 100, 0), (Better.IN_RANGE, 0, 100, 100)]
)
def test_equal_points_are_a_step(better, below, at, above):
    def earned(value: float) -> float:
        return float(scored(flat(Measure({1: value}, points=[5, 5], better=better))).measures.score[0])

    assert [earned(4.0), earned(5.0), earned(6.0)] == [below, at, above]


@pytest.mark.parametrize(("at", "expected"), [(1, 0), (2, 50), (3, 100), (4, 100), (5, 50), (6, 0), (9, 0)])
def test_range_is_best_between_its_limits(at, expected):
    measure = Measure({1: float(at)}, points=[1, 3, 4, 6], curve=[0, 100, 100, 0], better=Better.IN_RANGE)
    assert scored(flat(measure)).measures.score[0] == expected


@pytest.mark.parametrize("longest", [np.longdouble, np.float64])
def test_sums_are_right_to_the_twelfth_digit_whatever_the_processor_calls_long(monkeypatch, longest):
    monkeypatch.setattr(numbers, "LONGEST", longest)
    chance = np.random.default_rng(7)
    grid = np.round(chance.uniform(-1, 1, (3000, 12)) * 10.0 ** chance.integers(-6, 9, (3000, 12)), 4)
    volume = np.round(chance.uniform(0, 1000, grid.shape), 3)
    for sums, exact in (
        (row_sums(grid), lambda i: exact_products(grid[i], np.ones(12))),
        (row_products(grid, volume), lambda i: exact_products(grid[i], volume[i])),
    ):
        assert significant(sums, exact).tolist() == [float(twelve(exact(i))) for i in range(len(grid))]


def test_a_value_on_two_points_earns_the_higher_score():
    measure = Measure({1: 95.0}, points=[80, 95, 95], curve=[0, 60, 100])
    assert scored(flat(measure)).measures.score[0] == 100


def test_an_unscored_measure_is_in_no_mean_and_has_no_completeness():
    results = scored(flat(Measure({1: 50.0}, curve=[], weight=9.0), Measure({1: 80.0})))
    assert results.base[0] == 80
    assert math.isnan(results.measures.completeness[0])
    assert results.measures.share.tolist() == [0, 100]
    assert Reason(int(results.reason[0])) == Reason.UNSCORED


def test_completeness_of_a_node_is_weighted_over_what_is_due():
    card = flat(Measure({}, weight=3.0), Measure({1: 80.0}, weight=1.0), Measure({}, step=3, weight=5.0))
    assert scored(card).completeness[0] == 0.25


def test_too_little_data_is_insufficient_but_rolls_up():
    results = scored(flat(Measure({}, weight=3.0), Measure({1: 80.0})))
    assert results.band[0] == -2
    assert results.base[0] == 80


def test_weights_of_zero_give_no_score():
    assert math.isnan(scored(flat(Measure({1: 80.0}, weight=0.0))).base[0])


def test_points_lost_add_up_to_what_is_missing_to_100():
    card = Card([Node(30, [Node(1.0, [Measure({1: 40.0}), Measure({1: 90.0})])]), Node(70, [Node(1.0, [Measure({1: 75.0}, weight=2.0)])])])
    results = scored(card)
    assert results.lost.sum() == pytest.approx(100 - results.base[0], abs=1e-6)


def test_goals_are_the_points_that_earn_100():
    measure = Measure({1: 3.0}, points=[1, 3, 4, 6], curve=[0, 100, 100, 0], better=Better.IN_RANGE)
    assert scored(flat(measure)).goals[0].tolist() == [3, 4]


@pytest.mark.parametrize("number", [0.1 + 0.2, 123456789012.4, 1e15, 2.5e-13, -0.1 - 0.2])
def test_twelve_significant_digits_as_the_decimal_says(number):
    assert significant(np.array([number]))[0] == float(f"{number:.11e}")


def test_sums_lose_no_digits_to_large_neighbours():
    grid = np.array([[1e15, 0.25, -1e15, np.nan]])
    assert row_sums(grid)[0] == 0.25
    assert row_products(np.array([[123456789012.0, -123456789011.0]]), np.array([[123456789011.0, 123456789012.0]]))[0] == 0


def test_printed_shares_of_siblings_that_weigh_nothing_are_zero():
    assert printed_shares([0.0, 0.0, 1.0], [0, 0, 1]) == ["0.00", "0.00", "100.00"]


def test_ties_of_printed_shares_go_to_the_earlier_sibling():
    assert printed_shares([1.0, 1.0, 1.0], [0, 0, 0]) == ["33.34", "33.33", "33.33"]


@pytest.mark.parametrize(("at", "expected"), [(6.9254306065, 6.925430607), (0.0000000005, 1e-09)])
def test_a_score_exactly_on_half_of_its_last_decimal_goes_up(at, expected):
    assert scored(flat(Measure({1: at}))).measures.score[0] == expected


def test_a_value_exactly_on_half_of_its_last_digit_goes_up():
    assert value(Measure({1: 225085.087564, 2: 212806.089763})) == 218945.588664


@pytest.mark.parametrize("weights", [(1, 1), (3, 3), (0.1, 0.1), (0.7, 0.7)])
def test_a_mean_exactly_on_half_of_its_last_decimal_goes_up_whatever_the_scale(weights):
    pair = [Measure({1: score}, weight=weight) for score, weight in zip((0.000000001, 0.000000002), weights, strict=True)]
    assert scored(flat(*pair)).base[0] == 0.000000002


@pytest.mark.parametrize(("months", "goal"), [((0.1, 0.2, -0.3), 0.0), ((123456789.1, -123456789.0), 0.1)])
def test_values_that_cancel_each_other_are_still_exact(months, goal):
    measure = Measure(dict(enumerate(months, start=1)), method=Method.SUM, targets={k: [goal if k == 1 else 0.0] * 2 for k in range(1, 4)})
    results = scored(flat(measure), last=len(months))
    assert results.value[0] == goal
    assert results.measures.score[0] == 100


@pytest.mark.parametrize(("deadline_day", "last_day"), [(10, 10), (28, 28), (31, 28)])
def test_a_deadline_in_a_shorter_month_is_its_last_day(deadline_day, last_day):
    plan, facts = arrays(flat(Measure({}), missing_zero=True))
    plan = replace(plan, deadline_day=np.array([deadline_day]))
    january = np.array([JANUARY])
    asked = [score(plan, facts, Windows(january, january, date(2026, 2, last_day).toordinal() + later)) for later in (0, 1)]
    assert [Reason(int(results.reason[0])) for results in asked] == [Reason.MISSING, Reason.ZERO]


def test_the_deadline_of_december_lies_in_january():
    card = flat(Measure({}), missing_zero=True)
    reasons = [scored(card, first=12, last=12, today=date(2027, 1, day).toordinal()).reason[0] for day in (10, 11)]
    assert [Reason(int(reason)) for reason in reasons] == [Reason.MISSING, Reason.ZERO]


def test_nothing_is_due_before_a_measure_begins_or_after_it_ends():
    plan, facts = arrays(flat(Measure(dict.fromkeys((1, 2, 3, 4), 50.0))))
    plan = replace(plan, due_from=np.array([JANUARY + 1]), due_until=np.array([JANUARY + 2]))
    months = np.arange(JANUARY, JANUARY + 4)
    due = [Reason(int(score(plan, facts, Windows(month[None], month[None], LATE)).reason[0])) for month in months]
    assert due == [Reason.NOT_DUE, Reason.NONE, Reason.NONE, Reason.NOT_DUE]


@pytest.mark.parametrize(("step", "due"), [(1, range(1, 13)), (3, (3, 6, 9, 12)), (6, (6, 12)), (12, (12,))])
def test_a_frequency_asks_in_the_last_months_of_its_spans(step, due):
    measure = Measure({}, step=step)
    asked = [month for month in range(1, 13) if scored(flat(measure), first=month, last=month).reason[0] != Reason.NOT_DUE]
    assert asked == list(due)


@pytest.mark.parametrize(
    ("readings", "wanted"),
    [((123456789.012, -123000000.0, 0.0000005), 456789.012001), ((0.3, -0.1, -0.2000000000001), -1e-13)],
)
def test_a_sum_whose_terms_cancel_is_that_of_the_decimals(readings, wanted):
    measure = Measure(dict(enumerate(readings, start=1)), method=Method.SUM)
    assert scored(flat(measure), last=3).value[0] == wanted


def test_a_line_between_close_points_is_rounded_as_the_decimals_say():
    assert scored(flat(Measure({1: 989.214734347}, points=[989.2, 989.52]))).measures.score[0] == 4.604483438
