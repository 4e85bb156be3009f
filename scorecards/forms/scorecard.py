"""Reads what a scorecard administrator types about perspectives and weights."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation.forms.versioned import VersionedForm
from scorecards.forms.number import NumberField
from scorecards.models import Month
from scorecards.selectors.setup import WeightGroup, WeightNode

WHOLE = Decimal(100)


class SinceForm(VersionedForm, forms.Form):
    """From which month weights hold, and the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    since = forms.ChoiceField(label=gettext_lazy("In force from"))

    def __init__(self, *args: Any, months: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].choices = months  # type: ignore[attr-defined]

    @property
    def month(self) -> Month:
        return Month.parse(self.cleaned_data["since"])


class PerspectiveForm(forms.Form):
    node = forms.IntegerField(widget=forms.HiddenInput)
    position = forms.IntegerField(min_value=1, max_value=99, label=gettext_lazy("Place"))
    name = forms.CharField(max_length=500, label=gettext_lazy("English name"))
    name_zh = forms.CharField(max_length=500, label=gettext_lazy("Chinese name"))
    weight = NumberField(max_length=20, label=gettext_lazy("Weight %"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs.update({"aria-label": field.label, "class": "form-control"})

    def clean_weight(self) -> float:
        return needed_weight(self.cleaned_data["weight"])


def needed_weight(weight: float | None) -> float:
    if weight is None:
        raise forms.ValidationError(_("Enter a weight; 0 is allowed."))
    if weight < 0:
        raise forms.ValidationError(_("A weight is 0 or more."))
    return weight


def perspectives_fault(rows: list[dict[str, Any]]) -> str:
    """What is wrong with the perspectives taken together, or an empty text. rows: what was typed of each."""
    places = [row["position"] for row in rows]
    if len(set(places)) < len(places):
        return _("Two perspectives have the same place.")
    return total_fault([row["weight"] for row in rows])


def total_fault(weights: list[float]) -> str:
    """What is wrong with the weights of all perspectives, which are percentages, or an empty text."""
    total = sum((Decimal(repr(weight)) for weight in weights), Decimal(0))
    if total == WHOLE:
        return ""
    shown = {"total": f"{total.normalize():f}", "difference": f"{abs(WHOLE - total).normalize():f}"}
    if total < WHOLE:
        return _("The weights add up to %(total)s, %(difference)s less than 100.") % shown
    return _("The weights add up to %(total)s, %(difference)s more than 100.") % shown


class WeightsForm(forms.Form):
    """One number for each objective and measure of the groups, named by their keys."""

    def __init__(self, *args: Any, groups: list[WeightGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups
        self.nodes: list[WeightNode] = [node for group in groups for node in group.nodes]
        for node in self.nodes:
            self.fields[node.key] = NumberField(max_length=20, initial=node.weight, label=node.name)
            self.fields[node.key].widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        for node in self.nodes:
            if node.key in self.cleaned_data:
                try:
                    needed_weight(self.cleaned_data[node.key])
                except forms.ValidationError as error:
                    self.add_error(node.key, error)
        for group in self.groups:
            if all(self.cleaned_data.get(node.key) == 0 for node in group.nodes):
                self.add_error(group.nodes[0].key, _("At least one of these must weigh more than 0."))
        return self.cleaned_data
