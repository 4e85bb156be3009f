"""Reads posts and the lines of their templates."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation.forms.versioned import VersionedForm
from organisation.models.unit import code_shape
from scorecards.choices import CURVES, Better, Frequency, Method, Preset, Source
from scorecards.errors import DocumentFaults
from scorecards.forms.document import read_document
from scorecards.forms.number import NumberField
from scorecards.forms.target import read_points
from scorecards.models import Measure, Scorecard
from scorecards.models.measure import measure_code_shape
from staff.choices import MOST_LINES, WHOLE, Category, LineKind
from staff.selectors.cascade import DIVISIBLE

OWN_PRESETS = [Preset.TARGET, Preset.STRETCH, Preset.RED_FLAG, Preset.RANGE, Preset.PASS_FAIL]
OWN_METHODS = [Method.RATIO, Method.SUM, Method.AVERAGE, Method.LATEST]


def points_of(typed: str, number: int) -> list[float]:
    """As many points as the curve has. Raises ValidationError."""
    points = read_points(typed)
    if len(points) != number:
        raise forms.ValidationError(_("The curve has %(number)d points.") % {"number": number})
    return points


class PostForm(forms.Form):
    """A new post."""

    code = forms.CharField(max_length=40, validators=[code_shape], label=gettext_lazy("Code"))
    name = forms.CharField(max_length=500, label=gettext_lazy("English name"))
    name_zh = forms.CharField(max_length=500, label=gettext_lazy("Chinese name"))
    category = forms.ChoiceField(choices=Category.choices, label=gettext_lazy("Category"))


class PostEditForm(VersionedForm, forms.Form):
    """What is said of a post besides its lines."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(max_length=500, label=gettext_lazy("English name"))
    name_zh = forms.CharField(max_length=500, label=gettext_lazy("Chinese name"))
    category = forms.ChoiceField(choices=Category.choices, label=gettext_lazy("Category"))
    minimum_service = NumberField(
        max_length=10,
        label=gettext_lazy("Least service for a score, in percent of the period"),
        help_text=gettext_lazy("Whoever served less is shown without a score."),
    )

    def clean_minimum_service(self) -> float:
        share = self.cleaned_data["minimum_service"]
        if share is None or not 0 <= share <= WHOLE:
            raise forms.ValidationError(_("Must be between 0 and 100."))
        return float(share) / WHOLE


@dataclass(frozen=True)
class Known:
    """What a unit's scorecard of a year lends to templates: measures by code, and objectives as pairs of code and name."""

    year: int
    measures: dict[str, Measure]
    objectives: list[tuple[str, str]]


def known_of(card: Scorecard | None, year: int) -> Known:
    """Two queries; nothing without a scorecard."""
    if card is None:
        return Known(year, {}, [])
    measures = {one.code: one for one in card.measures.select_related("objective", "scorecard")}
    return Known(card.year, measures, [(one.code, f"{one.code} {one.label}") for one in card.objectives.all()])


