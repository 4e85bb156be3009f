"""Reads what is uploaded, and what its columns are said to mean."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scorecards.assembly.formula import operands
from scorecards.errors import FormulaRefused
from scorecards.forms.sheet import read_month, spelled_out
from scorecards.models import Measure, Month
from spreadsheets import limits
from spreadsheets.columns import letter

LAYOUTS = [
    ("list", gettext_lazy("One value a row: code, perhaps month, value")),
    ("months", gettext_lazy("One measure a row, one month a column")),
    ("records", gettext_lazy("Many rows a month (days, hours, cases), to be added up")),
]
SINGLE = ("code", "month", "unit", "value", "numerator", "denominator", "volume", "note", "part")


class TableField(forms.FileField):
    """A workbook or a text with separators, not too large; what is in it is read later."""

    def __init__(self) -> None:
        widget = forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"})
        super().__init__(label=gettext_lazy("Excel or CSV file"), max_length=255, allow_empty_file=True, widget=widget)

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = super().clean(data, initial)
        if given.size > limits.FILE_BYTES:
            raise forms.ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": limits.FILE_BYTES // 1024 // 1024})
        return given


class UploadForm(forms.Form):
    month = forms.ChoiceField(label=gettext_lazy("Month of rows that name none"))
    file = TableField()

    def __init__(self, *args: Any, months: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months  # type: ignore[attr-defined]

    def clean_month(self) -> Month:
        return Month.parse(self.cleaned_data["month"])


class MappingForm(forms.Form):
    """What the columns of a file mean; `mapping` is what `forms.sheet.values` reads by."""

    layout = forms.ChoiceField(choices=LAYOUTS, widget=forms.RadioSelect, label=gettext_lazy("How is the file laid out?"))
    at = forms.ChoiceField(required=False, label=gettext_lazy("Column of the month or day"))

    def __init__(self, *args: Any, header: list[str], measures: list[Measure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.header = header
        columns = [("", "–"), *((letter(i), f"{letter(i)} {name}") for i, name in enumerate(header))]
        labels = {
            "code": _("Measure's code"),
            "month": _("Month"),
            "unit": _("Unit's code"),
            "value": _("Value"),
            "numerator": _("Numerator"),
            "denominator": _("Denominator"),
            "volume": _("Volume"),
            "note": _("Note"),
            "part": _("Part (value, numerator, denominator, volume)"),
        }
        for name in SINGLE:
            self.fields[name] = forms.ChoiceField(choices=columns, required=False, label=labels[name])
        self.fields["at"].choices = columns  # type: ignore[attr-defined]
        self.parts = [(measure, part) for measure in measures for part in measure.parts]
        for measure, part in self.parts:
            label = f"{measure.code} {measure.label}, {labels[part]}" if measure.has_two_parts else f"{measure.code} {measure.label}"
            self.fields[self.key(measure, part)] = forms.CharField(max_length=300, required=False, label=label)

    @staticmethod
    def key(measure: Measure, part: str) -> str:
        return f"p-{measure.code}.{part}"

    @property
    def singles(self) -> list[Any]:
        return [self[name] for name in SINGLE]

    @property
    def expressions(self) -> list[Any]:
        return [self[self.key(measure, part)] for measure, part in self.parts]

    def clean(self) -> dict[str, Any]:
        layout = self.cleaned_data.get("layout")
        if layout == "records":
            self._records()
        elif layout:
            self._rows(layout)
        return self.cleaned_data

    def _rows(self, layout: str) -> None:
        typed = {name: self.cleaned_data.get(name) or None for name in SINGLE}
        if not typed["code"]:
            self.add_error("code", _("Say which column holds the codes."))
        months = {letter(i): str(month) for i, name in enumerate(self.header) if (month := read_month(name)) is not None}
        if layout == "months" and not months:
            self.add_error("layout", _("No column is named like a month (2026-03)."))
        if layout == "list" and not any(typed[name] for name in ("value", "numerator")):
            self.add_error("value", _("Say which column holds the values."))
        wanted = (
            ("code", "unit", "part")
            if layout == "months"
            else ("code", "month", "unit", "note", "value", "numerator", "denominator", "volume")
        )
        self.mapping = {"layout": layout, **{name: typed[name] for name in wanted}, **({"months": months} if layout == "months" else {})}

    def _records(self) -> None:
        if not self.cleaned_data.get("at"):
            self.add_error("at", _("Say which column holds the month or the day."))
        parts: dict[str, str] = {}
        for measure, part in self.parts:
            key = self.key(measure, part)
            text = (self.cleaned_data.get(key) or "").strip()
            if text:
                fault = self._fault(text)
                if fault:
                    self.add_error(key, fault)
                parts[f"{measure.code}.{part}"] = text
        for measure, part in self.parts:
            given = [f"{measure.code}.{one}" in parts for one in measure.parts]
            if any(given) and not all(given) and f"{measure.code}.{part}" not in parts:
                self.add_error(self.key(measure, part), _("The measure needs this part too."))
        if not parts:
            self.add_error("layout", _("Say for at least one measure which columns make it up."))
        self.mapping = {"layout": "records", "month": self.cleaned_data.get("at"), "parts": parts}

    def _fault(self, text: str) -> str:
        try:
            named = operands(spelled_out(text))
        except FormulaRefused as refusal:
            return str(refusal)
        known = {letter(column) for column in range(len(self.header))}
        strange = [name for name in named if name not in known]
        return _("There is no column %(name)s. Columns are called A, B, C …") % {"name": strange[0]} if strange else ""


def initial_of(mapping: dict[str, Any] | None) -> dict[str, Any]:
    """What the form shows of a mapping."""
    if mapping is None:
        return {"layout": "list"}
    if mapping["layout"] == "records":
        return {"layout": "records", "at": mapping["month"], **{f"p-{key}": text for key, text in mapping["parts"].items()}}
    return {name: value for name, value in mapping.items() if name != "months"}
