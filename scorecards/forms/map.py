"""Reads what is to be done to the map of a draft."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scorecards.choices import Strength
from scorecards.forms.definition import refuse_controls

FIELDS: dict[str, tuple[str, ...]] = {
    "move": ("code", "perspective", "x", "row"),
    "link": ("cause", "effect"),
    "edit_link": ("cause", "effect", "strength", "lag", "hypothesis", "hypothesis_zh"),
    "unlink": ("cause", "effect"),
    "arrange": (),
    "undo": (),
    "redo": (),
    "remove_objective": ("code",),
    "remove_measure": ("code",),
}
NEEDED = {"code", "cause", "effect", "perspective", "strength", "lag"}


class ChangeForm(forms.Form):
    """One thing done to the map. seen: the edits of the draft that the person's page knew; objective: to whose page to go back."""

    action = forms.ChoiceField(choices=[(name, name) for name in FIELDS])
    seen = forms.IntegerField(min_value=0)
    code = forms.CharField(max_length=40, required=False)
    cause = forms.CharField(max_length=40, required=False)
    effect = forms.CharField(max_length=40, required=False)
    perspective = forms.CharField(max_length=40, required=False)
    objective = forms.CharField(max_length=40, required=False)
    x = forms.FloatField(min_value=0, max_value=1000, required=False)
    row = forms.IntegerField(min_value=-1, max_value=20, required=False)
    strength = forms.ChoiceField(choices=Strength.choices, required=False, label=gettext_lazy("Strength"))
    lag = forms.IntegerField(min_value=0, max_value=36, required=False, label=gettext_lazy("Effect after months"))
    hypothesis = forms.CharField(
        max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_lazy("Hypothesis, English")
    )
    hypothesis_zh = forms.CharField(
        max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_lazy("Hypothesis, Chinese")
    )

    def clean(self) -> dict[str, Any]:
        for name in FIELDS.get(self.cleaned_data.get("action", ""), ()):
            if name in NEEDED and self.cleaned_data.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, _("This is needed."))
        refuse_controls(self)
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        """The action's own fields, by name."""
        return {name: self.cleaned_data[name] for name in FIELDS[self.cleaned_data["action"]]}

    def sentence(self) -> str:
        """All faults in one text."""
        labels = {name: field.label for name, field in self.fields.items()}
        return " ".join(f"{labels.get(name) or name}: {error}" for name, errors in self.errors.items() for error in errors)
