"""What forms have in common that change what a scorecard says: they know the version that was seen, and where faults belong."""

from django import forms

from organisation.forms.versioned import VersionedForm
from scorecards.errors import DocumentFaults


class DefinitionForm(VersionedForm, forms.Form):
    """Says the faults of the changed document at the fields of the same name, the others at the top."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def add_faults(self, refusal: DocumentFaults) -> None:
        for fault in refusal.faults:
            name = fault.path.split(".")[-1].split("[")[0]
            inside = name in self.fields
            self.add_error(name if inside else None, fault.sentence if inside else str(fault))
