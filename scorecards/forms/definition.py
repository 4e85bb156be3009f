"""What forms have in common that change what a scorecard says: they know the version that was seen, and where faults belong."""

import re

from django import forms
from django.utils.translation import gettext as _

from organisation.forms.versioned import VersionedForm
from scorecards.errors import DocumentFaults

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
LINE_BREAKS = re.compile(r"[\t\r\n]")


def refuse_controls(form: forms.BaseForm) -> None:
    """Say at its field where a text holds characters that no document keeps."""
    for name, value in list(form.cleaned_data.items()):
        area = isinstance(form.fields[name].widget, forms.Textarea)
        if isinstance(value, str) and (CONTROLS.search(value) or (not area and LINE_BREAKS.search(value))):
            form.add_error(name, _("This text holds a character that cannot be printed."))


def remember(form: forms.BaseForm) -> None:
    """Let the page carry what it showed, so that what the person changed can be told from what others have changed since."""
    for field in form.fields.values():
        field.show_hidden_initial = not field.widget.is_hidden


def keep_others(form: forms.BaseForm) -> None:
    """Where the person changed nothing, take what stands there now, whoever put it there since the page was loaded."""
    for name, field in form.fields.items():
        if name not in form.changed_data and name in form.cleaned_data and not field.widget.is_hidden:
            form.cleaned_data[name] = field.clean(form.get_initial_for_field(field, name))


class DefinitionForm(VersionedForm, forms.Form):
    """Says the faults of the changed document at the fields of the same name, the others at the top."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def add_faults(self, refusal: DocumentFaults) -> None:
        for fault in refusal.faults:
            name = fault.path.split(".")[-1].split("[")[0]
            inside = name in self.fields
            self.add_error(name if inside else None, fault.sentence if inside else str(fault))
