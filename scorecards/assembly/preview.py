"""What a measure's definition makes of the months that lie behind: values, scores, and where they fall on the curve."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from scorecards.assembly.load import load
from scorecards.assembly.publish import score_cells
from scorecards.choices import Reason, Window
from scorecards.models import Measure, Month, Scorecard
from scorecards.selectors.target import goal_in, is_far
from scorecards.selectors.text import NOTHING, month_text, score_text, value_text
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
    """rows: latest month first; curve: points with their scores, of the latest month with a value, or in force in the latest month;
    dots: values with scores."""

    rows: list[PreviewRow]
    curve: list[tuple[float, float]]
    dots: list[tuple[float, float, str]]
    is_out_of_size: bool


MONTHS = 12


def preview(unit: int, code: str, last: Month, first_year: int, today: date) -> Preview:
    """The 12 months up to `last`, none before that year, of the measure of that code on the unit's own scorecards."""
    rows: list[PreviewRow] = []
    curve: list[tuple[float, float]] = []
    dots: list[tuple[float, float, str]] = []
    values: list[float | None] = []
    for year in sorted({(last - back).year for back in range(MONTHS)} & set(range(first_year, last.year + 1)), reverse=True):
        card = Scorecard.objects.filter(unit=unit, officer="", year=year).first()
        measure = Measure.objects.filter(scorecard=card, code=code).first() if card else None
        if card is None or measure is None:
            continue
        months = [last - back for back in range(MONTHS) if (last - back).year == year]
        loaded = load([card.pk], year)
        results = score_cells(loaded, [(month, Window.MONTH) for month in months], today)
        place, size = loaded.measures.tolist().index(measure.pk), len(loaded.measures)
        for i, month in enumerate(months):
            at = i * size + place
            value, score = number(results.value[at]), number(results.measures.score[at])
            reason = ReasonNumber(int(results.reason[at]))
            word = str(Reason(reason.name.lower()).label) if reason else ""
            rows.append(PreviewRow(month_text(month), value_text(value), score_text(score) if score is not None else NOTHING, word))
            length = int(loaded.plan.curve_length[place])
            points = results.points[at, :length]
            if not curve and length and np.isfinite(points).all():
                curve = list(zip(points.tolist(), loaded.plan.curve_scores[place, :length].tolist(), strict=True))
            values.append(value)
            if value is not None and score is not None:
                dots.append((value, score, month_text(month)))
        curve = curve or _in_force(loaded.plan, place, months[0])
    goal = goal_in(*zip(*curve, strict=True)) if curve else None
    return Preview(rows, curve, dots, is_far(goal, values))


def _in_force(plan: Plan, measure: int, month: Month) -> list[tuple[float, float]]:
    """The points of the month, or the first that come into force later."""
    rows, length = np.flatnonzero(plan.targets.owner == measure), int(plan.curve_length[measure])
    if not len(rows) or not length:
        return []
    row = np.maximum(plan.targets.in_force(np.array([measure]), np.array([int(month)])), rows[:1])
    return list(zip(plan.targets.at(row)[0, :length].tolist(), plan.curve_scores[measure, :length].tolist(), strict=True))
