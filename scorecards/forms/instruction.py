"""Reads an instruction from above and its clauses."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation.forms.versioned import VersionedForm
from scorecards.forms.definition import refuse_controls
from scorecards.models import Clause, Instruction

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
AREA = {"rows": 2}


class InstructionForm(VersionedForm, forms.ModelForm):  # type: ignore[type-arg]
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Instruction
        fields = ("number", "name", "name_zh", "issued_on", "deadline")
        widgets = {"issued_on": DAY, "deadline": DAY}

    def clean(self) -> dict[str, Any]:
        super().clean()
        refuse_controls(self)
        issued, deadline = self.cleaned_data.get("issued_on"), self.cleaned_data.get("deadline")
        if issued and deadline and deadline < issued:
            self.add_error("deadline", _("The deadline lies before the day of issue."))
        return self.cleaned_data

    def fields_of(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ClauseForm(forms.ModelForm):  # type: ignore[type-arg]
    """known: the codes of the unit's objectives, and of its measures."""

    objectives = forms.CharField(max_length=500, required=False, label=gettext_lazy("Objectives that answer it (codes)"))
    measures = forms.CharField(max_length=500, required=False, label=gettext_lazy("Measures that answer it (codes)"))

    class Meta:
        model = Clause
        fields = ("code", "text", "text_zh", "deadline")
        widgets = {"text": forms.Textarea(attrs=AREA), "text_zh": forms.Textarea(attrs=AREA), "deadline": DAY}

    def __init__(self, *args: Any, known: tuple[set[str], set[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    def clean(self) -> dict[str, Any]:
        super().clean()
        refuse_controls(self)
        for name, known in zip(("objectives", "measures"), self.known, strict=True):
            codes = self.cleaned_data.get(name, "").replace(",", " ").replace("，", " ").replace("、", " ").split()
            unknown = [code for code in codes if code not in known]
            if unknown:
                self.add_error(name, _("The unit's scorecard has no %(codes)s.") % {"codes": ", ".join(unknown)})
            self.cleaned_data[name] = codes
        return self.cleaned_data
