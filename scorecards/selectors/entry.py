"""The page on which a month's values are entered."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from organisation.models import Unit
from scorecards.choices import Window
from scorecards.models import Measure, Month, Reading, Scorecard
from scorecards.selectors.measure import goal_of, target_in_force
from scorecards.selectors.score import Trend, change, period_before, trend
from scorecards.selectors.status import Status
from scorecards.selectors.text import (
    change_text,
    day_text,
    difference_text,
    input_text,
    month_text,
    score_text,
    short_month_text,
    value_text,
)

LINE_MONTHS = 12


@dataclass(frozen=True)
class Cell:
    """One input: the part of the reading it holds, what it is called, and what stands in it."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class EntryRow:
    """One measure. version: of the reading shown, 0 where there is none. mark: the reason why not applicable. late: nothing is there, and
    the deadline has passed."""

    measure: Measure
    cells: list[Cell]
    version: int
    filled: bool
    mark: str
    late: bool
    last: str
    target: str
    trend: list[float | None]
    status: Status | None
    reason: str
    difference: str


@dataclass(frozen=True)
class Strip:
    """The scores above the grid, and how much is filled."""

    score: str
    change: str
    status: Status | None
    perspectives: list[tuple[str, str, Status]]
    filled: int
    due: int


@dataclass(frozen=True)
class Group:
    name: str
    rows: list[EntryRow] = field(default_factory=list)


@dataclass(frozen=True)
class EntryPage:
    unit: Unit
    scorecard: Scorecard
    month: Month
    month_text: str
    short_month: str
    before_text: str
    groups: list[Group]
    not_due: list[str]
    strip: Strip
    deadline: str
    days_left: int


def entry_page(unit: Unit, month: Month, today: date) -> EntryPage | None:
    """The page, or None where the unit has no scorecard of that year. The number of queries does not grow with measures."""
    scorecard = Scorecard.objects.filter(unit=unit, officer="", year=month.year).first()
    if scorecard is None:
        return None
    measures = list(scorecard.measures.select_related("scorecard", "objective__perspective").prefetch_related("targets"))
    rows = trend(unit, month, Window.MONTH)
    readings = {reading.measure_id: reading for reading in Reading.objects.filter(measure__in=measures, month=int(month))}
    groups: dict[int, Group] = {}
    for measure in measures:
        if measure.is_due_in(month):
            perspective = measure.objective.perspective
            group = groups.setdefault(perspective.pk, Group(perspective.label))
            group.rows.append(_row(measure, month, readings.get(measure.pk), rows, today))
    deadline = scorecard.deadline_of(month)
    return EntryPage(
        unit=unit,
        scorecard=scorecard,
        month=month,
        month_text=month_text(month),
        short_month=short_month_text(month),
        before_text=short_month_text(month - 1),
        groups=list(groups.values()),
        not_due=[measure.label for measure in measures if not measure.is_due_in(month)],
        strip=_strip(scorecard, month, rows, measures, len(readings)),
        deadline=day_text(deadline),
        days_left=(deadline - today).days,
    )


def entry_row(measure: Measure, month: Month, today: date) -> EntryRow:
    """One row, as it stands now."""
    reading = Reading.objects.filter(measure=measure, month=int(month)).first()
    return _row(measure, month, reading, trend(measure.scorecard.unit, month, Window.MONTH), today)


def strip(scorecard: Scorecard, month: Month) -> Strip:
    """The scores above the grid, as they stand now."""
    filled = Reading.objects.filter(measure__scorecard=scorecard, month=int(month)).count()
    return _strip(scorecard, month, trend(scorecard.unit, month, Window.MONTH), list(scorecard.measures.all()), filled)


def default_entry_month(unit: Unit, today: date) -> Month:
    """The month that is being entered: the last one until its deadline, then the running one;
    the last month of the unit's last scorecard where it has none for today."""
    running = Month.of_day(today)
    card = Scorecard.objects.filter(unit=unit, officer="", year__lte=running.year).order_by("-year").first()
    if card is None:
        return running
    wanted = running if today > card.deadline_of(running - 1) else running - 1
    return min(wanted, Month.of(card.year, 12))


def _row(measure: Measure, month: Month, reading: Reading | None, rows: Trend, today: date) -> EntryRow:
    def value_in(at: Month) -> float | None:
        node = rows[at].measures.get(measure.code) if at in rows else None
        return node.value if node else None

    node = rows[month].measures.get(measure.code) if month in rows else None
    target = target_in_force(measure, month)
    return EntryRow(
        measure=measure,
        cells=_cells(measure, reading),
        version=reading.version if reading else 0,
        filled=reading is not None,
        mark=reading.not_applicable if reading else "",
        late=reading is None and today > measure.scorecard.deadline_of(month),
        last=value_text(value_in(month - 1)),
        target=goal_of(measure, target.points) if target else "",
        trend=[value_in(month - back) for back in range(LINE_MONTHS - 1, -1, -1)],
        status=node.status if node and node.score is not None else None,
        reason=str(node.reason.label) if node and node.reason and reading else "",
        difference=difference_text(value_in(month), value_in(month - 1)),
    )


def _cells(measure: Measure, reading: Reading | None) -> list[Cell]:
    labels = {"value": _("Value"), "volume": _("Volume"), "numerator": _("Numerator"), "denominator": _("Denominator")}
    return [Cell(name, str(labels[name]), input_text(getattr(reading, name) if reading else None)) for name in measure.parts]


def _strip(card: Scorecard, month: Month, rows: Trend, measures: list[Measure], filled: int) -> Strip:
    now, back = rows.get(month), period_before(month, Window.MONTH)
    before = rows.get(back) if back is not None else None
    nodes = [(node, now.perspectives.get(node.code) if now else None) for node in card.perspectives.all()]
    return Strip(
        score=score_text(now.score if now else None),
        change=change_text(change(now.score if now else None, before.score if before else None)),
        status=now.status if now else None,
        perspectives=[(node.label, score_text(found.score), found.status) for node, found in nodes if found],
        filled=filled,
        due=sum(measure.is_due_in(month) for measure in measures),
    )
