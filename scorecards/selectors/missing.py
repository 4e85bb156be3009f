"""What has not been reported: by unit and month, for to-dos and reminders."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from organisation.models import Unit
from scorecards.choices import ReadingState, Source
from scorecards.models import Closing, Measure, Month, Reading, Scorecard
from scorecards.models.measure import due_in
from scorecards.selectors.assignment import in_force

MONTHS_BACK = 3


@dataclass
class OpenMonth:
    """An open month of a unit's own scorecard that is over. Each list holds measures; reporters: by code, ids of people."""

    card: Scorecard
    month: Month
    missing: list[Measure] = field(default_factory=list)
    drafts: list[Measure] = field(default_factory=list)
    returned: list[Measure] = field(default_factory=list)
    unverified: int = 0
    reporters: dict[str, int] = field(default_factory=dict)

    @property
    def deadline(self) -> date:
        return self.card.deadline_of(self.month)

    def of(self, people: set[int], measures: list[Measure]) -> list[Measure]:
        """Those of the measures that one of the people (ids) reports, or nobody in particular."""
        return [measure for measure in measures if self.reporters.get(measure.code) in {None, *people}]


def open_months(units: Iterable[Unit | int], today: date, back: int = MONTHS_BACK) -> list[OpenMonth]:
    """The last months before this one that are not closed, with what they lack. A fixed number of queries."""
    units = list(units)
    cards = Scorecard.objects.filter(unit__in=units, officer="", year__in={month.year for month in _months(today, back)})
    reporters: dict[int, dict[str, int]] = defaultdict(dict)
    for row in in_force(units, today):
        reporters[row.unit_id][row.code] = row.person_id
    return _open(list(cards.select_related("unit").order_by("pk")), _months(today, back), reporters)


def open_months_of(cards: list[Scorecard], today: date, back: int = MONTHS_BACK) -> list[OpenMonth]:
    """The same of these scorecards of officers, with their units, who report everything on them."""
    return _open(cards, _months(today, back), defaultdict(dict))


def _months(today: date, back: int) -> list[Month]:
    running = Month.of_day(today)
    return [running - n for n in range(back, 0, -1)]


def _open(cards: list[Scorecard], months: list[Month], reporters: dict[int, dict[str, int]]) -> list[OpenMonth]:
    closed = set(
        Closing.objects.filter(scorecard__in=cards, month__in=[int(m) for m in months], reopened_at__isnull=True).values_list(
            "scorecard", "month"
        )
    )
    measures: dict[int, list[Measure]] = defaultdict(list)
    for measure in Measure.objects.filter(scorecard__in=cards, source=Source.ENTERED).order_by("position"):
        measures[measure.scorecard_id].append(measure)
    states = {
        (measure, int(month)): state
        for measure, month, state in Reading.objects.filter(
            measure__scorecard__in=cards, month__in=[int(month) for month in months]
        ).values_list("measure", "month", "state")
    }
    return [
        _month(card, month, measures[card.pk], states, reporters[card.unit_id])
        for card in cards
        for month in months
        if month.year == card.year and (card.pk, int(month)) not in closed
    ]


def _month(
    card: Scorecard, month: Month, measures: list[Measure], states: dict[tuple[int, int], str], reporters: dict[str, int]
) -> OpenMonth:
    found = OpenMonth(card, month, reporters=reporters)
    for measure in measures:
        state = states.get((measure.pk, int(month)))
        if state is None and due_in(measure.frequency, measure.due_from, measure.due_until, month):
            found.missing.append(measure)
        elif state == ReadingState.DRAFT:
            found.drafts.append(measure)
        elif state == ReadingState.RETURNED:
            found.returned.append(measure)
        elif state == ReadingState.SUBMITTED:
            found.unverified += 1
    return found
