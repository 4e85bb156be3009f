"""The scorecard as a tree: perspectives, objectives, measures, with weights and scores."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from organisation.models import Unit
from scorecards.choices import Window
from scorecards.models import Measure, Month, Scorecard
from scorecards.selectors.closing import bands_in
from scorecards.selectors.moment import Moment, moment
from scorecards.selectors.score import (
    CardScore,
    NodeScore,
    Trend,
    adjusted_text,
    change,
    months_up_to,
    period_before,
    reason_in,
    series,
    status_in,
    trend,
    vetoes,
)
from scorecards.selectors.status import Status, legend
from scorecards.selectors.text import change_text, goal_text, month_text, percent_text, score_text, value_text, weight_text


@dataclass(frozen=True)
class Row:
    """One node. level: 1 perspective, 2 objective, 3 measure; the last five fields are a measure's."""

    level: int
    code: str
    name: str
    weight: str
    score: str
    change: str
    status: Status
    completeness: str
    trend: list[float | None] = field(default_factory=list)
    id: int = 0
    objective: int = 0
    value: str = ""
    unit: str = ""
    target: str = ""
    reason: str = ""

    @property
    def kind(self) -> str:
        return ("card", "perspective", "objective", "measure")[self.level]


def sheet(tree: "Tree") -> tuple[list[str], list[list[str]]]:
    """The tree as a table: names of the columns, and rows."""
    header = [
        _("Code"),
        _("Perspective, objective, measure"),
        _("Weight"),
        _("Value"),
        _("Unit"),
        _("Target"),
        _("Score"),
        _("Change"),
        _("Status"),
    ]
    rows = [
        [row.code, row.name, row.weight, row.value, row.unit, row.target, row.score, row.change, row.reason or row.status.word]
        for row in tree.rows
    ]
    return header, rows


@dataclass(frozen=True)
class Tree:
    unit: Unit
    scorecard: Scorecard
    period: Month
    period_text: str
    window: str
    window_label: str
    score: str
    change: str
    adjusted: str
    status: Status
    completeness: str
    rows: list[Row]
    legend: list[tuple[Status, str]]
    vetoes: list[str]


def tree(unit: Unit, period: Month, window: str, today: date) -> Tree | None:
    """The page, or None where the unit has no scorecard of that year."""
    scorecard = Scorecard.objects.filter(unit=unit, officer="", year=period.year).first()
    if scorecard is None:
        return None
    rows = trend(unit, period, window)
    now, back = rows.get(period), period_before(period, window)
    before = rows.get(back) if back is not None else None
    measures = list(scorecard.measures.all())
    return Tree(
        unit=unit,
        scorecard=scorecard,
        period=period,
        period_text=month_text(period),
        window=window,
        window_label=str(Window(window).label),
        score=score_text(now.score if now else None),
        change=change_text(change(now.score if now else None, before.score if before else None)),
        adjusted=adjusted_text(now),
        status=now.status if now else _no_status(),
        completeness=percent_text(now.completeness if now else None),
        rows=_rows(scorecard, measures, _Seen(moment(scorecard, period, window, today), rows, now, before)),
        legend=legend(bands_in(scorecard, now)),
        vetoes=vetoes(now, measures),
    )


def _no_status() -> Status:
    return Status("none", _("No score"))


@dataclass(frozen=True)
class _Seen:
    """What is looked at, and the published rows: all months, this one, and the one that changes are told against."""

    at: Moment
    rows: Trend
    now: CardScore | None
    before: CardScore | None


def _rows(scorecard: Scorecard, measures: list[Measure], seen: _Seen) -> list[Row]:
    found: list[Row] = []
    objectives = list(scorecard.objectives.select_related("perspective"))
    for perspective in scorecard.perspectives.all():
        found.append(Row(1, perspective.code, perspective.label, **_numbers("perspectives", perspective.code, seen)))
        for objective in (o for o in objectives if o.perspective_id == perspective.pk):
            found.append(Row(2, objective.code, objective.label, objective=objective.pk, **_numbers("objectives", objective.code, seen)))
            found += [_measure(m, seen) for m in measures if m.objective_id == objective.pk]
    return found


def _measure(measure: Measure, seen: _Seen) -> Row:
    node = seen.now.measures.get(measure.code) if seen.now else None
    status = status_in(node, measure, seen.at)
    return Row(
        3,
        measure.code,
        measure.label,
        id=measure.pk,
        value=value_text(node.value if node else None),
        unit=measure.unit,
        target=goal_text(*node.goal) if node else "",
        reason=reason_in(node),
        **{**_numbers("measures", measure.code, seen), "status": status},
    )


def _numbers(level: str, code: str, seen: _Seen) -> dict[str, Any]:
    def node_of(row: CardScore | None) -> NodeScore | None:
        return getattr(row, level).get(code) if row else None

    def score_of(row: CardScore | None) -> float | None:
        node = node_of(row)
        return node.score if node else None

    node = node_of(seen.now)
    return {
        "weight": weight_text(node.weight) if node else "",
        "score": score_text(node.score if node else None),
        "change": change_text(change(score_of(seen.now), score_of(seen.before))),
        "status": node.status if node else _no_status(),
        "completeness": percent_text(node.completeness if node else None),
        "trend": series(seen.rows, months_up_to(seen.at.period), score_of),
    }
