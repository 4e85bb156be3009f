"""Reads how a draft begins, and what is said at a review."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scorecards.models import Month

LONGEST = 10
SOURCES = [
    ("now", gettext_lazy("what the scorecard says now")),
    ("before", gettext_lazy("the scorecard of the year before")),
    ("unit", gettext_lazy("the scorecard of another unit")),
    ("blank", gettext_lazy("nothing but the four perspectives")),
]


def seen_of(data: Mapping[str, Any]) -> int:
    """The edits of the draft that the person's page knew; −1, which fits no draft, where it says none."""
    written = str(data.get("seen", ""))
    return int(written) if written.isdecimal() and len(written) < LONGEST else -1


class MonthForm(forms.Form):
    from_month = forms.ChoiceField(label=gettext_lazy("In force from"))

    def __init__(self, *args: Any, months: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_month"].choices = months  # type: ignore[attr-defined]

    @property
    def month(self) -> Month:
        return Month.parse(self.cleaned_data["from_month"])


class BeginForm(MonthForm):
    """source: one of SOURCES; unit: the code of the other unit."""

    source = forms.ChoiceField(choices=SOURCES, label=gettext_lazy("Begins with"))
    unit = forms.CharField(max_length=40, required=False, label=gettext_lazy("Code of the other unit"))
    reason = forms.CharField(max_length=500, label=gettext_lazy("What is to change, and why"))

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("source") == "unit" and not self.cleaned_data.get("unit"):
            self.add_error("unit", _("Which unit?"))
        return self.cleaned_data


class RemarkForm(forms.Form):
    text = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_lazy("Remark"))


class ReturnForm(forms.Form):
    reason = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_lazy("Why it goes back"))
