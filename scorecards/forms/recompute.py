"""Reads of which unit and month the scores are to be computed anew."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation.models import Unit
from scorecards.models import Month
from scorecards.selectors.recompute import has_scorecards


class RecomputeForm(forms.Form):
    unit = forms.ChoiceField(label=gettext_lazy("Unit, with all below it"))
    month = forms.ChoiceField(label=gettext_lazy("Month"))

    def __init__(self, *args: Any, units: list[Unit], months: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.code: unit for unit in units}
        self.fields["unit"].choices = [(unit.code, f"{unit.code} {unit.label}") for unit in units]  # type: ignore[attr-defined]
        self.fields["month"].choices = months  # type: ignore[attr-defined]

    def clean_unit(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]

    def clean_month(self) -> Month:
        return Month.parse(self.cleaned_data["month"])

    def clean(self) -> dict[str, Any]:
        if not self.errors and not has_scorecards(self.cleaned_data["unit"], self.cleaned_data["month"].year):
            self.add_error("month", _("Neither the unit nor any below it has a scorecard of this year."))
        return self.cleaned_data
