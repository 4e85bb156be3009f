"""How a measure's score came about, in words and numbers for people: enough to redo the sum by hand (rule book §8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from scorecards.assembly.cache import load_kept
from scorecards.assembly.load import Loaded
from scorecards.assembly.publish import score_cells
from scorecards.choices import Across, Method, Reason, Source, Window
from scorecards.models import Contributor, Measure, Month, Scorecard
from scorecards.selectors.document import contributor_text
from scorecards.selectors.measure import MeasurePage, measure_page, point_rows
from scorecards.selectors.moment import marks_of
from scorecards.selectors.text import NOTHING, input_text, month_text, score_text
from scoring.explain import Derivation, MonthUsed, added_under, derive, number
from scoring.numbers import fraction
from scoring.plan import Results

LISTED = 60


@dataclass(frozen=True)
class Part:
    """A measure from which another is computed. dividend, divisor: what a roll-up that divides adds of it (None: it does not divide, or
    there is no value); unit: the id of its unit."""

    id: int
    unit: int
    code: str
    name: str
    value: float | None
    dividend: float | None
    divisor: float | None


@dataclass(frozen=True)
class Together:
    """Parts that are told together: how many, and how many have a value; total: what these are together, of averages the sum."""

    number: int
    counted: int
    total: float | None
    dividend: float | None = None
    divisor: float | None = None


@dataclass(frozen=True)
class Explanation:
    """derivation: the data; months: the same months written out, with why one is not applicable; parts: code, name, value, dividend,
    divisor and id (None: out of sight) of what a computed measure is computed from; others, staff: number, number with a value, total,
    dividend and divisor of the parts that are not listed and of officers' measures among them; divided: the sums of dividends and divisors,
    where these are divided; words: what these are. The rest: formatted numbers of the derivation."""

    derivation: Derivation
    months: list[tuple[str, str, str, str, str]]
    parts: list[tuple[str, str, str, str, str, int | None]]
    others: tuple[int, int, str, str, str]
    staff: tuple[int, int, str, str, str]
    divided: tuple[str, str] | None
    words: tuple[str, str]
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
    return measure_page(measure, period, window, today), explain(measure, period, window, today)


def explain(measure: Measure, period: Month, window: str, today: date) -> Explanation:
    """Score the measure's card in that window and derive the measure."""
    loaded = load_kept(measure.scorecard)
    return explain_in(loaded, score_cells(loaded, [(period, window)], today), measure, measure_names(measure), today)


def measure_names(measure: Measure) -> list[Measure]:
    """What a computed measure is computed from, with scorecards and units; nothing for an entered one."""
    if measure.is_entered:
        return []
    rows = Contributor.objects.filter(measure=measure).select_related("source__scorecard__unit")
    return [row.source for row in rows]


def explain_in(loaded: Loaded, results: Results, measure: Measure, sources: list[Measure], today: date) -> Explanation:
    """The same of a card that is scored already."""
    places = {pk: i for i, pk in enumerate(loaded.measures.tolist())}
    found = derive(loaded.plan, loaded.facts, results, places[measure.pk])
    segment = found.segment
    ends = [(segment.low_point, segment.low_score), (segment.high_point, segment.high_score)] if segment else []
    parts, staff = parts_of(loaded, results, measure, sources)
    below = _below(measure, parts[:LISTED])
    listed = LISTED if measure.source == Source.ROLLUP else len(parts)
    added = added_under(loaded.plan, loaded.facts, results, places[measure.pk]) if _adds(measure) and found.value is not None else None
    marks = marks_of(measure.scorecard, Month(found.months[-1].month), Window.YEAR) if any(m.excused for m in found.months) else {}
    return Explanation(
        derivation=found,
        months=[
            (
                month_text(Month(m.month)),
                _state(m, measure.scorecard, today),
                input_text(m.value),
                input_text(m.second),
                marks.get((measure.code, Month(m.month)), ""),
            )
            for m in found.months
        ],
        parts=[
            (part.code, part.name, *_texts(part.value, part.dividend, part.divisor), part.id if part.unit in below else None)
            for part in parts[:listed]
        ],
        others=_together_texts(measure, together(measure, parts[listed:])),
        staff=_together_texts(measure, together(measure, staff)),
        words=(_("Values times volumes"), _("Volumes")) if measure.method == Method.WEIGHTED else (_("Numerators"), _("Denominators")),
        divided=(input_text(added[0]), input_text(added[1])) if added else None,
        value=input_text(found.value) or NOTHING,
        score=input_text(found.score) or NOTHING,
        points=point_rows(sources[0] if measure.source == Source.MIRROR else measure, found.points, found.curve_scores),
        segment=[(input_text(point), input_text(score)) for point, score in ends],
        share=f"{found.share:.4f}%",
        counted_share=f"{found.counted_share:.4f}%",
        lost=score_text(found.lost),
        reason=str(Reason(found.reason.name.lower()).label) if found.reason else "",
    )


