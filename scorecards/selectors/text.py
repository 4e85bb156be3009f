"""Numbers as people read them: formatted once, here, and not in templates."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import floor
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import pgettext

from scorecards.choices import PARTS
from scorecards.models import Month
from spreadsheets.number import NumberText

MINUS = "−"
NOTHING = "–"
ROUNDING = 1e-9


def score_text(score: float | None) -> str:
    """One decimal, half up (rule book §6), so that what is printed and its colour never disagree."""
    if score is None:
        return NOTHING
    shown = Decimal(repr(score)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return NumberText(str(shown).replace("-", MINUS), float(shown), "0.0")


def change_text(change: float | None) -> str:
    """A signed change with one decimal; nothing where there is none."""
    if change is None:
        return ""
    text = score_text(abs(change))
    signed = f"±{text}" if text == "0.0" else f"{'+' if change > 0 else MINUS}{text}"
    return NumberText(signed, float(text) if change > 0 else -float(text), f"+0.0;{MINUS}0.0;±0.0")


def value_text(value: float | None) -> str:
    """A measure's value, to as many decimals as its size calls for."""
    if value is None:
        return NOTHING
    text = f"{value:,.{_decimals(value)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if text.strip("-0.") == "" and value:
        text = f"{value:.2g}"
    return NumberText(text.replace("-", MINUS), value, "#,##0" if "." not in text else f"#,##0.{'0' * len(text.partition('.')[2])}")


def _decimals(value: float) -> int:
    size = abs(value)
    return 0 if size >= 10_000 else 1 if size >= 100 else 2


def input_text(value: float | None) -> str:
    """A number as it was typed."""
    return "" if value is None else repr(value).removesuffix(".0")


def difference_text(now: float | None, before: float | None) -> str:
    """A signed difference of two values, to the decimals that the value itself shows."""
    if now is None or before is None:
        return ""
    places = _decimals(now)
    difference = round(round(now, places) - round(before, places), places)
    if difference == 0:
        return "±0"
    return NumberText(f"{'+' if difference > 0 else MINUS}{value_text(abs(difference))}", difference, "General")


def goal_text(low: float | None, high: float | None) -> str:
    """The value that earns 100, or the range that does."""
    return value_text(low) if low == high else f"{value_text(low)}–{value_text(high)}"


def percent_text(share: float | None) -> str:
    """Whole percents, never 100 % before all is there."""
    if share is None:
        return NOTHING
    whole = floor(100 * share + ROUNDING)
    return NumberText(f"{whole}%", whole / 100, "0%")


def exact_percent_text(share: float | None) -> str:
    """As it was computed, for whoever redoes the sum."""
    return NOTHING if share is None else f"{input_text(round(100 * share, 7))}%"


def weight_text(printed: str) -> str:
    """A printed share among siblings, as a percentage."""
    return NumberText(f"{printed}%", float(printed) / 100, "0.00%")


def month_text(month: Month) -> str:
    """Oct 2026, 2026年10月."""
    return date_format(month.first_day, pgettext("month and year", "M Y"))


def short_month_text(month: Month) -> str:
    """Oct, 10月."""
    return date_format(month.first_day, pgettext("short month", "M"))


def day_text(day: date) -> str:
    """8 November, 11月8日."""
    return date_format(day, "MONTH_DAY_FORMAT")


def signed_text(number: float) -> str:
    """A number as it was typed, always with its sign."""
    return f"{'+' if number >= 0 else MINUS}{input_text(abs(number))}"


def reading_text(held: Mapping[str, Any]) -> str:
    """What a reading holds: a value with its volume in brackets, a numerator / a denominator, or the reason why there is none."""
    numbers = {name: input_text(float(number)) for name in PARTS if (number := held.get(name)) is not None}
    if "volume" in numbers and "value" in numbers:
        return f"{numbers['value']} ({numbers['volume']})"
    return " / ".join(numbers.values()) or str(held.get("not_applicable") or "")
