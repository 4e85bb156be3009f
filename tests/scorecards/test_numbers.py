"""What officers type and paste."""

import pytest
from django.forms import ValidationError

from scorecards.forms.number import read_number
from scorecards.selectors.text import change_text, goal_text, score_text, value_text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12.5", 12.5),
        (" 12 ", 12),
        ("１２．５", 12.5),
        ("９８％", 98),
        ("1,234", 1234),
        ("1,234,567.8", 1234567.8),
        ("−3", -3),
        ("-0.5", -0.5),
        (".5", 0.5),
        ("", None),
        ("1 234", 1234),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, expected):
    assert read_number(typed) == expected


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("abc", "Enter a number"),
        ("4,2", "write 4.2 or 42"),
        ("1e5", "Enter a number"),
        ("nan", "Enter a number"),
        ("1.2.3", "Enter a number"),
        ("1234567890.123", "12 significant digits"),
        ("9" * 12 + "0000", "12 significant digits"),
        ("0.0000000000001", "12 significant digits"),
    ],
)
def test_what_is_no_number_is_answered_with_what_to_write(typed, sentence):
    with pytest.raises(ValidationError, match=sentence):
        read_number(typed)


@pytest.mark.parametrize(("score", "printed"), [(84.95, "85.0"), (84.94, "84.9"), (0.05, "0.1"), (None, "–"), (100.0, "100.0")])
def test_scores_are_printed_half_up(score, printed):
    assert score_text(score) == printed


def test_values_are_printed_to_what_their_size_calls_for():
    assert [value_text(n) for n in (41553.4, 123.46, 27.8, 0.1, 0.00012, -3.5, 0.0)] == [
        "41,553",
        "123.5",
        "27.8",
        "0.1",
        "0.00012",
        "−3.5",
        "0",
    ]
    assert [change_text(n) for n in (0.6, -3.1, 0.01, None)] == ["+0.6", "−3.1", "±0.0", ""]
    assert goal_text(2.5, 4.0) == "2.5–4"
