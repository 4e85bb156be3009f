"""Reads which measure is offered in the catalogue, and how it is called there."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation.forms.versioned import VersionedForm
from organisation.models import Unit
from scorecards.choices import Source
from scorecards.models import CatalogueMeasure, Measure


class OfferForm(forms.Form):
    """measure: UNIT/CODE, of the unit's latest year, out of the units that the person may see."""

    unit = forms.ChoiceField(label=gettext_lazy("For this unit and all below it"))
    measure = forms.CharField(max_length=81, label=gettext_lazy("Measure, as UNIT/CODE"))
    topic = forms.CharField(max_length=200, required=False, label=gettext_lazy("Of what it tells, for the search"))

    def __init__(self, *args: Any, units: list[Unit], seen: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units, self.seen = {unit.code: unit for unit in units}, seen
        self.fields["unit"].choices = [(unit.code, f"{unit.code} {unit.label}") for unit in units]  # type: ignore[attr-defined]

    def clean_unit(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]

    def clean_measure(self) -> Measure:
        unit, _slash, code = self.cleaned_data["measure"].strip().partition("/")
        found = Measure.objects.filter(scorecard__unit__code=unit, scorecard__unit__in=self.seen, scorecard__officer="", code=code)
        measure = found.select_related("scorecard__unit__parent").order_by("-scorecard__year").first()
        if measure is None:
            raise forms.ValidationError(_("There is no measure %(measure)s.") % {"measure": self.cleaned_data["measure"]})
        if measure.source in {Source.ROLLUP, Source.MIRROR}:
            raise forms.ValidationError(_("A measure that shows those of certain other units fits nowhere else."))
        return measure

    def clean(self) -> dict[str, Any]:
        unit, measure = self.cleaned_data.get("unit"), self.cleaned_data.get("measure")
        if unit and measure and CatalogueMeasure.objects.filter(unit=unit, code=measure.code).exists():
            self.add_error("measure", _("The catalogue of this unit has a measure %(code)s already.") % {"code": measure.code})
        return self.cleaned_data


class EntryForm(VersionedForm, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(max_length=500, label=gettext_lazy("English name"))
    name_zh = forms.CharField(max_length=500, label=gettext_lazy("Chinese name"))
    topic = forms.CharField(max_length=200, required=False, label=gettext_lazy("Of what it tells, for the search"))
    active = forms.BooleanField(required=False, label=gettext_lazy("Offered"))
