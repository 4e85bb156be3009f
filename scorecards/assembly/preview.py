"""What a measure's definition makes of the months that lie behind: values, scores, and where they fall on the curve."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from scorecards.assembly.load import load
from scorecards.assembly.publish import score_cells
from scorecards.choices import Reason, Window
from scorecards.models import Measure, Month, Scorecard
from scorecards.selectors.text import NOTHING, month_text, score_text, value_text
from scoring.explain import number
from scoring.plan import Reason as ReasonNumber


@dataclass(frozen=True)
class PreviewRow:
    month: str
    value: str
    score: str
    reason: str


@dataclass(frozen=True)
class Preview:
    """rows: latest month first; curve: points with their scores in the latest month that has points; dots: values with scores."""

    rows: list[PreviewRow]
    curve: list[tuple[float, float]]
    dots: list[tuple[float, float, str]]
    mean_size: float | None
    goal: float | None

    @property
    def is_out_of_size(self) -> bool:
        """Whether the value that earns 100 is more than ten times, or less than a tenth, of what has been measured."""
        if not self.mean_size or not self.goal:
            return False
        return not 0.1 <= abs(self.goal) / self.mean_size <= 10


MONTHS = 12


def preview(unit: int, code: str, last: Month, first_year: int, today: date) -> Preview:
    """The 12 months up to `last`, none before that year, of the measure of that code on the unit's own scorecards."""
    rows: list[PreviewRow] = []
    curve: list[tuple[float, float]] = []
    dots: list[tuple[float, float, str]] = []
    goal = None
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
                goal = number(results.goals[at, 0])
            if value is not None and score is not None:
                dots.append((value, score, month_text(month)))
    sizes = [abs(value) for value, _score, _month in dots if value]
    return Preview(rows, curve, dots, float(np.median(sizes)) if sizes else None, goal)
