"""The measure page, and what other pages show of a measure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from ledger.models import AuditEntry
from ledger.selectors import audit
from organisation.selectors.person import names
from scorecards.choices import COUNTING, POINT_LABELS, Better, Method, Preset, ReadingState, Source, Window
from scorecards.models import Measure, Month, Reading, Target
from scorecards.selectors.closing import bands_in
from scorecards.selectors.moment import Moment, moment
from scorecards.selectors.score import (
    FULL_MARKS,
    TREND_MONTHS,
    NodeScore,
    Trend,
    change,
    months_up_to,
    period_before,
    reason_in,
    status_in,
    tone_of_change,
    trend,
    vetoes,
)
from scorecards.selectors.status import Status, legend
from scorecards.selectors.text import (
    NOTHING,
    change_text,
    difference_text,
    goal_text,
    input_text,
    month_text,
    percent_text,
    score_text,
    value_text,
)

CHANGES_SHOWN = 8


@dataclass(frozen=True)
class TrendPoint:
    """One month of the chart: the value, and the value that earns 100 (a range has two)."""

    month: Month
    label: str
    value: float | None
    low: float | None
    high: float | None
    tone: str


@dataclass(frozen=True)
class ValueRow:
    month_text: str
    value: str
    parts: str
    target: str
    score: str
    status: Status | None
    note: str


@dataclass(frozen=True)
class Change:
    """One change of a value: who, when, which month, old and new."""

    at: datetime
    who: str
    month: str
    verb: str
    before: str
    after: str


@dataclass(frozen=True)
class MeasurePage:
    measure: Measure
    period: Month
    period_text: str
    window: str
    window_label: str
    status: Status
    value: str
    difference: str
    difference_tone: str
    score: str
    score_number: float | None
    score_before: float | None
    change: str
    target: str
    weight: str
    lost: str
    completeness: str
    reason: str
    chart: list[TrendPoint]
    values: list[ValueRow]
    changes: list[Change]
    more_changes: bool
    legend: list[tuple[Status, str]]
    vetoes: list[str]


def measure_page(measure: Measure, period: Month, window: str, today: date) -> MeasurePage:
    """measure: with its scorecard, unit, objective and perspective loaded."""
    unit, officer = measure.scorecard.unit, measure.scorecard.officer
    rows = trend(unit, period, window, months=16, officer=officer)
    now, back = _node(rows, period, measure), period_before(period, window)
    before = _node(rows, back, measure) if back is not None else None
    monthly = rows if window == Window.MONTH else trend(unit, period, Window.MONTH, officer=officer)
    changes = list(history(measure)[: CHANGES_SHOWN + 1])
    status = status_in(now, measure, moment(measure.scorecard, period, window, today))
    return MeasurePage(
        measure=measure,
        period=period,
        period_text=month_text(period),
        window=window,
        window_label=str(Window(window).label),
        status=status,
        value=value_text(now.value if now else None),
        difference=difference_text(now.value if now else None, before.value if before else None),
        difference_tone=tone_of_change(change(now.score if now else None, before.score if before else None)),
        score=score_text(now.score if now else None),
        score_number=now.score if now else None,
        score_before=before.score if before else None,
        change=change_text(change(now.score if now else None, before.score if before else None)),
        target=goal_text(*now.goal) if now else NOTHING,
        weight=f"{now.weight}%" if now else NOTHING,
        lost=score_text(now.lost if now else None),
        completeness=percent_text(now.completeness if now else None),
        reason=status.word if now and now.score is None and now.reason else "",
        chart=[_chart_point(rows, month, measure) for month in months_up_to(period)],
        values=_values(measure, period, monthly, today),
        changes=changes_of(changes[:CHANGES_SHOWN], measure),
        more_changes=len(changes) > CHANGES_SHOWN,
        legend=legend(bands_in(measure.scorecard, rows.get(period))),
        vetoes=vetoes(rows.get(period), [measure]),
    )


def in_year(measure: Measure, year: int) -> int | None:
    """The id of the same measure (by unit and code) in that year."""
    same = Measure.objects.filter(
        code=measure.code, scorecard__unit=measure.scorecard.unit_id, scorecard__officer=measure.scorecard.officer, scorecard__year=year
    )
    return same.values_list("pk", flat=True).first()


def history(measure: Measure) -> Any:
    """All audit lines about the measure's values in all years, latest first."""
    return audit.of_target("measure", _ids_of(measure)).filter(verb__in=["record", "clear"])


def changes_of(entries: list[AuditEntry], measure: Measure) -> list[Change]:
    people = names({entry.actor for entry in entries})
    verbs = {"record": _("entered"), "clear": _("taken back")}
    return [
        Change(
            at=entry.at,
            who=people[entry.actor].label if entry.actor in people else _("The system"),
            month=_month(entry),
            verb=str(verbs.get(entry.verb, entry.verb)),
            before=_held(measure, entry.before),
            after=_held(measure, entry.after),
        )
        for entry in entries
    ]


