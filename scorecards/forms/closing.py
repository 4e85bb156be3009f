"""Reads what is asked about closed months: closing and reopening."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from scorecards.models import Month


class MonthForm(forms.Form):
    """month: one of the offered ones."""

    month = forms.ChoiceField()

    def __init__(self, *args: Any, months: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months  # type: ignore[attr-defined]

    def clean_month(self) -> Month:
        return Month.parse(self.cleaned_data["month"])


class ReopeningForm(forms.Form):
    reason = forms.CharField(max_length=500, label=gettext_lazy("Why must it be opened?"), widget=forms.Textarea(attrs={"rows": 3}))
    below = forms.BooleanField(required=False, initial=True, label=gettext_lazy("With all units below"))
