"""What the schema of exchange documents cannot say: codes used twice, curves and targets that agree, months that are due."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from scorecards.choices import CURVES, DEFAULT_BANDS, DIVIDED_METHODS, INSUFFICIENT, NO_BAND
from scorecards.forms.node import Document, Place, each_measure, each_objective, each_perspective
from scorecards.forms.source import faults_of_source
from scorecards.forms.strategy import faults_of_strategy
from scorecards.models import Month
from scorecards.models.measure import due_in, parts_of


def faults_of_rules(document: Document, broken: set[str]) -> list[Place]:
    """Paths with a sentence each. broken: the paths of which the schema has complained already."""
    found = [*_codes(document), *_settings(document), *_measures(document, broken), *faults_of_strategy(document, broken)]
    return [(path, sentence) for path, sentence in found if path not in broken]


def _codes(document: Document) -> Iterator[Place]:
    for nodes in (each_perspective(document), each_objective(document), each_measure(document)):
        seen: set[str] = set()
        for path, node in nodes:
            code = str(node.get("code"))
            if "code" in node and code in seen:
                yield f"{path}.code", _("The code %(code)s is used twice.") % {"code": code}
            seen.add(code)
            yield from _dated_weights(document, path, node.get("weight"))


def _dated_weights(document: Document, path: str, weight: Any) -> Iterator[Place]:
    if not isinstance(weight, list) or not weight or not all(isinstance(row, dict) and isinstance(row.get("from"), str) for row in weight):
        return
    months = [str(row["from"]) for row in weight]
    if len(set(months)) < len(months):
        yield f"{path}.weight", _("Two weights begin in the same month.")
    if min(months) > f"{document.get('year')}-01":
        yield f"{path}.weight", _("The first weight must be in force from January of the year or earlier.")


def _settings(document: Document) -> Iterator[Place]:
    bands = document.get("bands", DEFAULT_BANDS)
    if isinstance(bands, list) and bands and all(_is_band(band) for band in bands):
        names, floors = [band[0] for band in bands], [band[1] for band in bands]
        if floors[0] != 0 or any(a >= b for a, b in pairwise(floors)):
            yield "bands", _("The first bound must be 0 and the bounds must rise.")
        if len(set(names)) < len(names) or {NO_BAND, INSUFFICIENT} & set(names):
            yield "bands", _("Names of bands must differ, and none may be “none” or “insufficient”.")
    unit = document.get("unit")
    if isinstance(unit, dict) and unit.get("parent") is not None and unit.get("parent") == unit.get("code"):
        yield "unit.parent", _("A unit cannot stand below itself.")


def _is_band(band: Any) -> bool:
    return isinstance(band, list) and len(band) == 2 and isinstance(band[0], str) and isinstance(band[1], int | float)


def _measures(document: Document, broken: set[str]) -> Iterator[Place]:
    for path, measure in each_measure(document):
        if measure.get("source") != "mirror":
            for key in ("preset", "method", "frequency"):
                if measure.get(key) is None:
                    yield f"{path}.{key}", _("“%(key)s” is needed.") % {"key": key}
        yield from _rules(document, path, measure, broken)
        yield from faults_of_source(document, path, measure, broken)


def _rules(document: Document, path: str, measure: Document, broken: set[str]) -> Iterator[Place]:
    """What the schema cannot say of a measure, each rule where the fields that it looks at have the right shape."""

    def right(*fields: str) -> bool:
        return not any(place.startswith(tuple(f"{path}.{field}" for field in fields)) for place in broken)

    if measure.get("preset") and right("preset", "better", "curve_scores", "targets"):
        yield from _curve(path, measure)
    if measure.get("method") and right("method", "factor"):
        yield from _factor(path, measure)
    first, last = measure.get("due_from"), measure.get("due_until")
    if right("due_from", "due_until") and first and last and last < first:
        yield f"{path}.due_until", _("The last month lies before the first.")
    lowest, highest = measure.get("lowest"), measure.get("highest")
    if right("lowest", "highest") and lowest is not None and highest is not None and highest < lowest:
        yield f"{path}.highest", _("The highest possible value is below the lowest.")
    if measure.get("minimum_count") is not None and right("method", "minimum_count") and measure.get("method") not in DIVIDED_METHODS:
        yield f"{path}.minimum_count", _("Only ratios and weighted averages count cases.")
    entered = measure.get("source") == "entered"
    if entered and measure.get("method") and measure.get("frequency") and right("method", "frequency", "due_", "readings"):
        yield from _readings(document, path, measure)


def _curve(path: str, measure: Document) -> Iterator[Place]:
    curve, preset = measure.get("curve_scores") or [], measure["preset"]
    if preset == "unscored":
        if curve or measure.get("targets"):
            yield f"{path}.curve_scores", _("A measure that is not scored has neither curve nor targets.")
        return
    if measure.get("better") is None:
        yield f"{path}.better", _("“%(key)s” is needed.") % {"key": "better"}
        return
    if len(curve) < 2:
        yield f"{path}.curve_scores", _("A curve needs 2 to 8 scores.")
    if preset in CURVES and curve != CURVES[preset]:
        yield f"{path}.curve_scores", _("The preset “%(preset)s” has the scores %(scores)s.") % {"preset": preset, "scores": CURVES[preset]}
    if measure["better"] == "in_range" and preset not in {"range", "custom"}:
        yield f"{path}.better", _("“in_range” goes with the presets range and custom only.")
    months = [row["from"] for row in measure.get("targets") or []]
    if len(set(months)) < len(months):
        yield f"{path}.targets", _("Two targets begin in the same month.")
    for t, target in enumerate(measure.get("targets") or []):
        sentence = target_fault(preset, measure["better"], curve, target["points"]) if len(curve) > 1 else ""
        if sentence:
            yield f"{path}.targets[{t}].points", sentence


def target_fault(preset: str, better: str, curve: list[float], points: list[float]) -> str:
    """What is wrong with a target's points for this curve, or an empty text (rule book §3)."""
    if len(points) != len(curve):
        return _("As many points as curve scores are needed: %(number)d.") % {"number": len(curve)}
    rising = all(a <= b for a, b in pairwise(points))
    falling = all(a >= b for a, b in pairwise(points))
    if not rising and not falling:
        return _("The points must rise throughout or fall throughout.")
    if preset == "range" and not rising:
        return _("The points of a range must rise: low limit, low, high, high limit.")
    if preset == "pass_fail" and points[0] != points[-1]:
        return _("Pass or fail has one goal: both points must be equal.")
    if better != "in_range" and not (_is_step(curve) if points[0] == points[-1] else _agrees(better, rising, curve)):
        return _("With these points a better value would not earn more: “%(better)s” does not fit them.") % {"better": better}
    return ""


