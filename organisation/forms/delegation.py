"""Reads who is to stand in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.models import User


class DelegationForm(forms.Form):
    deputy = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Who stands in"))
    from_date = forms.DateField(label=_("First day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    until_date = forms.DateField(label=_("Last day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = colleagues  # type: ignore[attr-defined]