class LineForm(forms.Form):
    """One line; an empty one is none. known: what it may name."""

    kind = forms.ChoiceField(choices=[("", "–"), *LineKind.choices], required=False, label=gettext_lazy("Carries"))
    code = forms.CharField(
        max_length=40,
        required=False,
        validators=[measure_code_shape],
        widget=forms.TextInput(attrs={"list": "measures", "autocomplete": "off"}),
        label=gettext_lazy("Measure (code)"),
    )
    objective = forms.ChoiceField(required=False, label=gettext_lazy("Objective, of an own duty"))
    weight = NumberField(max_length=10, required=False, label=gettext_lazy("Weight, %"))
    share = NumberField(
        max_length=10,
        required=False,
        label=gettext_lazy("Share of work, %"),
        help_text=gettext_lazy("Empty: all holders alike."),
    )
    minimum_count = NumberField(max_length=20, required=False, label=gettext_lazy("Least number of cases"))
    points = forms.CharField(
        max_length=120, required=False, label=gettext_lazy("Points, as 70 / 85 / 95"), help_text=gettext_lazy("Empty: the unit's.")
    )
    name = forms.CharField(max_length=500, required=False, label=gettext_lazy("English name"))
    name_zh = forms.CharField(max_length=500, required=False, label=gettext_lazy("Chinese name"))
    unit = forms.CharField(max_length=40, required=False, label=gettext_lazy("Unit of measurement"))
    method = forms.ChoiceField(
        choices=[(one.value, one.label) for one in OWN_METHODS], required=False, label=gettext_lazy("Months combine by")
    )
    frequency = forms.ChoiceField(choices=Frequency.choices, required=False, label=gettext_lazy("Frequency"))
    better = forms.ChoiceField(choices=Better.choices, required=False, label=gettext_lazy("Direction"))
    preset = forms.ChoiceField(choices=[(one.value, one.label) for one in OWN_PRESETS], required=False, label=gettext_lazy("Curve"))

    def __init__(self, *args: Any, known: Known, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year, self.measures = known.year, known.measures
        self.read: list[float] = []
        self.fields["objective"].choices = [("", "–"), *known.objectives]  # type: ignore[attr-defined]

    @property
    def is_blank(self) -> bool:
        return not self.cleaned_data.get("kind") and not self.cleaned_data.get("code")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.is_blank or self.errors:
            return given
        if not given.get("kind"):
            self.add_error("kind", _("Say how the line carries the strategy."))
        if not given.get("code"):
            self.add_error("code", _("A line needs the code of its measure."))
        if given.get("weight") is None or given["weight"] <= 0:
            self.add_error("weight", _("A weight above 0 is needed."))
        if given.get("share") is not None and not 0 <= given["share"] <= WHOLE:
            self.add_error("share", _("Must be between 0 and 100."))
        if not self.errors:
            self._clean_own() if given["kind"] == LineKind.OWN else self._clean_carried()
        return given

    def _clean_carried(self) -> None:
        measure = self.measures.get(self.cleaned_data["code"])
        if measure is None:
            self.add_error("code", _("The unit's scorecard has no measure of this code."))
            return
        self.cleaned_data["objective"] = measure.objective.code
        if self.cleaned_data["kind"] == LineKind.SAME:
            return
        if measure.source not in {Source.ENTERED, Source.ROLLUP} or measure.method not in DIVISIBLE:
            self.add_error("kind", _("This measure has no parts that people could carry; take it as “same”."))
        elif self.cleaned_data["points"]:
            self._read_points(len(measure.curve_scores))
            if not self.errors:
                self._check({**_definition(measure), "targets": [{"from": f"{measure.scorecard.year}-01", "points": self.read}]})
        if self.cleaned_data.get("minimum_count") is not None and measure.method not in {Method.RATIO, Method.WEIGHTED}:
            self.add_error("minimum_count", _("Only ratios and weighted averages count cases."))

    def _clean_own(self) -> None:
        for name in ("objective", "name", "points"):
            if not self.cleaned_data.get(name):
                self.add_error(name, _("An own duty needs this."))
        if self.cleaned_data["code"] in self.measures:
            self.add_error("code", _("The unit has a measure of this code; give the duty another one."))
        if not self.errors:
            self._read_points(len(CURVES[self.cleaned_data["preset"]]))
        if not self.errors:
            self._check({**self._own(), "minimum_count": self.cleaned_data.get("minimum_count")})

    def _check(self, measure: dict[str, Any]) -> None:
        """Refuse what a scorecard could not hold."""
        try:
            read_document(self._sample(measure))
        except DocumentFaults as refusal:
            for fault in refusal.faults:
                self.add_error(None, fault.sentence)

    def _read_points(self, number: int) -> None:
        try:
            self.read = points_of(self.cleaned_data["points"], number)
        except forms.ValidationError as refusal:
            self.add_error("points", refusal)

    def _own(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "code": given["code"],
            "name": given["name"],
            "name_zh": given["name_zh"],
            "unit": given["unit"],
            "better": given["better"],
            "preset": given["preset"],
            "curve_scores": CURVES[given["preset"]],
            "method": given["method"],
            "factor": (WHOLE if given["unit"] == "%" else 1) if given["method"] == Method.RATIO else None,
            "frequency": given["frequency"],
            "source": Source.ENTERED.value,
            "targets": [{"from": f"{self.year}-01", "points": self.read}],
        }

    def _sample(self, measure: dict[str, Any]) -> dict[str, Any]:
        objective = {"code": "O", "name": "O", "weight": 1, "measures": [{**measure, "weight": 1}]}
        return {
            "format": "grc-bsc/scorecard@1",
            "unit": {"code": "U", "name": "U"},
            "year": self.year,
            "name": "S",
            "perspectives": [{"code": "P", "name": "P", "weight": 1, "objectives": [objective]}],
        }

    def line(self) -> dict[str, Any]:
        """The fields of a PostLine."""
        given = self.cleaned_data
        own = given["kind"] == LineKind.OWN
        return {
            **{name: given[name] for name in ("kind", "objective", "code", "weight", "minimum_count")},
            "share": given["share"] if given["kind"] == LineKind.CONTRIBUTORY else None,
            "points": self.read if given["points"] and given["kind"] == LineKind.CONTRIBUTORY else None,
            "measure": self._own() if own else None,
        }


def _definition(measure: Measure) -> dict[str, Any]:
    """What a part of the unit's measure says for itself."""
    names = ("code", "name", "unit", "better", "preset", "curve_scores", "method", "factor", "frequency")
    return {**{name: getattr(measure, name) for name in names}, "source": Source.ENTERED.value}


class LinesForm(forms.BaseFormSet):  # type: ignore[type-arg]
    """All lines together."""

    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.forms:
            code = form.cleaned_data.get("code") if hasattr(form, "cleaned_data") else None
            if code and code in seen:
                form.add_error("code", _("Two lines have the same measure."))
            seen.add(code or "")

    def lines(self) -> list[dict[str, Any]]:
        return [form.line() for form in self.forms if not form.is_blank]


LineFormSet = forms.formset_factory(LineForm, formset=LinesForm, extra=0, max_num=MOST_LINES, validate_max=True)


def initial_lines(lines: Any) -> list[dict[str, Any]]:
    """What stands in the rows when the page is opened: the lines, and empty ones up to the most."""
    found = []
    for line in lines:
        own = line.measure or {}
        points = own["targets"][0]["points"] if own else line.points
        found.append(
            {
                **{name: getattr(line, name) for name in ("kind", "code", "objective")},
                **{name: _text(getattr(line, name)) for name in ("weight", "share", "minimum_count")},
                **{name: own.get(name, "") for name in ("name", "name_zh", "unit", "method", "frequency", "better", "preset")},
                "points": " / ".join(_text(point) for point in points or []),
            }
        )
    return [*found, *({"weight": ""} for _empty in range(MOST_LINES - len(found)))]


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
