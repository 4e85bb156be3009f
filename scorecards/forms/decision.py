"""Reads a decision: approved, or refused with a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _


class DecisionForm(forms.Form):
    approve = forms.BooleanField(required=False)
    decision = forms.CharField(max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("approve") and not self.cleaned_data.get("decision"):
            self.add_error("decision", _("Say why it is refused."))
        return self.cleaned_data
