"""Reads other weights, targets and bands that somebody wants to try, as the scorecard's document with them in it."""

import copy
import hashlib
import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from scorecards.choices import Window
from scorecards.errors import DocumentFaults
from scorecards.forms.band import bands_text, read_bands
from scorecards.forms.definition import DefinitionForm
from scorecards.forms.document import read_document
from scorecards.forms.number import NumberField
from scorecards.forms.scorecard import needed_weight, total_fault
from scorecards.forms.target import points_text, read_points
from scorecards.models import Month
from scorecards.selectors.document import Document
from scorecards.selectors.text import input_text


class WhatIfForm(DefinitionForm):
    """bands: a name and a lower bound each; shown: the month whose weights and targets the page showed, so that only what was
    changed on it is changed; tried: what the page shows the effects of. `trial(None)` is the document with the changes in force all
    year, `trial(month)` from a month on until what is dated later."""

    period = forms.ChoiceField(label=gettext_lazy("Month to look at"))
    window = forms.ChoiceField(choices=Window.choices, label=gettext_lazy("Window"))
    since = forms.ChoiceField(label=gettext_lazy("Adopt from"))
    bands = forms.CharField(max_length=2000, label=gettext_lazy("Bands, as red 0, amber 60, green 85"))

    shown = forms.CharField(max_length=7, widget=forms.HiddenInput)
    tried = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, document: Document, months: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        for name in ("period", "since"):
            self.fields[name].choices = months  # type: ignore[attr-defined]
        self.nodes = [(f"{level}-{node['code']}", level, node) for level, node in nodes_of(document)]
        for key, _level, node in self.nodes:
            self.fields[f"weight {key}"] = NumberField(max_length=20, label=node["name"])
            if node.get("curve_scores"):
                self.fields[f"points {key}"] = forms.CharField(max_length=200, required=False, label=node["name"])

    def clean(self) -> dict[str, Any]:
        try:
            self.wanted_bands = read_bands(str(self.cleaned_data.get("bands", "")))
        except forms.ValidationError as error:
            self.add_error("bands", error)
        for key, _level, _node in self.nodes:
            for name, read in ((f"weight {key}", needed_weight), (f"points {key}", read_points)):
                if name in self.cleaned_data:
                    try:
                        self.cleaned_data[name] = read(self.cleaned_data[name])
                    except forms.ValidationError as error:
                        self.add_error(name, error)
        if not self.errors and (fault := self._perspectives_fault()):
            self.add_error(None, fault)
        if not self.errors:
            try:
                self.mark = hashlib.sha256(json.dumps(self.trial(None), sort_keys=True).encode()).hexdigest()
            except DocumentFaults as refusal:
                self.add_faults(refusal)
        return self.cleaned_data

    def _perspectives_fault(self) -> str:
        """Where a perspective's weight was changed, they are to add up to 100."""
        own = [(key, node) for key, level, node in self.nodes if level == "p"]
        typed = [self.cleaned_data[f"weight {key}"] for key, _node in own]
        stored = [in_force(node["weight"], self.cleaned_data["shown"]) for _key, node in own]
        return "" if typed == stored else total_fault(typed)

    @property
    def is_tried(self) -> bool:
        """Whether the page showed what all that is typed now would change."""
        return bool(self.cleaned_data["tried"] == self.mark)

    def note_trial(self) -> None:
        """Let the page carry what it shows the effects of."""
        self.data = {**{name: self.data[name] for name in self.data}, "tried": self.mark}

    def trial(self, since: Month | None) -> Document:
        """Raises DocumentFaults."""
        changed = copy.deepcopy(self.document)
        january = f"{changed['year']}-01"
        begin, shown = str(since) if since else january, self.cleaned_data["shown"]
        changed["bands"] = self.wanted_bands
        for (key, _level, before), (_same, node) in zip(self.nodes, nodes_of(changed), strict=True):
            weight = self.cleaned_data[f"weight {key}"]
            if weight != in_force(before["weight"], shown):
                node["weight"] = weight if since is None else _dated(before["weight"], begin, weight, january)
            points = self.cleaned_data.get(f"points {key}")
            if points and points != _points_in_force(before, shown):
                first = min([january, *(row["from"] for row in before["targets"])])
                node["targets"] = (
                    _in(before["targets"], {"from": begin, "points": points}) if since else [{"from": first, "points": points}]
                )
        return read_document(changed)


def initial_of(document: Document, version: int, period: Month) -> dict[str, Any]:
    """What the form shows of a document."""
    found: dict[str, Any] = {
        "version": version,
        "period": str(period),
        "since": str(period),
        "shown": str(period),
        "tried": "",
        "window": Window.MONTH.value,
    }
    found["bands"] = bands_text(document["bands"])
    for level, node in nodes_of(document):
        key = f"{level}-{node['code']}"
        found[f"weight {key}"] = input_text(float(in_force(node["weight"], str(period))))
        if node.get("curve_scores"):
            found[f"points {key}"] = points_text(_points_in_force(node, str(period)))
    return found


def nodes_of(document: Document) -> list[tuple[str, Document]]:
    """Perspectives, objectives and measures in the order of the tree, with their levels."""
    found: list[tuple[str, Document]] = []
    for perspective in document["perspectives"]:
        found.append(("p", perspective))
        for objective in perspective["objectives"]:
            found.append(("o", objective))
            found += [("m", measure) for measure in objective["measures"]]
    return found


def in_force(weight: Any, month: str) -> float:
    if not isinstance(weight, list):
        return float(weight)
    begun = [row for row in weight if row["from"] <= month] or weight[:1]
    return float(begun[-1]["weight"])


def _points_in_force(node: Document, month: str) -> list[float]:
    begun = [row for row in node["targets"] if row["from"] <= month] or node["targets"][:1]
    return [float(point) for point in begun[-1]["points"]] if begun else []


def _dated(before: Any, begin: str, weight: float, january: str) -> Any:
    rows = before if isinstance(before, list) else [{"from": january, "weight": before}]
    return _in(rows, {"from": begin, "weight": weight})


def _in(rows: list[Document], row: Document) -> list[Document]:
    """The row among the others, in the place of one of the same month; what is dated later stays."""
    return sorted([*(one for one in rows if one["from"] != row["from"]), row], key=lambda one: str(one["from"]))
