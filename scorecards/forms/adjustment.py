"""Reads proposals of adjustments, decisions about them, and the items of the catalogue."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation.forms.versioned import VersionedForm
from organisation.models import Unit
from organisation.models.unit import code_shape
from scorecards.forms.number import NumberField
from scorecards.models import AdjustmentItem, Month
from scorecards.selectors.text import signed_text

MOST_POINTS = 120


class ProposalForm(forms.Form):
    item = forms.ChoiceField(label=gettext_lazy("Item of the catalogue"))
    month = forms.ChoiceField(label=gettext_lazy("Month"))
    reason = forms.CharField(max_length=500, label=gettext_lazy("What happened"))
    evidence = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label=gettext_lazy("Evidence: documents, numbers, witnesses")
    )

    def __init__(self, *args: Any, items: list[AdjustmentItem], months: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = {str(item.pk): item for item in items}
        named = [(str(item.pk), f"{item.code} {item.label} ({signed_text(item.points)})") for item in items]
        self.fields["item"].choices = named  # type: ignore[attr-defined]
        self.fields["month"].choices = months  # type: ignore[attr-defined]

    def clean_item(self) -> AdjustmentItem:
        return self.items[self.cleaned_data["item"]]

    def clean_month(self) -> Month:
        return Month.parse(self.cleaned_data["month"])


class ItemForm(VersionedForm, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)
    unit = forms.ChoiceField(label=gettext_lazy("For this unit and all below it"))
    code = forms.CharField(max_length=40, validators=[code_shape], label=gettext_lazy("Code"))
    name = forms.CharField(max_length=500, label=gettext_lazy("English name"))
    name_zh = forms.CharField(max_length=500, label=gettext_lazy("Chinese name"))
    points = NumberField(max_length=20, label=gettext_lazy("Points, with a minus for a penalty"))
    retired = forms.BooleanField(required=False, label=gettext_lazy("No longer offered"))

    def __init__(self, *args: Any, units: list[Unit], item: AdjustmentItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.code: unit for unit in units}
        self.fields["unit"].choices = [(unit.code, f"{unit.code} {unit.label}") for unit in units]  # type: ignore[attr-defined]
        if item is None:
            del self.fields["retired"]
        else:
            del self.fields["unit"], self.fields["code"]

    def clean_unit(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]

    def clean_points(self) -> float:
        points = self.cleaned_data["points"]
        if not points:
            raise forms.ValidationError(_("Enter the points; 0 would change nothing."))
        if abs(points) > MOST_POINTS:
            raise forms.ValidationError(_("At most %(most)d points either way.") % {"most": MOST_POINTS})
        return float(points)

    def clean(self) -> dict[str, Any]:
        unit, code = self.cleaned_data.get("unit"), self.cleaned_data.get("code")
        if unit and code and AdjustmentItem.objects.filter(unit=unit, code=code).exists():
            self.add_error("code", _("Another item of this unit has the code %(code)s.") % {"code": code})
        return self.cleaned_data
