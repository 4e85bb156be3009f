"""Reads targets: the points of a month as one text, and a year of them for all measures as a grid."""

import copy
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scorecards.errors import DocumentFaults
from scorecards.forms.definition import DefinitionForm
from scorecards.forms.document import read_document
from scorecards.forms.number import read_number
from scorecards.models import Month
from scorecards.selectors.document import Document, each_measure
from scorecards.selectors.text import input_text

SEPARATOR = "/"


def read_points(typed: str) -> list[float]:
    """Numbers with a slash between them. Raises ValidationError."""
    numbers = [
        read_number(part) for part in typed.replace("；", SEPARATOR).replace(";", SEPARATOR).replace("／", SEPARATOR).split(SEPARATOR)
    ]
    if numbers == [None]:
        return []
    if None in numbers:
        raise forms.ValidationError(_("Write the numbers with a slash between them, like 70 / 85 / 95."))
    return [number for number in numbers if number is not None]


def points_text(points: list[float]) -> str:
    return " / ".join(input_text(float(point)) for point in points)


class TargetsForm(DefinitionForm):
    """A text for each measure and month, empty where the points before go on; and a year's total to be phased over the months that are
    due and not closed, of which the closed ones have had their part. closed: the last closed month."""

    phase_code = forms.CharField(required=False, max_length=40)
    phase_points = forms.CharField(required=False, max_length=200, label=gettext_lazy("Points of the whole year"))
    phase_by = forms.ChoiceField(required=False, choices=[("even", gettext_lazy("evenly")), ("season", gettext_lazy("like last year"))])

    def __init__(
        self,
        *args: Any,
        document: Document,
        codes: list[str],
        due: dict[str, list[int]],
        seasons: dict[str, dict[int, float]],
        closed: Month | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.document, self.codes, self.due, self.seasons = document, codes, due, seasons
        self.done = "" if closed is None else str(closed)
        self.months = [str(Month.of(document["year"], number)) for number in range(1, 13)]
        for code in codes:
            for month in self.months:
                self.fields[f"{code} {month}"] = forms.CharField(required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        rows = {code: self._row(code) for code in self.codes}
        self._phase(rows)
        if self.errors:
            return self.cleaned_data
        self.changed = copy.deepcopy(self.document)
        for _path, measure in each_measure(self.changed):
            if measure["code"] in rows:
                other = [row for row in measure["targets"] or [] if row["from"][:4] != str(self.document["year"])]
                measure["targets"] = sorted([*other, *rows[measure["code"]]], key=lambda row: str(row["from"]))
        try:
            self.changed = read_document(self.changed)
        except DocumentFaults as refusal:
            self.add_faults(refusal)
        return self.cleaned_data

    def _row(self, code: str) -> list[Document]:
        found: list[Document] = []
        for month in self.months:
            try:
                points = read_points(self.cleaned_data.get(f"{code} {month}", ""))
            except forms.ValidationError as error:
                self.add_error(f"{code} {month}", error)
                continue
            if points:
                found.append({"from": month, "points": points})
        return found

    def _phase(self, rows: dict[str, list[Document]]) -> None:
        code, typed = self.cleaned_data.get("phase_code"), self.cleaned_data.get("phase_points", "")
        if not code or code not in rows:
            return
        try:
            total = read_points(typed)
        except forms.ValidationError as error:
            self.add_error("phase_points", error)
            return
        if not total:
            self.add_error("phase_points", _("Enter the points of the whole year, or choose no measure."))
            return
        kept = [row for row in rows[code] if row["from"] <= self.done]
        due, season = [number for number in self.due[code] if self.months[number - 1] > self.done], self.seasons.get(code, {})
        by_season = self.cleaned_data["phase_by"] == "season"
        if not due:
            self.add_error("phase_points", _("Nothing is due in this year, or all of it is closed."))
            return
        total = self._left(total, kept, code)
        if by_season and not set(due) <= season.keys():
            self.add_error("phase_points", _("Last year has no value in each of the months that are due; phase evenly."))
            return
        phased = [phase(point, [season[number] if by_season else 1.0 for number in due]) for point in total]
        phased_rows = [{"from": self.months[number - 1], "points": [column[i] for column in phased]} for i, number in enumerate(due)]
        rows[code] = [*kept, *phased_rows]

    def _left(self, total: list[float], kept: list[Document], code: str) -> list[float]:
        """The year's points without those in force in the closed months that were due."""
        left = [Decimal(repr(point)) for point in total]
        for month in (self.months[number - 1] for number in self.due[code]):
            begun = [row["points"] for row in kept if row["from"] <= month]
            if begun and month <= self.done and len(begun[-1]) == len(left):
                left = [one - Decimal(repr(float(point))) for one, point in zip(left, begun[-1], strict=True)]
        return [float(one) for one in left]

    def add_faults(self, refusal: DocumentFaults) -> None:
        by_path = dict(each_measure(self.changed))
        for fault in refusal.faults:
            path, _sep, rest = fault.path.partition(".targets")
            node = by_path.get(path)
            place = rest.removeprefix("[").split("]")[0]
            typed = [name for name in self.changed_data if node is not None and name.startswith(f"{node['code']} ")]
            if node is not None and place.isdigit():
                self.add_error(f"{node['code']} {node['targets'][int(place)]['from']}", fault.sentence)
            elif typed:
                self.add_error(typed[0], fault.sentence)
            else:
                self.add_error("phase_points" if self.cleaned_data.get("phase_code") else None, fault.sentence)


def phase(total: float, shares: list[float]) -> list[float]:
    """A year's total in parts that add up to it exactly, of at most 4 decimals and 12 digits; what rounding leaves goes to the last."""
    whole, parts = Decimal(repr(total)), [Decimal(repr(share)) for share in shares]
    decimals = max(0, min(4, 11 - max(whole.adjusted(), 0)))
    rounded = [(whole * part / sum(parts)).quantize(Decimal(1).scaleb(-decimals)) for part in parts]
    rounded[-1] += whole - sum(rounded)
    return [float(part) for part in rounded]
