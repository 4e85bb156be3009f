"""Reads one row of the entry page: the parts of a reading and the version that the person saw."""

from django import forms
from django.utils.translation import gettext as _

from scorecards.forms.number import NumberField
from scorecards.models import Measure

NOT_NEGATIVE = {"denominator", "volume"}


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
