"""The unit dashboard: one dataclass for the page."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.models import Unit
from scorecards.choices import Reason, Window
from scorecards.models import Measure, Month, Perspective, Scorecard
from scorecards.selectors.closing import bands_in
from scorecards.selectors.moment import Moment, moment
from scorecards.selectors.score import (
    NEGLIGIBLE,
    CardScore,
    NodeScore,
    Trend,
    adjusted_text,
    change,
    months_up_to,
    period_before,
    series,
    status_in,
    tone_of_change,
    trend,
    vetoes,
)
from scorecards.selectors.status import Status, legend
from scorecards.selectors.text import (
    change_text,
    day_text,
    difference_text,
    goal_text,
    month_text,
    percent_text,
    score_text,
    signed_text,
    value_text,
)

MOST_COSTLY = 7
ROWS_READ = 16

Measures = dict[str, Measure]


@dataclass(frozen=True)
class Tile:
    """A score with its change and 13 months. counts: how many measures stand in each tone; note: what the score holds besides."""

    code: str
    name: str
    score: str
    number: float | None
    change: str
    change_tone: str
    status: Status
    weight: str
    trend: list[float | None]
    counts: list[tuple[str, str, int]]
    note: str = ""


@dataclass(frozen=True)
class CostlyMeasure:
    """A measure that costs the scorecard points. score and before: for the bullet, 0..120."""

    id: int
    name: str
    unit: str
    perspective: str
    status: Status
    value: str
    target: str
    difference: str
    difference_tone: str
    score: float | None
    before: float | None
    trend: list[float | None]
    lost: str


@dataclass(frozen=True)
class Gap:
    """A measure whose score rests on nothing, and why."""

    id: int
    name: str
    tone: str
    reason: str


@dataclass(frozen=True)
class Dashboard:
    """sentence: what happened, in one line. completeness: as a percentage, and as a number for the bar."""

    unit: Unit
    scorecard: Scorecard
    period: Month
    period_text: str
    window: str
    window_label: str
    sentence: str
    begun: bool
    overall: Tile
    perspectives: list[Tile]
    costly: list[CostlyMeasure]
    gaps: list[Gap]
    completeness: str
    completeness_number: float
    missing: int
    legend: list[tuple[Status, str]]
    vetoes: list[str]
    measures: int
    computed_at: datetime | None


def dashboard(unit: Unit, period: Month, window: str, today: date) -> Dashboard | None:
    """The page, or None where the unit has no scorecard of that year."""
    scorecard = Scorecard.objects.filter(unit=unit, officer="", year=period.year).first()
    if scorecard is None:
        return None
    rows = trend(unit, period, window, months=ROWS_READ)
    back = period_before(period, window)
    names = {node.code: node for node in scorecard.perspectives.all()}
    measures = {m.code: m for m in scorecard.measures.select_related("objective__perspective")}
    rows = {month: row.among(names, measures) for month, row in rows.items()}
    now, before = rows.get(period), rows.get(back) if back is not None else None
    begun = period.first_day <= today
    overall = _overall(rows, period, now, before)
    tiles = [_tile(node, rows, period, now, before, measures) for node in names.values()]
    gaps = _gaps(now, measures, moment(scorecard, period, window, today))
    return Dashboard(
        unit=unit,
        scorecard=scorecard,
        period=period,
        period_text=month_text(period),
        window=window,
        window_label=str(Window(window).label),
        sentence=_sentence(now, before, names, measures) if begun else _("%(month)s has not begun yet.") % {"month": month_text(period)},
        begun=begun,
        overall=overall,
        perspectives=tiles,
        costly=_costly(rows, period, now, before, measures),
        gaps=gaps,
        completeness=percent_text(now.completeness if now else None),
        completeness_number=round(100 * ((now.completeness if now else None) or 0), 1),
        missing=sum(node.reason in {Reason.MISSING, Reason.ZERO} for node in now.measures.values()) if now else 0,
        legend=legend(bands_in(scorecard, now)),
        vetoes=vetoes(now, measures.values()),
        measures=len(measures),
        computed_at=now.computed_at if now else None,
    )


def _overall(rows: Trend, period: Month, now: CardScore | None, before: CardScore | None) -> Tile:
    delta = change(now.score if now else None, before.score if before else None)
    return Tile(
        code="",
        name=_("Overall score"),
        score=score_text(now.score if now else None),
        number=now.score if now else None,
        change=change_text(delta),
        change_tone=tone_of_change(delta),
        status=now.status if now else Status("none", _("No score")),
        weight="",
        trend=series(rows, months_up_to(period), lambda row: row.score),
        counts=_counts(now.measures.values() if now else []),
        note=adjusted_text(now),
    )


def _tile(node: Perspective, rows: Trend, period: Month, now: CardScore | None, before: CardScore | None, measures: Measures) -> Tile:
    found = now.perspectives.get(node.code) if now else None
    earlier = before.perspectives.get(node.code) if before else None
    delta = change(found.score if found else None, earlier.score if earlier else None)
    own = [score for code, score in (now.measures if now else {}).items() if measures[code].objective.perspective_id == node.pk]
    return Tile(
        code=node.code,
        name=node.label,
        score=score_text(found.score if found else None),
        number=found.score if found else None,
        change=change_text(delta),
        change_tone=tone_of_change(delta),
        status=found.status if found else Status("none", _("No score")),
        weight=f"{float(found.weight):g}%" if found else "",
        trend=series(rows, months_up_to(period), lambda row: row.perspectives[node.code].score if node.code in row.perspectives else None),
        counts=_counts(own),
    )


def _counts(nodes: Iterable[NodeScore]) -> list[tuple[str, str, int]]:
    number = Counter((node.status.tone, node.status.word) for node in nodes if node.score is not None)
    order = {"good": 0, "warn": 1, "bad": 2, "none": 3}
    return [(tone, word, count) for (tone, word), count in sorted(number.items(), key=lambda item: order[item[0][0]])]


def _costly(rows: Trend, period: Month, now: CardScore | None, before: CardScore | None, measures: Measures) -> list[CostlyMeasure]:
    if now is None:
        return []
    ranked = sorted(now.measures.items(), key=lambda item: (-item[1].lost, item[0]))
    return [_costly_row(measures[code], node, before, rows, period) for code, node in ranked[:MOST_COSTLY] if node.lost >= NEGLIGIBLE]


def _costly_row(measure: Measure, node: NodeScore, before: CardScore | None, rows: Trend, period: Month) -> CostlyMeasure:
    earlier = before.measures.get(measure.code) if before else None
    fall = change(node.score, earlier.score if earlier else None)
    return CostlyMeasure(
        id=measure.pk,
        name=measure.label,
        unit=measure.unit,
        perspective=measure.objective.perspective.label,
        status=node.status,
        value=value_text(node.value),
        target=goal_text(*node.goal),
        difference=difference_text(node.value, earlier.value if earlier else None),
        difference_tone=tone_of_change(fall),
        score=node.score,
        before=earlier.score if earlier else None,
        trend=series(rows, months_up_to(period), lambda row: row.measures[measure.code].value if measure.code in row.measures else None),
        lost=score_text(node.lost),
    )


def _gaps(now: CardScore | None, measures: Measures, at: Moment) -> list[Gap]:
    """The measures of which something that was due is missing, or whose value makes no score."""
    nodes = now.measures.items() if now else []
    lacking = {Reason.NO_DIVISOR, Reason.NO_TARGET, Reason.TOO_FEW, Reason.NOT_APPLICABLE}
    partly = [(code, node) for code, node in nodes if node.reason in lacking or (node.completeness is not None and node.completeness < 1)]
    return [_gap(measures[code], node, at) for code, node in partly]


def _gap(measure: Measure, node: NodeScore, at: Moment) -> Gap:
    tone = status_in(node, measure, at).tone if node.score is None else "none"
    return Gap(measure.pk, measure.label, tone, _why(node, measure, at))


def _why(node: NodeScore, measure: Measure, at: Moment) -> str:
    late = at.late_since(measure)
    if node.reason == Reason.MISSING and late:
        return _("overdue since %(day)s") % {"day": day_text(late)}
    if node.reason == Reason.MISSING and measure.is_entered:
        return _("expected by %(day)s") % {"day": day_text(measure.scorecard.deadline_of(at.period))}
    if node.reason:
        return str(node.reason.label)
    return _("%(share)s of what was due is reported") % {"share": percent_text(node.completeness)}


def _sentence(now: CardScore | None, before: CardScore | None, names: dict[str, Perspective], measures: Measures) -> str:
    """One plain sentence by rules: where the score stands, which perspective moved most, what costs most."""
    if now is None or now.score is None:
        return _("There is no score yet: nothing has been reported for this time.")
    parts = [_moved(change(now.score, before.score if before else None), score_text(now.score))]
    falls = {
        code: delta
        for code, node in now.perspectives.items()
        if before and code in before.perspectives and (delta := change(node.score, before.perspectives[code].score)) is not None
    }
    worst = min(falls, key=lambda code: falls[code], default=None)
    if worst is not None and falls[worst] <= -NEGLIGIBLE:
        parts.append(_("%(perspective)s fell by %(points)s.") % {"perspective": names[worst].label, "points": score_text(-falls[worst])})
    if now.adjustment:
        parts.append(_("Adjustments add %(points)s.") % {"points": signed_text(now.adjustment)})
    if now.cap is not None and now.score == now.cap:
        return " ".join([*parts, _("A veto caps it.")])
    dear = max(now.measures, key=lambda code: now.measures[code].lost, default=None)
    if dear is not None and now.measures[dear].lost >= NEGLIGIBLE:
        lost = now.measures[dear].lost
        text = ngettext("%(measure)s costs most: %(points)s point.", "%(measure)s costs most: %(points)s points.", 1 if lost == 1 else 2)
        parts.append(text % {"measure": measures[dear].label, "points": score_text(lost)})
    return " ".join(parts)


def _moved(delta: float | None, score: str) -> str:
    if delta is None:
        return _("The score is %(score)s.") % {"score": score}
    if abs(delta) < NEGLIGIBLE:
        return _("The score stays at %(score)s.") % {"score": score}
    words = {"points": score_text(abs(delta)), "score": score}
    return _("The score rose by %(points)s to %(score)s.") % words if delta > 0 else _("The score fell by %(points)s to %(score)s.") % words
