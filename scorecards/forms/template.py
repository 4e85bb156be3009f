"""Reads to which units a template is given, from when, and what of it is locked."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation.models import Unit
from organisation.models.names import in_language
from scorecards.forms.version import MonthForm
from scorecards.selectors.document import Document
from scorecards.selectors.draft import each_node

MOST_UNITS = 60


class GiveForm(MonthForm):
    """reach: the units that may be given it, by code."""

    units = forms.CharField(
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        label=gettext_lazy("Units (codes)"),
        help_text=gettext_lazy("Separated by spaces or lines; a code followed by /* is all units below it."),
    )
    reason = forms.CharField(max_length=500, label=gettext_lazy("What is to change, and why"))
    locked = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Locked: the units may not change these")
    )

    def __init__(self, *args: Any, document: Document, reach: dict[str, Unit], below: dict[str, list[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach, self.below = reach, below
        self.fields["locked"].choices = [  # type: ignore[attr-defined]
            (f"{level} {node['code']}", f"{node['code']} {in_language(node['name'], node['name_zh'])}")
            for level, node in each_node(document)
        ]

    def clean_units(self) -> list[Unit]:
        codes: list[str] = []
        for word in self.cleaned_data["units"].replace(",", " ").replace("，", " ").split():
            codes += self.below.get(word.removesuffix("/*"), [word]) if word.endswith("/*") else [word]
        unknown = [code for code in codes if code not in self.reach]
        if unknown:
            raise forms.ValidationError(_("Not within your reach: %(codes)s.") % {"codes": ", ".join(unknown[:10])})
        if len(set(codes)) > MOST_UNITS:
            raise forms.ValidationError(_("At most %(most)d units at once.") % {"most": MOST_UNITS})
        return [self.reach[code] for code in dict.fromkeys(codes)]

    def locks(self) -> list[list[str]]:
        return [key.split(" ", 1) for key in self.cleaned_data["locked"]]
