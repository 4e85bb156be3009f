"""What is looked at: a window that ends in a month, on a day; and which of its months are marked as not applicable."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from scorecards.choices import COUNTING, Window
from scorecards.models import Measure, Month, Reading, Scorecard

Marks = dict[tuple[str, Month], str]


@dataclass(frozen=True)
class Moment:
    """marked: codes of measures and months."""

    period: Month
    window: str
    today: date
    marked: Container[tuple[str, Month]] = ()

    def late_since(self, measure: Measure) -> date | None:
        """The deadline that has passed first of what is due of an entered measure and not marked (rule book §2). On computed ones nothing
        is reported, so nothing of them is late. measure: with its scorecard; months of another year were due where they are missing."""
        if not measure.is_entered:
            return None
        card, months = measure.scorecard, map(Month, range(self.period.opening(self.window), self.period + 1))
        due = [month for month in months if month.year != card.year or measure.is_due_in(month)]
        deadlines = [card.deadline_of(month) for month in due if (measure.code, month) not in self.marked]
        return min((deadline for deadline in deadlines if self.today > deadline), default=None)


def moment(card: Scorecard, period: Month, window: str, today: date) -> Moment:
    """With the marks that lie in the window; a month that is missing has none."""
    return Moment(period, window, today, marks_of(card, period, window) if window != Window.MONTH else ())


def marks_of(card: Scorecard, period: Month, window: str) -> Marks:
    """Why readings of the scorecard are marked as not applicable, by code and month."""
    rows = Reading.objects.filter(
        measure__scorecard=card, month__gte=int(period.opening(window)), month__lte=int(period), state__in=COUNTING
    )
    found = rows.exclude(not_applicable="").order_by().values_list("measure__code", "month", "not_applicable")
    return {(code, Month(month)): reason for code, month, reason in found}
