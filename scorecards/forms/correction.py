"""Reads what is asked about a value of a closed month."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scorecards.choices import PART_LABELS
from scorecards.forms.number import NumberField
from scorecards.models import Measure


class CorrectionForm(forms.Form):
    """numbers: all parts, or none where not_applicable says why."""

    not_applicable = forms.CharField(
        max_length=500,
        required=False,
        label=gettext_lazy("Or: not applicable, because"),
        help_text=gettext_lazy("Leave it empty if there is a value."),
    )
    reason = forms.CharField(max_length=500, label=gettext_lazy("Why is the value wrong?"))
    evidence = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label=gettext_lazy("Evidence: documents, numbers, witnesses")
    )

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = measure.parts
        parts = {name: NumberField(max_length=60, required=False, label=PART_LABELS[name]) for name in self.names}
        self.fields = {**parts, **self.fields}

    def clean(self) -> dict[str, Any]:
        mark, parts = self.cleaned_data.get("not_applicable"), self.numbers
        lacking = [name for name in self.names if name not in parts]
        if mark and parts:
            self.add_error("not_applicable", _("Give a value or the reason why there is none, not both."))
        elif not mark:
            for name in lacking:
                if name not in self.errors:
                    self.add_error(name, _("Enter a number, for example 12.5."))
        for name in {"denominator", "volume"} & set(parts):
            if parts[name] < 0:
                self.add_error(name, _("Must be 0 or more."))
        return self.cleaned_data

    @property
    def numbers(self) -> dict[str, float]:
        return {name: self.cleaned_data[name] for name in self.names if self.cleaned_data.get(name) is not None}
