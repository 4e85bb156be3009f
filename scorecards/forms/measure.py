"""Reads what is typed about a measure, as the scorecard's document with that measure changed."""

import copy
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scorecards.choices import CURVES, Across, Better, Frequency, Kind, Method, Preset, Source
from scorecards.errors import DocumentFaults
from scorecards.forms.definition import DefinitionForm, keep_others, remember
from scorecards.forms.document import read_document
from scorecards.forms.number import NumberField
from scorecards.forms.target import points_text, read_points
from scorecards.selectors.document import Document, each_measure, each_objective

OPTIONAL: list[tuple[str, Any]] = [("", "–")]
TEXTS = ("name_zh", "unit", "owner", "data_source", "definition", "definition_zh")
PLAIN = ("name", *TEXTS, "kind", "source", "veto_cap", "lowest", "highest", "minimum_count")
COMPUTED_FROM_ITSELF = ("better", "preset", "method", "factor", "frequency", "minimum_count")
NOT_OF: dict[str, tuple[str, ...]] = {
    Source.ENTERED: ("formula", "contributors", "across"),
    Source.FORMULA: ("contributors", "across", "due_from", "due_until"),
    Source.ROLLUP: ("formula", "due_from", "due_until"),
    Source.MIRROR: ("formula", "across", "due_from", "due_until", *COMPUTED_FROM_ITSELF),
}
TRIED = "TRIED"
FULL_WIDTH = {**{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}, 0x3000: 0x20}  # what an input method types for ASCII
PARTS_OF_PATH = {"targets": "points", "readings": None, "contributors": "contributors", "curve_scores": "curve_scores", "weight": None}


