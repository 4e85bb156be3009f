"""Reads the tension pairs of a draft."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scorecards.forms.definition import refuse_controls
from scorecards.forms.objective import node_code_shape
from scorecards.selectors.document import Document

SIDES = ("a", "b")


class PairForm(forms.Form):
    """a, b: the codes of the measures on the side of control and of service. known: the codes of the draft's measures."""

    code = forms.CharField(max_length=40, validators=[node_code_shape], label=gettext_lazy("Code"))
    name = forms.CharField(max_length=500, label=gettext_lazy("English name"))
    name_zh = forms.CharField(max_length=500, required=False, label=gettext_lazy("Chinese name"))
    a = forms.CharField(max_length=500, label=gettext_lazy("Measures of control (codes)"))
    b = forms.CharField(max_length=500, label=gettext_lazy("Measures of service (codes)"))

    def __init__(self, *args: Any, known: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    def clean(self) -> dict[str, Any]:
        refuse_controls(self)
        seen: set[str] = set()
        for side in SIDES:
            codes = self.cleaned_data.get(side, "").replace(",", " ").replace("，", " ").replace("、", " ").split()
            for code in codes:
                if code not in self.known:
                    self.add_error(side, _("There is no measure %(measure)s on this scorecard.") % {"measure": code})
                elif code in seen:
                    self.add_error(side, _("The measure %(measure)s stands twice in this pair.") % {"measure": code})
                seen.add(code)
            self.cleaned_data[side] = codes
        return self.cleaned_data


class SeenForm(forms.Form):
    """seen: the edits of the draft that the person's page knew."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


def pairs_of(document: Document) -> list[dict[str, Any]]:
    """What the forms show."""
    return [{**pair, **{side: " ".join(pair[side]) for side in SIDES}} for pair in document["tensions"]]
