"""Reads the day of a talk about an agreement, and the changes asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scorecards.errors import DocumentFaults
from scorecards.forms.document import read_document
from scorecards.forms.number import NumberField
from scorecards.models import Month
from scorecards.selectors.document import Document
from staff.choices import LEAST_WEIGHT, MOST_WEIGHT, SMALLEST, WHOLE
from staff.forms.day import DayField, not_after
from staff.forms.post import points_of
from staff.selectors.agreement import points_text, with_changes


class TalkedForm(forms.Form):
    day = DayField(label=gettext_lazy("Talked over on"))

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> Any:
        return not_after(self.cleaned_data["day"], self.today)


class ChangeForm(forms.Form):
    """For each measure its weight and, where it has any, its points. document: what the scorecard says; now: what holds of it, by code;
    months: from which a change may hold."""

    from_month = forms.ChoiceField(label=gettext_lazy("In force from"))
    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_lazy("What is to change, and why"))

    def __init__(
        self, *args: Any, document: Document, now: dict[str, dict[str, Any]], months: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.document, self.now = document, now
        self.fields["from_month"].choices = months  # type: ignore[attr-defined]
        for code, facts in now.items():
            self.fields[f"weight {code}"] = NumberField(max_length=10, initial=f"{facts['weight']:g}")
            if facts["points"] is not None:
                self.fields[f"points {code}"] = forms.CharField(max_length=120, initial=points_text(facts["points"]))

    def clean(self) -> dict[str, Any]:
        self.wanted: dict[str, dict[str, Any]] = {}
        for code, facts in self.now.items():
            weight, points = self.cleaned_data.get(f"weight {code}"), facts["points"]
            if weight is None or (weight != facts["weight"] and not LEAST_WEIGHT <= weight <= MOST_WEIGHT):
                self.add_error(
                    f"weight {code}", _("Must be between %(least)d and %(most)d.") % {"least": LEAST_WEIGHT, "most": MOST_WEIGHT}
                )
                continue
            typed = self.cleaned_data.get(f"points {code}")
            if points is not None and typed is not None and typed != points_text(points):
                try:
                    points = points_of(typed, len(points))
                except forms.ValidationError as refusal:
                    self.add_error(f"points {code}", refusal)
            self.wanted[code] = {"weight": float(weight), "points": points}
        total = sum(facts["weight"] for facts in self.wanted.values())
        if not self.errors and abs(total - WHOLE) > SMALLEST:
            raise forms.ValidationError(_("The weights add up to %(total)s; they must make 100.") % {"total": f"{total:g}"})
        if not self.errors:
            try:
                read_document(with_changes(self.document, self.month, self.wanted))
            except DocumentFaults as refusal:
                raise forms.ValidationError([str(fault.sentence) for fault in refusal.faults]) from refusal
        return self.cleaned_data

    @property
    def month(self) -> Month:
        return Month.parse(self.cleaned_data["from_month"])

    def rows(self) -> list[tuple[str, Any, Any]]:
        """Code, field of the weight, field of the points or None."""
        return [(code, self[f"weight {code}"], self[f"points {code}"] if f"points {code}" in self.fields else None) for code in self.now]
