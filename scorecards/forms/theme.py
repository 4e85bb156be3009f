"""Reads what is typed about a unit's strategy and its themes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from organisation.forms.versioned import VersionedForm
from scorecards.models import Strategy, Theme

ROWS = {"rows": 3}


class StrategyForm(VersionedForm, forms.ModelForm):  # type: ignore[type-arg]
    """version: as the person saw it, 0 where there was none."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Strategy
        fields = ("mission", "mission_zh", "vision", "vision_zh", "values", "values_zh")
        widgets = {name: forms.Textarea(attrs=ROWS) for name in fields}

    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ThemeForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Theme
        fields = ("code", "name", "name_zh", "first_year", "last_year")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("first_year") and found.get("last_year") and found["first_year"] > found["last_year"]:
            self.add_error("last_year", _("The last year lies before the first."))
        return found