def target_in_force(measure: Measure, month: Month) -> Target | None:
    """Of the measure's loaded targets, the one in force in that month."""
    begun = [target for target in measure.targets.all() if target.from_month <= month]
    return max(begun, key=lambda target: target.from_month, default=None)


def goal_of(measure: Measure, points: list[float]) -> str:
    """The value that earns 100, or the range that does; the last point where none earns exactly that."""
    full = [point for point, score in zip(points, measure.curve_scores, strict=True) if score == FULL_MARKS] or points[-1:]
    return goal_text(min(full), max(full)) if full else ""


def reading_text(measure: Measure, reading: Reading) -> str:
    """The value that a reading of one month makes, for people."""
    if reading.not_applicable:
        return _("not applicable: %(reason)s") % {"reason": reading.not_applicable}
    if measure.method == Method.RATIO:
        return f"{input_text(reading.numerator)} ÷ {input_text(reading.denominator)}"
    return f"{input_text(reading.value)} × {input_text(reading.volume)}" if measure.method == Method.WEIGHTED else value_text(reading.value)


def direction(measure: Measure) -> str:
    if measure.source == Source.MIRROR:
        return str(Source.MIRROR.label)
    return str(Better(measure.better).label) if measure.better else str(Preset.UNSCORED.label)


def _ids_of(measure: Measure) -> list[str]:
    """The same measure (by unit and code) in all years."""
    same = Measure.objects.filter(
        code=measure.code, scorecard__unit=measure.scorecard.unit_id, scorecard__officer=measure.scorecard.officer
    )
    return [str(pk) for pk in same.values_list("pk", flat=True)]


def _node(rows: Trend, month: Month, measure: Measure) -> NodeScore | None:
    return rows[month].measures.get(measure.code) if month in rows else None


def _chart_point(rows: Trend, month: Month, measure: Measure) -> TrendPoint:
    node = _node(rows, month, measure)
    low, high = node.goal if node else (None, None)
    return TrendPoint(month, month_text(month), node.value if node else None, low, high, node.status.tone if node else "none")


def _values(measure: Measure, period: Month, rows: Trend, today: date) -> list[ValueRow]:
    wanted = Reading.objects.filter(
        measure__in=[int(pk) for pk in _ids_of(measure)], month__gt=int(period) - TREND_MONTHS, month__lte=int(period)
    )
    readings = {reading.month: reading for reading in wanted}
    found = []
    for month in reversed(months_up_to(period)):
        node, reading = _node(rows, month, measure), readings.get(month)
        status = status_in(node, measure, Moment(month, Window.MONTH, today)) if node else None
        found.append(
            ValueRow(
                month_text=month_text(month),
                value=value_text(node.value if node else None),
                parts=reading_text(measure, reading) if reading and (measure.has_two_parts or reading.not_applicable) else "",
                target=goal_text(*node.goal) if node else NOTHING,
                score=score_text(node.score if node else None),
                status=status,
                note=_note(status, node, reading),
            )
        )
    return found


def _note(status: Status | None, node: NodeScore | None, reading: Reading | None) -> str:
    """Why there is no score, unless a value waits to be handed in; else what there is to say of the score or the value."""
    if status and node and node.score is None and (reading is None or reading.state in COUNTING):
        return status.word
    return reason_in(node) or (str(ReadingState(reading.state).label) if reading else "")


def point_rows(measure: Measure, points: list[float], curve: list[float]) -> list[tuple[str, str, str]]:
    """What each of the points is called, its value and the score that it earns. curve: that of the measure, or of what it shows."""
    named = POINT_LABELS.get(Preset(measure.preset)) if measure.preset else None
    numbered = [_("Point %(number)d") % {"number": i + 1} for i in range(len(points))]
    labels = [str(label) for label in named] if named else numbered
    return [(label, input_text(point), input_text(score)) for label, point, score in zip(labels, points, curve, strict=False)]


def _month(entry: AuditEntry) -> str:
    written = (entry.after or entry.before or {}).get("month", "")
    return month_text(Month.parse(written)) if written else ""


def _held(measure: Measure, held: dict[str, Any] | None) -> str:
    if not held:
        return NOTHING
    if held.get("not_applicable"):
        return _("not applicable: %(reason)s") % {"reason": held["not_applicable"]}
    numbers = [input_text(held[name]) for name in ("numerator", "denominator", "value", "volume") if held.get(name) is not None]
    return (" ÷ " if measure.method == Method.RATIO else " × ").join(numbers)


def sheet(page: MeasurePage) -> tuple[list[str], list[list[str]]]:
    """The months of the page as a table: names of the columns, and rows."""
    header = [_("Month"), _("Value"), _("Typed"), _("Target"), _("Score"), _("Status"), _("Note")]
    rows = [
        [row.month_text, row.value, row.parts, row.target, row.score, row.status.word if row.status else "", row.note]
        for row in page.values
    ]
    return header, rows