class MeasureForm(DefinitionForm):
    """points: those in force from the month `since`; the rows of earlier and later months stay as they are. shown: the month whose
    points the page showed: where these are still there nothing is written, whatever `since` is. trying: for a preview, which may
    compute a measure that has values."""

    name = forms.CharField(max_length=500, label=gettext_lazy("English name"))
    name_zh = forms.CharField(max_length=500, label=gettext_lazy("Chinese name"), required=False)
    unit = forms.CharField(max_length=500, required=False, label=gettext_lazy("Unit of measurement"))
    owner = forms.CharField(max_length=200, required=False, label=gettext_lazy("Owner"))
    data_source = forms.CharField(max_length=500, required=False, label=gettext_lazy("Data source"))
    definition = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_lazy("Definition, English")
    )
    definition_zh = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_lazy("Definition, Chinese")
    )
    kind = forms.ChoiceField(choices=[*OPTIONAL, *Kind.choices], required=False, label=gettext_lazy("Leading or lagging"))
    source = forms.ChoiceField(choices=Source.choices, label=gettext_lazy("Where its value comes from"))
    give_up_readings = forms.BooleanField(
        required=False,
        label=gettext_lazy("Take back the values that were entered"),
        help_text=gettext_lazy("Needed to compute a measure that has values; they stay in its history."),
    )
    formula = forms.CharField(
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        label=gettext_lazy("Formula"),
        help_text=gettext_lazy("Codes of measures with + − × ÷, brackets, min, max, abs and round; a space before a minus."),
    )
    contributors = forms.CharField(
        max_length=90_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        label=gettext_lazy("Contributors"),
        help_text=gettext_lazy("UNIT/CODE or UNIT/OFFICER/CODE, one a line; a mirror has one."),
    )
    across = forms.ChoiceField(choices=[*OPTIONAL, *Across.choices], required=False, label=gettext_lazy("Contributors combine by"))
    method = forms.ChoiceField(choices=[*OPTIONAL, *Method.choices], required=False, label=gettext_lazy("Months combine by"))
    factor = NumberField(max_length=30, required=False, label=gettext_lazy("Factor of a ratio (100 for %)"))
    frequency = forms.ChoiceField(choices=[*OPTIONAL, *Frequency.choices], required=False, label=gettext_lazy("Frequency"))
    due_from = forms.CharField(max_length=7, required=False, label=gettext_lazy("Due from (2026-03)"))
    due_until = forms.CharField(max_length=7, required=False, label=gettext_lazy("Due until (2026-12)"))
    better = forms.ChoiceField(choices=[*OPTIONAL, *Better.choices], required=False, label=gettext_lazy("Direction"))
    preset = forms.ChoiceField(choices=[*OPTIONAL, *Preset.choices], required=False, label=gettext_lazy("Curve"))
    curve_scores = forms.CharField(max_length=120, required=False, label=gettext_lazy("Scores of a custom curve, as 0 / 60 / 100"))
    since = forms.ChoiceField(label=gettext_lazy("Points in force from"))
    shown = forms.CharField(max_length=7, required=False, widget=forms.HiddenInput)
    points = forms.CharField(max_length=200, required=False, label=gettext_lazy("Points, as 70 / 85 / 95 / 99"))
    veto_cap = NumberField(max_length=20, required=False, label=gettext_lazy("Veto: below 100, the scorecard is capped at"))
    lowest = NumberField(max_length=30, required=False, label=gettext_lazy("Lowest possible value"))
    highest = NumberField(
        max_length=30,
        required=False,
        label=gettext_lazy("Highest possible value"),
        help_text=gettext_lazy("Nothing outside these is taken when a month is entered or imported."),
    )

    minimum_count = NumberField(
        max_length=30,
        required=False,
        label=gettext_lazy("Least number of cases"),
        help_text=gettext_lazy("Below this denominator or volume the value is shown and not scored."),
    )

    def __init__(
        self, *args: Any, document: Document, code: str, months: list[tuple[str, str]], trying: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.document, self.code, self.trying = document, code, trying
        self.fields["since"].choices = months  # type: ignore[attr-defined]
        remember(self)

    def clean(self) -> dict[str, Any]:
        if not self.errors and self.cleaned_data["source"] == Source.FORMULA and not self.cleaned_data["formula"].strip():
            self.add_error("formula", _("Enter the formula, for example C1-01 + C1-02."))
        if self.errors:
            return self.cleaned_data
        keep_others(self)
        self.changed = copy.deepcopy(self.document)
        measure = next(node for _path, node in each_measure(self.changed) if node["code"] == self.code)
        measure.update(self._measure(measure))
        if measure["source"] != Source.ENTERED and measure["readings"]:
            if not self.cleaned_data["give_up_readings"] and not self.trying:
                sentence = _("%(number)d values have been entered for this measure. Tick “Take back the values that were entered”.")
                self.add_error("source", sentence % {"number": len(measure["readings"])})
            measure["readings"] = []
        try:
            self.changed = read_document(self.changed)
        except DocumentFaults as refusal:
            self.add_faults(refusal)
        return self.cleaned_data

    def points_by_month(self) -> dict[str, str]:
        """What stands in `points` when another month is chosen."""
        measure = next(node for _path, node in each_measure(self.document) if node["code"] == self.code)
        return {month: points_in(measure, month) for month, _name in self.fields["since"].choices}  # type: ignore[attr-defined]

    @property
    def tried_code(self) -> str:
        """Under which code `tried_in` has what was typed."""
        return self.code if self.cleaned_data["source"] == Source.ENTERED else TRIED

    def tried_in(self, document: Document) -> Document | None:
        """The document of this year or the one before with what was typed, and with its own targets if it is last year's; None where it
        does not fit. A computed measure stands beside the stored one, which may have readings in closed months."""
        wanted = next(node for _path, node in each_measure(self.changed) if node["code"] == self.code)
        for _lane, objective in each_objective(document):
            for i, stored in enumerate(objective["measures"]):
                if stored["code"] == self.code:
                    targets = wanted["targets"] if document["year"] == self.document["year"] else stored["targets"]
                    tried = {**wanted, "code": self.tried_code, "targets": targets, "readings": []}
                    if self.tried_code == self.code:
                        objective["measures"][i] = {**tried, "readings": stored["readings"]}
                    else:
                        objective["measures"].append(tried)
                    return _read(document)
        return None

    def add_faults(self, refusal: DocumentFaults) -> None:
        """Each sentence at its field; at the top what is said of something else."""
        paths = {node["code"]: path for path, node in each_measure(self.document)}
        for fault in refusal.faults:
            name = fault.path.removeprefix(paths[self.code]).lstrip(".").split(".")[0].split("[")[0]
            name = PARTS_OF_PATH.get(name, name) or ""
            inside = fault.path.startswith(paths[self.code]) and name in self.fields
            self.add_error(name if inside else None, fault.sentence)

    def _measure(self, before: Document) -> Document:
        typed = self.cleaned_data
        own = {name: typed[name] if typed[name] != "" or name in TEXTS else None for name in PLAIN}
        rules = {name: typed[name] or None for name in COMPUTED_FROM_ITSELF}
        rules["formula"] = typed["formula"].translate(FULL_WIDTH).strip() or None
        rules["across"] = typed["across"] or None
        rules["contributors"] = typed["contributors"].split() or None
        rules |= {name: typed[name] or None for name in ("due_from", "due_until")}
        scores, points = self._list("curve_scores"), self._list("points")
        rules["curve_scores"] = CURVES.get(rules["preset"] or "", scores or None)
        rules["targets"] = self._targets(before, points)
        if rules["preset"] == Preset.UNSCORED or typed["source"] == Source.MIRROR:
            rules["curve_scores"], rules["targets"] = None, []
        return {**own, **rules, **dict.fromkeys(NOT_OF[typed["source"]])}

    def _targets(self, before: Document, points: list[float]) -> list[Document]:
        for month in (self.cleaned_data["shown"], self.cleaned_data["since"]):
            begun = [row for row in before["targets"] or [] if row["from"] <= month]
            if begun and points == [float(point) for point in begun[-1]["points"]]:
                return list(before["targets"])
        rows = [row for row in before["targets"] or [] if row["from"] != self.cleaned_data["since"]]
        rows += [{"from": self.cleaned_data["since"], "points": points}] if points else []
        return sorted(rows, key=lambda row: str(row["from"]))

    def _list(self, name: str) -> list[float]:
        try:
            return read_points(self.cleaned_data[name])
        except forms.ValidationError as error:
            self.add_error(name, error)
            return []


def _read(document: Document) -> Document | None:
    try:
        return read_document(document)
    except DocumentFaults:
        return None


def initial_of(measure: Document, version: int, since: str) -> dict[str, Any]:
    """What the form shows of a measure of a document."""
    texts = {
        name: "" if measure.get(name) is None else measure[name]
        for name in (*PLAIN, *COMPUTED_FROM_ITSELF, "formula", "across", "due_from", "due_until")
    }
    return {
        **texts,
        "version": version,
        "since": since,
        "shown": since,
        "contributors": "\n".join(measure["contributors"] or []),
        "curve_scores": points_text(measure["curve_scores"] or []),
        "points": points_in(measure, since),
    }


def points_in(measure: Document, month: str) -> str:
    """The points of a measure of a document that are in force in a month, as they are typed."""
    begun = [row for row in measure["targets"] or [] if row["from"] <= month]
    return points_text(begun[-1]["points"]) if begun else ""
