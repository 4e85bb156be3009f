"""The page on which a month's values are entered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count

from communication.selectors.thread import open_counts
from organisation.models import Unit, User
from scorecards.choices import PART_LABELS, ReadingState, Source, Window
from scorecards.models import Closing, Evidence, Measure, Month, Reading, Scorecard
from scorecards.models.measure import due_in
from scorecards.selectors.assignment import reporters
from scorecards.selectors.feed import labels
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
class Hint:
    """A value is unlike earlier ones. likely: what may have been meant, empty where nothing comes to mind."""

    likely: str


@dataclass(frozen=True)
class EntryRow:
    """One measure. version: of the reading shown, 0 where there is none. mark: the reason why not applicable. late: nothing is there, and
    the deadline has passed. state: of the reading, empty without one; reporter: whose work it is; talk, files: how many;
    automatic: what the system counts for it, empty where people report."""

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
    state: str
    state_text: str
    returned_because: str
    verified_by: str
    note: str
    hint: Hint | None
    reporter: str
    reporter_id: int | None
    talk: int
    files: int
    automatic: str


@dataclass(frozen=True)
class NotMine:
    """codes: of measures that another person reports; a reading of one of them, typed by somebody else, is not the reader's (by id)."""

    codes: set[str]
    reader: int

    @classmethod
    def of(cls, reporters: Mapping[str, User], reader: int) -> "NotMine":
        """reporters: who reports each measure, by code."""
        return cls({code for code, person in reporters.items() if person.pk != reader}, reader)

    def __contains__(self, reading: Reading) -> bool:
        return reading.measure.code in self.codes and reading.entered_by_id != self.reader


@dataclass(frozen=True)
class Strip:
    """The scores above the grid, how much is filled, and how many drafts wait to be submitted. provisional: drafts are in the scores."""

    score: str
    change: str
    status: Status | None
    perspectives: list[tuple[str, str, Status]]
    filled: int
    due: int
    drafts: int
    returned: int
    provisional: bool
    closed: bool

    @property
    def missing(self) -> int:
        return self.due - self.filled


@dataclass(frozen=True)
class Group:
    name: str
    rows: list[EntryRow] = field(default_factory=list)


@dataclass(frozen=True)
class EntryPage:
    """revision: as which the month is closed, 0 while it is open."""

    unit: Unit
    scorecard: Scorecard
    month: Month
    month_text: str
    short_month: str
    before_text: str
    groups: list[Group]
    not_due: list[str]
    computed: list[str]
    strip: Strip
    deadline: str
    days_left: int
    revision: int
    closed_on: Any


Readings = dict[int, Reading]


def readings_of(card: Scorecard, month: Month) -> list[Reading]:
    """All readings of the scorecard's month, in whatever state."""
    found = Reading.objects.filter(measure__scorecard=card, month=int(month))
    return list(found.select_related("measure", "entered_by", "verified_by").order_by("measure_id"))


def published(card: Scorecard, month: Month) -> Trend:
    """The published months up to this one."""
    return trend(card.unit, month, Window.MONTH, officer=card.officer)


def entry_page(
    card: Scorecard, month: Month, today: date, readings: Readings, rows: Trend, hints: dict[int, Hint], reader: int
) -> EntryPage:
    """The page. rows: the scores of the months; hints: by measure (id)."""
    measures = list(card.measures.select_related("scorecard", "objective__perspective").prefetch_related("targets"))
    around = _around(card, measures, month, today)
    due = [measure for measure in measures if measure.is_due_in(month)]
    groups: dict[int, Group] = {}
    for measure in due:
        perspective = measure.objective.perspective
        group = groups.setdefault(perspective.pk, Group(perspective.label))
        group.rows.append(_row(measure, month, readings.get(measure.pk), rows, today, hints.get(measure.pk), around))
    others = NotMine.of(around.reporters, reader)
    deadline = card.deadline_of(month)
    closing = Closing.objects.filter(scorecard=card, month=int(month), reopened_at__isnull=True).first()
    return EntryPage(
        unit=card.unit,
        scorecard=card,
        month=month,
        month_text=month_text(month),
        short_month=short_month_text(month),
        before_text=short_month_text(month - 1),
        groups=list(groups.values()),
        not_due=[measure.label for measure in measures if measure.is_entered and not measure.is_due_in(month)],
        computed=[measure.label for measure in measures if not measure.is_entered],
        strip=_strip(card, month, len(due), readings, rows, others, closing is not None),
        deadline=day_text(deadline),
        days_left=(deadline - today).days,
        revision=closing.revision if closing else 0,
        closed_on=closing.closed_at if closing else None,
    )


