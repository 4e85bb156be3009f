"""What a measure's definition makes of the months that lie behind: values, scores, and where they fall on the curve."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np

from scorecards.assembly.load import Loaded, load
from scorecards.assembly.publish import score_cells
from scorecards.choices import Reason, Window
from scorecards.models import Measure, Month, Scorecard
from scorecards.selectors.target import goal_in, is_far
from scorecards.selectors.text import NOTHING, month_text, score_text, value_text
from scoring.curve import evaluate
from scoring.explain import number
from scoring.plan import Plan
from scoring.plan import Reason as ReasonNumber


@dataclass(frozen=True)
class PreviewRow:
    month: str
    value: str
    score: str
    reason: str


@dataclass(frozen=True)
class Preview:
    """rows: latest month first; curve: points with their scores; dots: the values of the months, with what each earns on it."""

    rows: list[PreviewRow]
    curve: list[tuple[float, float]]
    dots: list[tuple[float, float, str]]
    is_out_of_size: bool


MONTHS = 12


def preview(unit: int, code: str, last: Month, first_year: int, since: Month, today: date) -> Preview:
    """The 12 months up to `last`, none before that year, of the measure of that code on the unit's own scorecards. since: the month whose
    points are drawn."""
    rows: list[PreviewRow] = []
    curve: list[tuple[float, float]] = []
    dots: list[tuple[float, float, str]] = []
    values: list[tuple[Month, float]] = []
    for year in sorted(
        {since.year, *((last - back).year for back in range(MONTHS))} & set(range(first_year, since.year + 1)), reverse=True
    ):
        card = Scorecard.objects.filter(unit=unit, officer="", year=year).first()
        measure = Measure.objects.filter(scorecard=card, code=code).first() if card else None
        if card is None or measure is None:
            continue
        loaded = load([card.pk], year)
        place = loaded.measures.tolist().index(measure.pk)
        months = [last - back for back in range(MONTHS) if (last - back).year == year]
        own = list(_months(loaded, place, months, today)) if months else []
        rows += [row for row, _value in own]
        values += [(month, value) for month, (_row, value) in zip(months, own, strict=True) if value is not None]
        if year == since.year:
            curve, height = _in_force(loaded.plan, place, since), partial(_height, loaded.plan, place)
    if curve:
        dots = [(value, score, month_text(month)) for month, value in values if (score := height(curve, value)) is not None]
    goal = goal_in(*zip(*curve, strict=True)) if curve else None
    return Preview(rows, curve, dots, is_far(goal, [value for _month, value in values]))


def _months(loaded: Loaded, place: int, months: list[Month], today: date) -> Iterator[tuple[PreviewRow, float | None]]:
    results, size = score_cells(loaded, [(month, Window.MONTH) for month in months], today), len(loaded.measures)
    for i, month in enumerate(months):
        at = i * size + place
        value, score = number(results.value[at]), number(results.measures.score[at])
        reason = ReasonNumber(int(results.reason[at]))
        word = str(Reason(reason.name.lower()).label) if reason else ""
        yield PreviewRow(month_text(month), value_text(value), score_text(score) if score is not None else NOTHING, word), value


def _in_force(plan: Plan, measure: int, month: Month) -> list[tuple[float, float]]:
    """The points of the month, or the first that come into force later."""
    rows, length = np.flatnonzero(plan.targets.owner == measure), int(plan.curve_length[measure])
    if not len(rows) or not length:
        return []
    row = np.maximum(plan.targets.in_force(np.array([measure]), np.array([int(month)])), rows[:1])
    return list(zip(plan.targets.at(row)[0, :length].tolist(), plan.curve_scores[measure, :length].tolist(), strict=True))


def _height(plan: Plan, measure: int, curve: list[tuple[float, float]], value: float) -> float | None:
    """What the value earns on that curve of the measure."""
    values, points = np.full(len(plan.method), np.nan), np.full((len(plan.method), plan.points), np.nan)
    values[measure], points[measure, : len(curve)] = value, [point for point, _score in curve]
    return number(evaluate(plan, values, points)[measure])
