"""Reads a number as officers type and paste it: full-width digits, ％, thousands commas, a true minus."""

import re
import unicodedata
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _

SIGNIFICANT_DIGITS = 12
LARGEST = Decimal(10) ** 15
LEAST = Decimal(10) ** -12
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")


def read_number(typed: str) -> float | None:
    """The number, None for an empty text. Raises ValidationError with what to write instead."""
    text = unicodedata.normalize("NFKC", typed).strip().replace("−", "-").replace(" ", "").removesuffix("%")
    if not text:
        return None
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    elif "," in text:
        raise forms.ValidationError(_comma(text))
    if not _PLAIN.fullmatch(text):
        raise forms.ValidationError(_("Enter a number, for example 12.5."))
    return _within_bounds(text)


def _comma(text: str) -> str:
    point, none = text.replace(",", "."), text.replace(",", "")
    if text.count(",") == 1 and _PLAIN.fullmatch(none) and _PLAIN.fullmatch(point):
        return _("A comma is unclear here: write %(point)s or %(none)s.") % {"point": point, "none": none}
    return _("Enter a number, for example 12.5.")


def fitting(written: str) -> Decimal | None:
    """The number if it is kept as it is written (rule book §1: 12 significant digits, within ±10^15, 0 or at least 10^-12)."""
    try:
        number = Decimal(written)
        digits = len("".join(map(str, number.as_tuple().digits)).strip("0"))
        kept = digits <= SIGNIFICANT_DIGITS and (not number or LEAST <= abs(number) <= LARGEST)
    except ArithmeticError:
        return None
    return number if kept else None


def _within_bounds(text: str) -> float:
    number = fitting(text)
    if number is None:
        raise forms.ValidationError(_("At most 12 significant digits are kept, between 0.000000000001 and 10^15. Round the number."))
    return float(number)


class NumberField(forms.CharField):
    """A text input whose value is a float or None."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: str | float | None) -> float | None:
        return read_number(value or "") if value is None or isinstance(value, str) else float(value)
