"""Reads the rules of a scorecard: names, what counts, missing values, bands, limits; as its document with them in it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scorecards.choices import Counts, MissingPolicy
from scorecards.errors import DocumentFaults
from scorecards.forms.band import bands_text, read_bands
from scorecards.forms.definition import DefinitionForm
from scorecards.forms.document import read_document
from scorecards.forms.number import NumberField
from scorecards.selectors.document import Document

PLAIN = ("name", "name_zh", "missing_policy", "counts", "deadline_day", "minimum_completeness", "adjustment_limit")
THRESHOLDS = ("low", "moved", "wide")


class RulesForm(DefinitionForm):
    name = forms.CharField(max_length=500, label=gettext_lazy("English name"))
    name_zh = forms.CharField(max_length=500, required=False, label=gettext_lazy("Chinese name"))
    counts = forms.ChoiceField(choices=Counts.choices, label=gettext_lazy("What counts"))
    missing_policy = forms.ChoiceField(choices=MissingPolicy.choices, label=gettext_lazy("A measure without any value is"))
    deadline_day = forms.IntegerField(min_value=1, max_value=31, label=gettext_lazy("Deadline: day of the following month"))
    minimum_completeness = NumberField(max_length=20, label=gettext_lazy("Provisional below this share of what is due (0 to 1)"))
    bands = forms.CharField(max_length=2000, label=gettext_lazy("Bands, as red 0, amber 60, green 85"))
    adjustment_limit = NumberField(max_length=20, label=gettext_lazy("Adjustments count at most, in points"))
    low = NumberField(max_length=20, label=gettext_lazy("Tension: both sides are low below"))
    moved = NumberField(max_length=20, label=gettext_lazy("Tension: a side has moved by"))
    wide = NumberField(max_length=20, label=gettext_lazy("Tension: a gap strains above"))

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        for name in ("minimum_completeness", "adjustment_limit", *THRESHOLDS):
            if name in typed and typed[name] is None:
                self.add_error(name, _("Enter a number, for example 12.5."))
        try:
            bands = read_bands(typed.get("bands", ""))
        except forms.ValidationError as error:
            self.add_error("bands", error)
        if self.errors:
            return typed
        thresholds = {name: typed[name] for name in THRESHOLDS}
        wanted = {**{name: typed[name] for name in PLAIN}, "bands": bands, "tension_thresholds": thresholds}
        try:
            self.changed = read_document({**self.document, **wanted})
        except DocumentFaults as refusal:
            self.add_faults(refusal)
        return typed


def initial_of(document: Document, version: int) -> dict[str, Any]:
    """What the form shows of a document."""
    plain = {name: document[name] for name in PLAIN}
    return {**plain, **document["tension_thresholds"], "bands": bands_text(document["bands"]), "version": version}
