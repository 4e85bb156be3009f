"""Reads to whom a template is given, and who carries which share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scorecards.errors import DocumentFaults
from scorecards.forms.document import read_document
from scorecards.forms.number import NumberField
from scorecards.selectors.document import Document
from staff.choices import WHOLE
from staff.models import Line, Posting


class GiveForm(forms.Form):
    """postings: of the holders chosen; everybody: all who hold the post. sample: what the template makes of the unit's scorecard."""

    everybody = forms.BooleanField(required=False, label=gettext_lazy("All holders of the post"))
    postings = forms.MultipleChoiceField(required=False)
    tie = forms.BooleanField(
        required=False,
        label=gettext_lazy("The unit's own measures become the sums of their parts"),
        help_text=gettext_lazy("Otherwise the unit goes on reporting them, and the parts are compared with what it reports."),
    )

    def __init__(self, *args: Any, offered: Iterable[Posting], sample: Document | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sample = sample
        self.offered = {str(one.pk): one for one in offered}
        self.fields["postings"].choices = [(pk, pk) for pk in self.offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("everybody") and not self.cleaned_data.get("postings"):
            raise forms.ValidationError(_("Choose at least one officer."))
        try:
            if self.sample is not None:
                read_document(self.sample)
        except DocumentFaults as refusal:
            raise forms.ValidationError([f"{fault.path}: {fault.sentence}" for fault in refusal.faults]) from refusal
        return self.cleaned_data

    def chosen(self) -> list[Posting]:
        if self.cleaned_data["everybody"]:
            return list(self.offered.values())
        return [self.offered[pk] for pk in self.cleaned_data["postings"]]


class SharesForm(forms.Form):
    """One field for each line: its share in percent."""

    def __init__(self, *args: Any, lines: Iterable[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            self.fields[f"share-{line.pk}"] = NumberField(max_length=10, initial=f"{line.share or 0:g}")

    def clean(self) -> dict[str, Any]:
        for name, share in list(self.cleaned_data.items()):
            if share is None or not 0 <= share <= WHOLE:
                self.add_error(name, _("Must be between 0 and 100."))
        return self.cleaned_data

    def shares(self) -> dict[int, float]:
        return {line.pk: float(self.cleaned_data[f"share-{line.pk}"]) for line in self.lines}
