"""The months of a unit: what is reported, verified and closed in each."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max

from organisation.models import Unit, UnitPath
from scorecards.choices import COUNTING, ReadingState, ReopeningState, Source
from scorecards.models import Closing, Measure, Month, Reading, Reopening, Scorecard, among
from scorecards.models.measure import due_in
from scorecards.selectors.closing import cards_in, in_force_closings
from scorecards.selectors.text import day_text, month_text, percent_text


@dataclass(frozen=True)
class MonthRow:
    """A month of a unit with those below it. state: open, due (over and past the deadline), closed, partly or none."""

    month: Month
    text: str
    state: str
    deadline: str
    cards: int
    closed: int
    due: int
    reported: int
    verified: int
    drafts: int
    returned: int
    revisions: int
    reopening: Reopening | None
    may_close: bool

    @property
    def completeness(self) -> str:
        return percent_text(self.reported / self.due if self.due else None)

    @property
    def missing(self) -> int:
        return max(0, self.due - self.reported - self.drafts - self.returned)

    @property
    def unverified(self) -> int:
        return self.reported - self.verified


@dataclass(frozen=True)
class UnitRow:
    """What one unit lacks in a month."""

    unit: Unit
    due: int
    reported: int
    verified: int
    drafts: int
    closed: bool

    @property
    def completeness(self) -> str:
        return percent_text(self.reported / self.due if self.due else None)


def months_table(unit: Unit, year: int, today: date) -> list[MonthRow]:
    """The months of the year, the latest that has begun first. A fixed number of queries."""
    cards = list(cards_in(unit, year, below=True))
    if not cards:
        return []
    counted = _counts(dict.fromkeys((card.pk for card in cards), 0), Month.of(year, 1), Month.of(year, 12))
    closings = Closing.objects.filter(scorecard__among=among([card.pk for card in cards])).order_by()
    in_force = dict(closings.filter(reopened_at__isnull=True).values("month").annotate(n=Count("pk")).values_list("month", "n"))
    revisions = dict(closings.values("month").annotate(n=Max("revision")).values_list("month", "n"))
    asked = {int(row.month): row for row in Reopening.objects.filter(unit=unit, state=ReopeningState.ASKED).select_related("asked_by")}
    own = next((card for card in cards if card.unit_id == unit.pk and not card.officer), cards[0])
    rows = []
    last = min(Month.of(year, 12), Month.of_day(today))
    for month in (Month(at) for at in range(last, Month.of(year, 1) - 1, -1)):
        closed, found = in_force.get(int(month), 0), counted[0, int(month)]
        over = month < Month.of_day(today)
        late = today > own.deadline_of(month)
        state = "closed" if closed == len(cards) else "partly" if closed else "due" if over and late else "open"
        rows.append(
            MonthRow(
                month=month,
                text=month_text(month),
                state=state,
                deadline=day_text(own.deadline_of(month)),
                cards=len(cards),
                closed=closed,
                due=found.due,
                reported=found.reported,
                verified=found.verified,
                drafts=found.drafts,
                returned=found.returned,
                revisions=revisions.get(int(month), 0),
                reopening=asked.get(int(month)),
                may_close=over and closed < len(cards),
            )
        )
    return rows


def units_table(unit: Unit, month: Month, text: str) -> list[UnitRow]:
    """The units right below (each with all below it), and the unit's own scorecards, with what the month lacks. A fixed number of
    queries."""
    cards = list(cards_in(unit, month.year, below=True))
    closed = set(in_force_closings(card.pk for card in cards).filter(month=int(month)).values_list("scorecard", flat=True))
    children = list(unit.children.order_by("code"))
    branch = dict(UnitPath.objects.filter(above__in=children).values_list("below", "above"))
    group_of = {card.pk: branch.get(card.unit_id, unit.pk) for card in cards}
    counted = _counts(group_of, month, month)
    rows = []
    for one in [unit, *children]:
        own = [card.pk for card in cards if group_of[card.pk] == one.pk]
        if own and text.casefold() in f"{one.code} {one.name} {one.name_zh}".casefold():
            found = counted[one.pk, int(month)]
            rows.append(UnitRow(one, found.due, found.reported, found.verified, found.drafts, all(pk in closed for pk in own)))
    return rows


@dataclass
class _Counts:
    due: int = 0
    reported: int = 0
    verified: int = 0
    drafts: int = 0
    returned: int = 0


def _counts(group_of: dict[int, int], first: Month, last: Month) -> dict[tuple[int, int], _Counts]:
    """By group and month: how many readings are due on the scorecards (ids) of the group, and how many there are. Two queries."""
    found: dict[tuple[int, int], _Counts] = defaultdict(_Counts)
    measures = Measure.objects.filter(scorecard__among=among(group_of), source=Source.ENTERED).order_by()
    shapes = measures.values("scorecard", "frequency", "due_from", "due_until").annotate(n=Count("pk"))
    for shape in shapes:
        first_due, last_due = (None if at is None else Month(at) for at in (shape["due_from"], shape["due_until"]))
        for month in (Month(at) for at in range(first, last + 1)):
            if due_in(shape["frequency"], first_due, last_due, month):
                found[group_of[shape["scorecard"]], int(month)].due += shape["n"]
    readings = Reading.objects.filter(measure__scorecard__among=among(group_of), month__gte=int(first), month__lte=int(last)).order_by()
    rows = readings.values("measure__scorecard", "month", "state").annotate(n=Count("pk"))
    for card, number, state, n in rows.values_list("measure__scorecard", "month", "state", "n"):
        counts = found[group_of[card], int(number)]
        counts.reported += n if state in COUNTING else 0
        counts.verified += n if state == ReadingState.VERIFIED else 0
        counts.drafts += n if state == ReadingState.DRAFT else 0
        counts.returned += n if state == ReadingState.RETURNED else 0
    return found


def open_months_to_close(units: list[Unit], today: date) -> list[tuple[Scorecard, Month]]:
    """For each of the units with a scorecard its first open month, of this year or the last, whose deadline has passed."""
    years = [today.year - 1, today.year]
    cards = Scorecard.objects.filter(unit__in=units, officer="", year__in=years).select_related("unit").order_by("unit", "year")
    last = dict(
        Closing.objects.filter(scorecard__in=cards, reopened_at__isnull=True)
        .order_by()
        .values("scorecard")
        .annotate(last=Max("month"))
        .values_list("scorecard", "last")
    )
    found: dict[int, tuple[Scorecard, Month]] = {}
    for card in cards:
        month = Month(last[card.pk]) + 1 if card.pk in last else Month.of(card.year, 1)
        if month.year == card.year and today > card.deadline_of(month):
            found.setdefault(card.unit_id, (card, month))
    return list(found.values())
