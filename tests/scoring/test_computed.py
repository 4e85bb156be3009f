"""Formulas, tension pairs, adjustments and vetoes, rule by rule; computed measures as a whole are in scorecards/test_reference.py."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import score
from scoring.formula import FormulaError, evaluate, parse
from scoring.plan import Dated, Facts, Windows
from scoring.tension import Pair, State, Thresholds, side, state
from tests.reference import calculate, codes_of, twelve
from tests.scoring import build


def value(text: str, **operands: float) -> float | None:
    formula = parse(text)
    found, no_divisor = evaluate(formula.program, np.array([[operands[code] for code in formula.codes]]))
    return None if no_divisor[0] else float(found[0])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A - B - 1", 7),
        ("A / B * 2", 10),
        ("A − B × 2 ÷ 4", 9),
        ("-A + 12", 2),
        ("--A", 10),
        ("min(A, B, 1.5) + max(B)", 3.5),
        ("round(A / 3, 2)", 3.33),
        ("round(2.5 * B)", 5),
        ("round(-A / 4)", -2),
        ("abs(B - A)", 8),
        (".5 * A", 5),
        ("A * 0.1 + B * 0.1", 1.2),
    ],
)
def test_a_formula_means_what_it_says(text, wanted):
    assert value(text, A=10, B=2) == wanted


def test_the_longest_run_is_one_code():
    assert parse("C2-01 -C2.x-1 + A_b").codes == ["C2-01", "C2.x-1", "A_b"]
    assert parse("A--B").codes == ["A", "B"]
    assert parse("min + min(min, 2)").codes == ["min"]


def test_a_difference_that_cancels_almost_wholly_is_exact():
    assert value("A - B", A=1.00000000001, B=1.0) == 1e-11
    assert value("(A - B) / (A - B)", A=0.3, B=0.1) == 1
    assert value("1 / (A + B - 0.3)", A=0.1, B=0.2) is None
    assert value("A * B - B * A", A=0.1, B=0.7) == 0


def test_a_result_beyond_all_numbers_is_none():
    assert value(" * ".join(["A"] * 40), A=1e15) is None


numbers = st.decimals(-1000, 1000, places=3).map(float)


@given(st.integers(0, 10**9), st.lists(numbers, min_size=3, max_size=3))
def test_formulas_agree_with_exact_fractions(seed, operands):
    from random import Random

    from tests.random_documents import formula

    text = formula(Random(seed), ["A", "B", "C"]) + " - A"
    given = dict(zip("ABC", operands, strict=True))
    try:
        wanted = float(twelve(calculate(text, {code: Fraction(str(given[code])) for code in codes_of(text)})))
    except ZeroDivisionError:
        wanted = None
    assert value(text, **given) == wanted


@given(st.text(alphabet="AB12.+-*/(), roundmiabsx×", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        place = len(parse(text).codes)
    except FormulaError as error:
        place = error.place
    assert 1 <= place <= len(text) + 1


@pytest.mark.parametrize(
    ("pair", "wanted"),
    [
        (Pair(None, 90), State.UNKNOWN),
        (Pair(59.9, 40), State.BOTH_LOW),
        (Pair(60, 40, 60, 40), State.STRAINED),
        (Pair(80, 70, 75, 75), State.TRADED),
        (Pair(80, 70.1, 75, 75), State.BALANCED),
        (Pair(80, 70, None, 75), State.BALANCED),
        (Pair(85, 70), State.BALANCED),
        (Pair(85.1, 70), State.STRAINED),
        (Pair(50, 40, 40, 50), State.BOTH_LOW),
    ],
)
def test_the_first_state_that_holds(pair, wanted):
    assert state(pair, Thresholds()) == wanted


def test_a_side_weighs_its_measures_by_their_share_of_the_whole():
    assert side([(20, 90.0), (10, 60.0), (70, None)]) == 80
    assert side([(0, 90.0)]) is None
    assert Pair(80, 64.5).score == 64.5
    assert Pair(80, 64.5).gap == 15.5


def adjusted(base: float, *points: float, veto: float | None = None, limit: float = 10):
    card = build.flat(build.Measure({1: base}, veto_cap=veto), build.Measure({1: base}))
    plan, facts = build.arrays(card)
    plan.adjustment_limit[:] = limit
    rows = Dated(build.ints([0] * len(points)), build.ints([build.JANUARY] * len(points)), np.array(points, dtype=float))
    whole = Facts(**{**vars(facts), "adjustments": rows})
    month = np.array([build.JANUARY])
    found = score(plan, whole, Windows(month, month, build.LATE))
    return float(found.base[0]), float(found.adjustment[0]), float(found.score[0])


def test_adjustments_are_added_and_clamped():
    assert adjusted(80, 3, 0.1, 0.2) == (80, 3.3, 83.3)
    assert adjusted(80, 8, 8) == (80, 10, 90)
    assert adjusted(80, -8, -8, limit=3) == (80, -3, 77)
    assert adjusted(4, -9) == (4, -9, 0)


def test_a_veto_holds_after_the_adjustment_and_only_below_100():
    assert adjusted(90, 5, veto=59.9) == (90, 5, 59.9)
    assert adjusted(100, -5, veto=59.9) == (100, -5, 95)
    assert adjusted(50, 0, veto=59.9) == (50, 0, 50)
