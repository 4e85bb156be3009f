"""The grid of targets of a scorecard's year, and last year's seasons."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scorecards.choices import Method, Preset, Source, Window
from scorecards.models import Month, Reading, Scorecard, Target
from scorecards.selectors.document import Document, document_of, each_measure
from scorecards.selectors.score import FULL_MARKS, latest_period, trend
from scorecards.selectors.text import input_text, short_month_text

FAR = 5


@dataclass(frozen=True)
class GridRow:
    """One measure. phased: whether its points are those of a month alone, so that a year's total can be phased."""

    code: str
    name: str
    unit: str
    labels: str
    phased: bool


@dataclass(frozen=True)
class Grid:
    """initial: the texts of the cells; due: the numbers of the months in which each measure is due; seasons: of measures that add up,
    last year's values by the number of the month."""

    document: Document
    rows: list[GridRow]
    codes: list[str]
    months: list[str]
    initial: dict[str, str]
    due: dict[str, list[int]]
    seasons: dict[str, dict[int, float]]


def grid(card: Scorecard) -> Grid:
    """All measures of the scorecard that have targets of their own."""
    document = document_of(card)
    names = {measure.code: measure for measure in card.measures.all()}
    scored = [node for _path, node in each_measure(document) if node["source"] != Source.MIRROR and node["preset"] != Preset.UNSCORED]
    initial = {}
    for node in scored:
        for row in node["targets"]:
            initial[f"{node['code']} {row['from']}"] = " / ".join(input_text(float(point)) for point in row["points"])
    rows = [
        GridRow(
            code=node["code"],
            name=names[node["code"]].label,
            unit=node["unit"],
            labels=" / ".join(f"{score:g}" for score in node["curve_scores"] or []),
            phased=node["method"] == Method.SUM,
        )
        for node in scored
    ]
    year = [Month.of(card.year, number) for number in range(1, 13)]
    due = {row.code: [month.number for month in year if names[row.code].is_due_in(month)] for row in rows}
    return Grid(document, rows, [row.code for row in rows], [short_month_text(month) for month in year], initial, due, _seasons(card))


def out_of_size(card: Scorecard) -> list[str]:
    """Measures with a target, in force in the last month with scores or later, that is far from the size of the values of the last
    months, of whatever year."""
    last = latest_period(card.unit, officer=card.officer)
    rows = trend(card.unit, last, Window.MONTH, officer=card.officer).values() if last else []
    found = []
    for measure in card.measures.prefetch_related("targets"):
        values = [row.measures[measure.code].value for row in rows if measure.code in row.measures]
        begun = [target.from_month for target in measure.targets.all() if last and target.from_month <= last]
        standing = [target for target in measure.targets.all() if target.from_month >= max(begun, default=0)]
        if any(is_far(goal_in(target.points, measure.curve_scores), values) for target in standing):
            found.append(measure.label)
    return found


def goal_in(points: Sequence[float], scores: Sequence[float]) -> float | None:
    """The first point that earns 100."""
    return next((point for point, score in zip(points, scores, strict=False) if score == FULL_MARKS), None)


def is_far(goal: float | None, values: Iterable[float | None]) -> bool:
    """Whether it is five times the largest of the values or more, or a fifth of the smallest or less, so that no slip of the point goes
    unseen; or of the other sign than all of them."""
    there = [value for value in values if value]
    if not goal or not there:
        return False
    sizes = [abs(value) for value in there]
    return all(value * goal < 0 for value in there) or not min(sizes) / FAR < abs(goal) < max(sizes) * FAR


def without_target(card: Scorecard) -> list[str]:
    """Scored measures that have no target in force in January."""
    begun = Target.objects.filter(measure__scorecard=card, from_month__lte=int(Month.of(card.year, 1))).values("measure")
    lacking = card.measures.exclude(pk__in=begun).exclude(preset__in=[Preset.UNSCORED, ""])
    return [measure.label for measure in lacking]


def _seasons(card: Scorecard) -> dict[str, dict[int, float]]:
    rows = Reading.objects.filter(
        measure__scorecard__unit=card.unit_id, measure__scorecard__officer=card.officer, measure__scorecard__year=card.year - 1, value__gt=0
    )
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for code, month, value in rows.filter(measure__method=Method.SUM).values_list("measure__code", "month", "value"):
        found[code][Month(month).number] = value or 0.0
    return dict(found)
