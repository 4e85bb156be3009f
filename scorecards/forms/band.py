"""Reads bands as one text: names with their lower bounds."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from scorecards.forms.number import read_number
from scorecards.selectors.text import input_text


def read_bands(typed: str) -> list[list[Any]]:
    """Pairs of a name and a lower bound. Raises ValidationError."""
    found: list[list[Any]] = []
    for part in typed.replace("，", ",").split(","):
        name, _space, bound = part.strip().rpartition(" ")
        try:
            number = read_number(bound)
        except forms.ValidationError:
            number = None
        if not name or number is None:
            raise forms.ValidationError(_("Write each band as a name and a lower bound, like red 0, amber 60, green 85."))
        found.append([name, number])
    return found


def bands_text(bands: list[list[Any]]) -> str:
    return ", ".join(f"{name} {input_text(float(floor))}" for name, floor in bands)
