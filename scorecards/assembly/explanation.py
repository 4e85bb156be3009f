"""How a measure's score came about, in words and numbers for people: enough to redo the sum by hand (rule book §8)."""

from dataclasses import dataclass
from datetime import date

from scorecards.assembly.load import load
from scorecards.assembly.publish import score_cells
from scorecards.models import Measure, Month
from scorecards.selectors.measure import MeasurePage, measure_page, point_rows
from scorecards.selectors.text import input_text, month_text, score_text, value_text
from scoring.explain import Derivation, derive


@dataclass(frozen=True)
class Explanation:
    """derivation: the data; months: the same months written out; the rest: formatted numbers of the derivation."""

    derivation: Derivation
    months: list[tuple[str, str, str, str]]
    value: str
    score: str
    points: list[tuple[str, str, str]]
    segment: list[tuple[str, str]]
    share: str
    counted_share: str
    lost: str


def measure_with_explanation(measure: Measure, period: Month, window: str, today: date) -> tuple[MeasurePage, Explanation]:
    """The measure page and the derivation of its score, in a period of the measure's year."""
    return measure_page(measure, period, window), explain(measure, period, window, today)


def explain(measure: Measure, period: Month, window: str, today: date) -> Explanation:
    """Score the measure's card in that window and derive the measure."""
    loaded = load([measure.scorecard_id], measure.scorecard.year)
    results = score_cells(loaded, [(period, window)], today)
    found = derive(loaded.plan, loaded.facts, results, loaded.measures.tolist().index(measure.pk))
    segment = found.segment
    ends = [(segment.low_point, segment.low_score), (segment.high_point, segment.high_score)] if segment else []
    return Explanation(
        derivation=found,
        months=[
            (month_text(Month(m.month)), _state(m.counted, m.excused), input_text(m.value), input_text(m.second)) for m in found.months
        ],
        value=value_text(found.value),
        score=score_text(found.score),
        points=point_rows(measure, found.points),
        segment=[(value_text(point), f"{score:g}") for point, score in ends],
        share=f"{found.share:.2f}%",
        counted_share=f"{found.counted_share:.2f}%",
        lost=score_text(found.lost),
    )


def _state(counted: bool, excused: bool) -> str:
    return "excused" if excused else "counted" if counted else "missing"
