"""Service in posts: shares of days, and one score out of parts (docs/adr/0008)."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring.service import Served, days_served, together

DAYS = st.integers(1, 400)
SCORES = st.one_of(st.none(), st.integers(0, 1200).map(lambda tenths: tenths / 10))


def test_a_transfer_on_10_may_weighs_both_parts_by_their_days_of_the_year():
    first, second = days_served(1, 129, []), days_served(130, 365, [])
    whole = together([Served(first, 80.0), Served(second, 90.0)], 365, 0.5)
    assert (first, second) == (129, 236)
    assert whole.shares == [100 * 129 / 365, 100 * 236 / 365]
    assert whole.score == round((129 * 80 + 236 * 90) / 365, 9)


def test_a_part_without_a_score_leaves_the_others_their_weight():
    whole = together([Served(100, None), Served(50, 70.0), Served(50, 80.0)], 200, 0.5)
    assert whole.score == 75
    assert whole.counted == [0, 50, 50]


def test_a_service_below_the_least_share_has_no_score_and_exactly_the_share_has():
    assert together([Served(182, 90.0)], 365, 0.5).too_short
    assert together([Served(50, 90.0)], 100, 0.5).score == 90
    assert together([], 100, 0).score is None


@given(st.lists(st.tuples(DAYS, SCORES), min_size=1, max_size=5))
def test_the_score_is_the_mean_over_days_in_exact_arithmetic(parts):
    whole = together([Served(days, score) for days, score in parts], 1, 0)
    scored = [(days, Fraction(str(score))) for days, score in parts if score is not None]
    if not scored:
        assert whole.score is None
    else:
        exact = sum(days * score for days, score in scored) / sum(days for days, _score in scored)
        assert abs(Fraction(whole.score) - exact) <= Fraction(1, 10**9)
    assert abs(sum(whole.shares) - 100) < 1e-9


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 40)), max_size=6))
def test_days_away_are_counted_once_however_absences_overlap(away):
    spans = [(begin, begin + length) for begin, length in away]
    present = [day for day in range(20, 101) if not any(begin <= day <= end for begin, end in spans)]
    assert days_served(20, 100, spans) == len(present)
