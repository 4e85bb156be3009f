"""How a measure's score came about, in words and numbers for people: enough to redo the sum by hand (rule book §8)."""

from dataclasses import dataclass
from datetime import date

from scorecards.assembly.cache import load_kept
from scorecards.assembly.load import Loaded
from scorecards.assembly.publish import score_cells
from scorecards.choices import Reason, Source
from scorecards.models import Contributor, Measure, Month
from scorecards.selectors.document import contributor_text
from scorecards.selectors.measure import MeasurePage, measure_page, point_rows
from scorecards.selectors.text import NOTHING, input_text, month_text, score_text
from scoring.explain import Derivation, derive, number
from scoring.plan import Results

LISTED = 60


@dataclass(frozen=True)
class Explanation:
    """derivation: the data; months: the same months written out; parts: what a computed measure is computed from, each with its
    value; staff: how many officers' measures are among them and not listed, and how many of those have a value.
    The rest: formatted numbers of the derivation."""

    derivation: Derivation
    months: list[tuple[str, str, str, str]]
    parts: list[tuple[str, str, str]]
    staff: tuple[int, int]
    value: str
    score: str
    points: list[tuple[str, str, str]]
    segment: list[tuple[str, str]]
    share: str
    counted_share: str
    lost: str
    reason: str


def measure_with_explanation(measure: Measure, period: Month, window: str, today: date) -> tuple[MeasurePage, Explanation]:
    """The measure page and the derivation of its score, in a period of the measure's year."""
    return measure_page(measure, period, window), explain(measure, period, window, today)


def explain(measure: Measure, period: Month, window: str, today: date) -> Explanation:
    """Score the measure's card in that window and derive the measure."""
    loaded = load_kept(measure.scorecard)
    return explain_in(loaded, score_cells(loaded, [(period, window)], today), measure, measure_names(measure))


def measure_names(measure: Measure) -> list[Measure]:
    """What a computed measure is computed from, with scorecards and units; nothing for an entered one."""
    if measure.is_entered:
        return []
    rows = Contributor.objects.filter(measure=measure).select_related("source__scorecard__unit")
    return [row.source for row in rows]


def explain_in(loaded: Loaded, results: Results, measure: Measure, sources: list[Measure]) -> Explanation:
    """The same of a card that is scored already."""
    places = {pk: i for i, pk in enumerate(loaded.measures.tolist())}
    found = derive(loaded.plan, loaded.facts, results, places[measure.pk])
    segment = found.segment
    ends = [(segment.low_point, segment.low_score), (segment.high_point, segment.high_score)] if segment else []
    values = [number(results.value[places[source.pk]]) for source in sources]
    own_staff = [value for source, value in zip(sources, values, strict=True) if source.scorecard.officer]
    shown = [(source, value) for source, value in zip(sources, values, strict=True) if not source.scorecard.officer]
    inside = measure.source == Source.FORMULA
    return Explanation(
        derivation=found,
        months=[
            (month_text(Month(m.month)), _state(m.counted, m.excused), input_text(m.value), input_text(m.second)) for m in found.months
        ],
        parts=[
            (source.code if inside else contributor_text(source), source.label, input_text(value) or NOTHING)
            for source, value in shown[:LISTED]
        ],
        staff=(len(own_staff), sum(value is not None for value in own_staff)),
        value=input_text(found.value) or NOTHING,
        score=input_text(found.score) or NOTHING,
        points=point_rows(measure, found.points, found.curve_scores),
        segment=[(input_text(point), input_text(score)) for point, score in ends],
        share=f"{found.share:.4f}%",
        counted_share=f"{found.counted_share:.4f}%",
        lost=score_text(found.lost),
        reason=str(Reason(found.reason.name.lower()).label) if found.reason else "",
    )


def _state(counted: bool, excused: bool) -> str:
    return "excused" if excused else "counted" if counted else "missing"