def _is_step(curve: list[float]) -> bool:
    """Whether nothing between the ends of a curve earns more than both: then equal points are one step."""
    return max(curve) == max(curve[0], curve[-1])


def _agrees(better: str, rising: bool, curve: list[float]) -> bool:
    along = curve if rising else curve[::-1]
    grows = all(a <= b for a, b in pairwise(along))
    shrinks = all(a >= b for a, b in pairwise(along))
    return grows if better == "higher" else shrinks


def _factor(path: str, measure: Document) -> Iterator[Place]:
    if (measure["method"] == "ratio") != (measure.get("factor") is not None):
        yield f"{path}.factor", _("A factor is needed for ratios, and only there.")


def _readings(document: Document, path: str, measure: Document) -> Iterator[Place]:
    wanted = set(parts_of(measure["method"]))
    seen: set[str] = set()
    for r, reading in enumerate(measure.get("readings", [])):
        place = f"{path}.readings[{r}]"
        if reading["month"] in seen:
            yield f"{place}.month", _("There is a second reading for this month.")
        seen.add(reading["month"])
        if not reading["month"].startswith(f"{document.get('year')}-"):
            yield f"{place}.month", _("This month lies outside the year of the scorecard.")
            continue
        holds = set(reading) - {"month", "state"}
        if holds not in ({"not_applicable"}, wanted):
            yield (
                place,
                _("A reading of the method “%(method)s” holds %(keys)s, or not_applicable alone.")
                % {
                    "method": measure["method"],
                    "keys": ", ".join(sorted(wanted)),
                },
            )
        if not due_in(
            measure["frequency"], _month(measure.get("due_from")), _month(measure.get("due_until")), Month.parse(reading["month"])
        ):
            yield f"{place}.month", _("Nothing is due for this measure in this month.")


def _month(written: str | None) -> Month | None:
    return Month.parse(written) if written else None
