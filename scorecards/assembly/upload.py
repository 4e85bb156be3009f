"""Marks the values of a file that are unlike earlier ones, with what may have been meant."""

from organisation.models import Unit
from scorecards.choices import RowKind
from scorecards.models import Month, UploadRow
from scorecards.selectors.recent import earlier_values, value_of
from scorecards.selectors.scorecard import scorecard_of
from scorecards.selectors.text import input_text
from scoring.outlier import is_outlier, likely


def with_hints(unit: Unit, rows: list[UploadRow]) -> list[UploadRow]:
    """The same rows; new and changed ones that stand out say so in `about`. One query a month."""
    fresh = [row for row in rows if row.kind in {RowKind.NEW, RowKind.CHANGE} and row.measure and row.month is not None]
    for month in sorted({row.month for row in fresh if row.month is not None}):
        card = scorecard_of(unit.code, Month(month).year)
        of_month = [row for row in fresh if row.month == month]
        before = earlier_values(card, Month(month), [row.code for row in of_month]) if card else {}
        for row in of_month:
            value = value_of(row.after or {}, row.measure.factor if row.measure else None)
            earlier = before.get(row.code, [])
            if value is not None and is_outlier(value, earlier):
                meant = likely(value, earlier) if len(row.after or {}) == 1 else None
                row.about |= {"outlier": "1", "likely": input_text(meant)}
    return rows
