"""The entry page with what only arithmetic can tell: the scores with the drafts in them, and values that are unlike earlier ones."""

from collections.abc import Iterable
from datetime import date

from organisation.models import Unit
from scorecards.assembly.provisional import provisional
from scorecards.choices import ReadingState
from scorecards.models import Measure, Month, Reading, Scorecard
from scorecards.selectors import entry as selectors
from scorecards.selectors.closing import is_closed
from scorecards.selectors.entry import EntryPage, EntryRow, Hint, Strip
from scorecards.selectors.recent import earlier_values, held, value_of
from scorecards.selectors.score import Trend
from scorecards.selectors.scorecard import scorecard_of
from scorecards.selectors.text import input_text
from scoring.outlier import is_outlier, likely


def entry_page(unit: Unit, month: Month, today: date, reader: int, officer: str = "") -> EntryPage | None:
    """The page, or None where the unit, or the officer there, has no scorecard of that year. reader: the id of who looks.
    The number of queries does not grow with measures."""
    card = scorecard_of(unit.code, month.year, officer)
    if card is None:
        return None
    readings = {reading.measure_id: reading for reading in selectors.readings_of(card, month)}
    hints = hints_of(card, month, readings.values())
    return selectors.entry_page(card, month, today, readings, _scores(card, month, today, readings.values()), hints, reader)


def entry_rows(card: Scorecard, measures: list[Measure], month: Month, today: date, reader: int) -> tuple[list[EntryRow], Strip]:
    """Some rows and the strip above the grid, as they stand now."""
    readings = {reading.measure_id: reading for reading in selectors.readings_of(card, month)}
    wanted = [readings[measure.pk] for measure in measures if measure.pk in readings]
    scores, hints = _scores(card, month, today, readings.values()), hints_of(card, month, wanted)
    return selectors.entry_rows(card, measures, month, today, readings, scores, hints, reader)


def hints_of(card: Scorecard, month: Month, readings: Iterable[Reading]) -> dict[int, Hint]:
    """For each measure (id) whose value is unlike its last 24 months: what may have been meant. One query."""
    readings = [reading for reading in readings if not reading.not_applicable]
    before = earlier_values(card, month, [reading.measure.code for reading in readings])
    found = {}
    for reading in readings:
        value, earlier = value_of(held(reading) or {}, reading.measure.factor), before.get(reading.measure.code, [])
        if value is not None and is_outlier(value, earlier):
            one_number = not reading.measure.has_two_parts
            found[reading.measure_id] = Hint(input_text(likely(value, earlier)) if one_number else "")
    return found


def _scores(card: Scorecard, month: Month, today: date, readings: Iterable[Reading]) -> Trend:
    """The published months, and this one with its drafts where there are any."""
    rows = selectors.published(card, month)
    if any(reading.state == ReadingState.DRAFT for reading in readings) and not is_closed(card.pk, month):
        rows = {**rows, month: provisional(card, month, today)}
    return rows
