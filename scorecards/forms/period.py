"""Reads the month and the window from an address."""

from django import forms
from django.http import Http404

from scorecards.choices import Window
from scorecards.models import Month

EARLIEST, LATEST = 1900, 2999


class PeriodForm(forms.Form):
    window = forms.ChoiceField(choices=Window.choices, required=False)
    month = forms.CharField(max_length=7, required=False)

    def clean_month(self) -> Month | None:
        written = self.cleaned_data["month"]
        return read_month(written) if written else None


def read_month(written: str) -> Month:
    """A month like 2026-03 of a year that scorecards know; not found otherwise."""
    try:
        month = Month.parse(written)
    except ValueError as error:
        raise Http404 from error
    if not EARLIEST <= month.year <= LATEST:
        raise Http404
    return month


def read_year(written: str, otherwise: int) -> int:
    """A year of an address; the other one where there is none. Not found where it is no year that scorecards know."""
    if not written:
        return otherwise
    return read_month(f"{written}-01").year
