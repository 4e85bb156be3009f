"""Reads what is typed on the entry page and the verification page: parts of readings and the versions that the person saw."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from scorecards.forms.number import NumberField
from scorecards.models import Measure

NOT_NEGATIVE = {"denominator", "volume"}
MOST_PASTED = 600


class ReadingForm(forms.Form):
    """Valid with all parts, or with none (the reading is taken back). `waits_for` names the part still to be typed.
    mark: that nothing is to be reported, for the reason that stands in not_applicable."""

    seen = forms.IntegerField(min_value=0)
    mark = forms.BooleanField(required=False)
    not_applicable = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: object, measure: Measure, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.names = measure.parts
        for name in self.names:
            self.fields[name] = NumberField(max_length=60, required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("mark") and not cleaned.get("not_applicable"):
            self.add_error("not_applicable", _("Say why nothing is to be reported."))
        for name in NOT_NEGATIVE & set(self.names):
            number = cleaned.get(name)
            if isinstance(number, float) and number < 0:
                self.add_error(name, _("Must be 0 or more."))
        return cleaned

    @property
    def parts(self) -> dict[str, float]:
        return {name: self.cleaned_data[name] for name in self.names if self.cleaned_data.get(name) is not None}

    @property
    def waits_for(self) -> str:
        """The part that is empty while another is filled; nothing if all or none are."""
        lacking = [name for name in self.names if name not in self.parts]
        return lacking[0] if self.parts and lacking else ""

    @property
    def sentence(self) -> str:
        """What is wrong, in one sentence."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)


class BlockForm(forms.Form):
    """Several rows at once, as pasted: `rows` is a JSON list of objects with the measure's id as `measure`, `seen`, and the parts as text.
    Valid: `block` is that list, each object with texts only."""

    rows = forms.CharField(max_length=200_000)

    def clean_rows(self) -> str:
        try:
            found = json.loads(self.cleaned_data["rows"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_("The pasted block cannot be read.")) from error
        if not isinstance(found, list) or len(found) > MOST_PASTED or not all(_is_row(row) for row in found):
            raise forms.ValidationError(_("The pasted block cannot be read."))
        self.block: list[dict[str, str]] = [{name: str(value) for name, value in row.items()} for row in found]
        return str(self.cleaned_data["rows"])


def _is_row(row: Any) -> bool:
    return isinstance(row, dict) and str(row.get("measure", "")).isdecimal() and all(isinstance(value, str | int) for value in row.values())


class NoteForm(forms.Form):
    note = forms.CharField(max_length=500, required=False)


class VerdictForm(forms.Form):
    """verdict: verify or return; seen: the readings chosen, as `id:version`; reason: needed when returning."""

    verdict = forms.ChoiceField(choices=[("verify", ""), ("return", "")])
    seen = forms.MultipleChoiceField(required=True)
    reason = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].choices = [(one, one) for one in offered]  # type: ignore[attr-defined]
        self.fields["seen"].error_messages["required"] = _("Choose at least one value.")
        self.fields["seen"].error_messages["invalid_choice"] = _("A value has been changed in the meantime. Look at it again.")

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("verdict") == "return" and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("Say why it is returned."))
        return self.cleaned_data

    @property
    def versions(self) -> dict[int, int]:
        return {int(pk): int(version) for pk, version in (one.split(":") for one in self.cleaned_data["seen"])}