def entry_rows(
    card: Scorecard,
    measures: list[Measure],
    month: Month,
    today: date,
    readings: Readings,
    rows: Trend,
    hints: dict[int, Hint],
    reader: int,
) -> tuple[list[EntryRow], Strip]:
    """Some rows and the strip above the grid, as they stand now."""
    around = _around(card, measures, month, today)
    shown = [_row(measure, month, readings.get(measure.pk), rows, today, hints.get(measure.pk), around) for measure in measures]
    rules = card.measures.filter(source=Source.ENTERED).order_by().values_list("frequency", "due_from", "due_until")
    due = sum(due_in(*rule, month) for rule in rules)
    return shown, _strip(card, month, due, readings, rows, NotMine.of(around.reporters, reader))


def not_mine(card: Scorecard, today: date, reader: int) -> NotMine:
    """What another person reports and typed, so that the reader does not hand it in."""
    return NotMine.of(_reporters(card, today), reader)


def _reporters(card: Scorecard, today: date) -> dict[str, User]:
    return {} if card.officer else reporters(card.unit, today)


def _strip(card: Scorecard, month: Month, due: int, readings: Readings, rows: Trend, others: NotMine, closed: bool = False) -> Strip:
    now, back = rows.get(month), period_before(month, Window.MONTH)
    before = rows.get(back) if back is not None else None
    nodes = [(node, now.perspectives.get(node.code) if now else None) for node in card.perspectives.all()]
    states = [reading.state for reading in readings.values()]
    return Strip(
        score=score_text(now.score if now else None),
        change=change_text(change(now.score if now else None, before.score if before else None)),
        status=now.status if now else None,
        perspectives=[(node.label, score_text(found.score), found.status) for node, found in nodes if found],
        filled=len(readings),
        due=due,
        drafts=sum(one.state == ReadingState.DRAFT and one not in others for one in readings.values()),
        returned=states.count(ReadingState.RETURNED),
        provisional=ReadingState.DRAFT in states and not closed,
        closed=closed,
    )


@dataclass(frozen=True)
class _Around:
    """What stands beside the readings: who reports, by code; files, by measure (id); open threads, by their key; what the system counts, by
    code."""

    reporters: dict[str, User]
    files: dict[int, int]
    talk: dict[str, int]
    fed: dict[str, str]


def _around(card: Scorecard, measures: list[Measure], month: Month, today: date) -> _Around:
    files = Evidence.objects.filter(measure__scorecard=card, month=int(month)).order_by().values("measure").annotate(n=Count("pk"))
    return _Around(
        _reporters(card, today),
        dict(files.values_list("measure", "n")),
        open_counts("reading", [f"{measure.pk}.{month}" for measure in measures]),
        {} if card.officer else labels(card.unit),
    )


def default_entry_month(unit: Unit, today: date, officer: str = "") -> Month:
    """The month that is being entered: the last one until its deadline, then the running one;
    the last month of the last scorecard where there is none for today."""
    running = Month.of_day(today)
    card = Scorecard.objects.filter(unit=unit, officer=officer, year__lte=running.year).order_by("-year").first()
    if card is None:
        return running
    wanted = running if today > card.deadline_of(running - 1) else running - 1
    return min(wanted, Month.of(card.year, 12))


def _row(measure: Measure, month: Month, reading: Reading | None, rows: Trend, today: date, hint: Hint | None, around: _Around) -> EntryRow:
    def value_in(at: Month) -> float | None:
        node = rows[at].measures.get(measure.code) if at in rows else None
        return node.value if node else None

    node = rows[month].measures.get(measure.code) if month in rows else None
    target = target_in_force(measure, month)
    reporter = around.reporters.get(measure.code)
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
        reason=str(node.reason.label) if node and node.reason and reading and reading.state != ReadingState.RETURNED else "",
        difference=difference_text(value_in(month), value_in(month - 1)),
        state=reading.state if reading else "",
        state_text=str(reading.get_state_display()) if reading else "",
        returned_because=reading.returned_because if reading else "",
        verified_by=reading.verified_by.label if reading and reading.verified_by else "",
        note=reading.note if reading else "",
        hint=hint,
        reporter=reporter.label if reporter else "",
        reporter_id=reporter.pk if reporter else None,
        talk=around.talk.get(f"{measure.pk}.{month}", 0),
        files=around.files.get(measure.pk, 0),
        automatic=around.fed.get(measure.code, ""),
    )


def _cells(measure: Measure, reading: Reading | None) -> list[Cell]:
    return [Cell(name, str(PART_LABELS[name]), input_text(getattr(reading, name) if reading else None)) for name in measure.parts]
