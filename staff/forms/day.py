"""Reads days."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from staff.choices import EARLIEST, LATEST


class DayField(forms.DateField):
    """A day between 2000 and 2100, by the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("Choose a day between 2000 and 2100."))
        return day


def not_after(day: date | None, today: date) -> date | None:
    """The day, if it has come. Raises ValidationError."""
    if day is not None and day > today:
        raise forms.ValidationError(_("This day has not come yet."))
    return day
