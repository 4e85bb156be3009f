"""Reads of which node the score is to be explained."""

from django import forms

LEVELS = [(level, level) for level in ("card", "perspective", "objective", "measure")]


class NodeForm(forms.Form):
    level = forms.ChoiceField(choices=LEVELS, required=False)
    node = forms.CharField(max_length=40, required=False)

    @property
    def level_or_card(self) -> str:
        return str(self.cleaned_data["level"] or "card")
