"""Two documents side by side, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation.models.names import in_language
from scorecards.choices import Across, Better, Frequency, Kind, Method, Preset, Source, Strength
from scorecards.selectors.document import Document
from scorecards.selectors.text import input_text
from scorecards.selectors.version import differences

KINDS = {"added": gettext_lazy("Added"), "removed": gettext_lazy("Removed"), "changed": gettext_lazy("Changed")}
LEVELS = {
    "scorecard": gettext_lazy("Rules"),
    "perspective": gettext_lazy("Perspective"),
    "objective": gettext_lazy("Objective"),
    "measure": gettext_lazy("Measure"),
    "link": gettext_lazy("Arrow"),
    "tension": gettext_lazy("Tension pair"),
}
FIELDS = {
    "name": gettext_lazy("English name"),
    "name_zh": gettext_lazy("Chinese name"),
    "weight": gettext_lazy("Weight"),
    "parent": gettext_lazy("Belongs to"),
    "description": gettext_lazy("What it means, English"),
    "description_zh": gettext_lazy("What it means, Chinese"),
    "owner": gettext_lazy("Owner"),
    "theme": gettext_lazy("Strategic theme"),
    "x": gettext_lazy("Place on the map"),
    "row": gettext_lazy("Row on the map"),
    "checkpoints": gettext_lazy("Checkpoints"),
    "unit": gettext_lazy("Unit of measurement"),
    "better": gettext_lazy("Direction"),
    "preset": gettext_lazy("Curve"),
    "curve_scores": gettext_lazy("Scores of the curve"),
    "method": gettext_lazy("Months combine by"),
    "factor": gettext_lazy("Factor of a ratio (100 for %)"),
    "frequency": gettext_lazy("Frequency"),
    "due_from": gettext_lazy("Due from"),
    "due_until": gettext_lazy("Due until"),
    "source": gettext_lazy("Where its value comes from"),
    "formula": gettext_lazy("Formula"),
    "contributors": gettext_lazy("Contributors"),
    "across": gettext_lazy("Contributors combine by"),
    "veto_cap": gettext_lazy("Veto"),
    "lowest": gettext_lazy("Lowest possible value"),
    "highest": gettext_lazy("Highest possible value"),
    "minimum_count": gettext_lazy("Least number of cases"),
    "targets": gettext_lazy("Targets"),
    "data_source": gettext_lazy("Data source"),
    "definition": gettext_lazy("Definition, English"),
    "definition_zh": gettext_lazy("Definition, Chinese"),
    "kind": gettext_lazy("Leading or lagging"),
    "strength": gettext_lazy("Strength"),
    "lag": gettext_lazy("Effect after months"),
    "hypothesis": gettext_lazy("Hypothesis, English"),
    "hypothesis_zh": gettext_lazy("Hypothesis, Chinese"),
    "a": gettext_lazy("Control"),
    "b": gettext_lazy("Service"),
    "missing_policy": gettext_lazy("Missing values"),
    "counts": gettext_lazy("What counts"),
    "adjustment_limit": gettext_lazy("Most points of adjustments"),
    "deadline_day": gettext_lazy("Deadline"),
    "minimum_completeness": gettext_lazy("Least completeness"),
    "tension_thresholds": gettext_lazy("Thresholds of tension pairs"),
    "bands": gettext_lazy("Bands"),
}
PLACES = {"x", "row"}
WORDS: dict[str, Any] = {
    "better": Better,
    "preset": Preset,
    "method": Method,
    "frequency": Frequency,
    "source": Source,
    "across": Across,
    "kind": Kind,
    "strength": Strength,
}


@dataclass(frozen=True)
class Line:
    """One difference. sign: added, removed or changed; fields: name, old, new, in words."""

    sign: str
    kind: str
    level: str
    name: str
    fields: list[tuple[str, str, str]]


def lines_of(old: Document, new: Document) -> list[Line]:
    """What the newer document adds, removes and changes."""
    found = []
    for one in differences(old, new):
        name = in_language(one.node.get("name") or "", one.node.get("name_zh") or "") if one.level != "scorecard" else ""
        told = one.fields if one.kind != "added" else [(field, None, one.node.get(field)) for field in FIELDS if one.node.get(field)]
        fields = [
            (str(FIELDS.get(field, field)), _text(field, was), _text(field, now))
            for field, was, now in told
            if one.kind != "added" or field not in PLACES
        ]
        found.append(Line(one.kind, str(KINDS[one.kind]), str(LEVELS[one.level]), f"{one.code} {name}".strip(), fields))
    return found


def _text(field: str, value: Any) -> str:
    if value in (None, "", []):
        return "–"
    if field in WORDS:
        return str(WORDS[field](value).label)
    if isinstance(value, list):
        return "; ".join(_item(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {input_text(number)}" for key, number in value.items())
    return input_text(value) if isinstance(value, int | float) else str(value)


def _item(one: Any) -> str:
    if isinstance(one, dict) and "points" in one:
        return _("from %(month)s: %(points)s") % {"month": one["from"], "points": " / ".join(input_text(p) for p in one["points"])}
    if isinstance(one, dict) and "weight" in one:
        return _("from %(month)s: %(points)s") % {"month": one["from"], "points": input_text(one["weight"])}
    if isinstance(one, dict):
        return " ".join(input_text(part) if isinstance(part, int | float) else str(part) for part in one.values())
    if isinstance(one, list):
        return " ".join(input_text(part) if isinstance(part, int | float) else str(part) for part in one)
    return input_text(one) if isinstance(one, int | float) else str(one)