def parts_of(loaded: Loaded, results: Results, measure: Measure, sources: list[Measure]) -> tuple[list[Part], list[Part]]:
    """What a measure is computed from: units' measures, and officers'."""
    places = {pk: i for i, pk in enumerate(loaded.measures.tolist())}
    divides, inside = _divides(measure), measure.source == Source.FORMULA
    parts: list[Part] = []
    staff: list[Part] = []
    for source in sources:
        value = number(results.value[places[source.pk]])
        found = divides and value is not None
        none: tuple[None, None] = (None, None)
        added = added_under(loaded.plan, loaded.facts, results, places[source.pk]) if found else none
        code = source.code if inside else contributor_text(source)
        part = Part(source.pk, source.scorecard.unit_id, code, source.label, value, *added)
        (staff if source.scorecard.officer else parts).append(part)
    return parts, staff


def _below(measure: Measure, parts: list[Part]) -> set[int]:
    """The units of the parts that lie in the measure's unit or below it, so that whoever sees the measure sees them too."""
    units = {part.unit for part in parts}
    return set(measure.scorecard.unit.paths_down.filter(below__in=units).values_list("below", flat=True)) if units else set()


def together(measure: Measure, parts: list[Part]) -> Together:
    """Parts as one."""
    values = [part.value for part in parts if part.value is not None]
    chosen = {Across.MINIMUM.value: min, Across.MAXIMUM.value: max}.get(measure.across, _total)
    return Together(
        number=len(parts),
        counted=len(values),
        total=chosen(values) if values and not _divides(measure) else None,
        dividend=_total(part.dividend for part in parts),
        divisor=_total(part.divisor for part in parts),
    )


def _together_texts(measure: Measure, those: Together) -> tuple[int, int, str, str, str]:
    total, dividend, divisor = _texts(those.total, those.dividend, those.divisor)
    words = {Across.MINIMUM.value: _("least: %(number)s"), Across.MAXIMUM.value: _("greatest: %(number)s")}
    told = total if those.total is None else words.get(measure.across, "Σ %(number)s") % {"number": total}
    return those.number, those.counted, told, dividend, divisor


def _adds(measure: Measure) -> bool:
    """Whether dividends and divisors are added before anything is divided."""
    return _divides(measure) or (measure.is_entered and measure.has_two_parts)


def _divides(measure: Measure) -> bool:
    return measure.source == Source.ROLLUP and not measure.across


def _total(numbers: Iterable[float | None]) -> float | None:
    found = [number for number in numbers if number is not None]
    return float(sum(map(fraction, found))) if found else None


def _texts(value: float | None, dividend: float | None, divisor: float | None) -> tuple[str, str, str]:
    return input_text(value) or NOTHING, input_text(dividend) or NOTHING, input_text(divisor) or NOTHING


def _state(month: MonthUsed, card: Scorecard, today: date) -> str:
    lacking = "late" if today > card.deadline_of(Month(month.month)) else "missing"
    return "excused" if month.excused else "counted" if month.counted else lacking
