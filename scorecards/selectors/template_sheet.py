"""Workbooks of a month: to be filled in and imported again."""

from typing import Any

from django.utils.translation import gettext as _

from organisation.models import Unit
from scorecards.models import Month, Reading
from scorecards.selectors.scorecard import scorecard_of

INPUTS = [4, 5, 6, 7, 8]


def month_sheet(unit: Unit, month: Month) -> tuple[list[str], list[list[Any]], list[int]]:
    """Header, a row for each measure that is due with what stands there now, and the columns to be typed into."""
    header = [_("Code"), _("Measure"), _("Unit"), _("Month"), _("Value"), _("Numerator"), _("Denominator"), _("Volume"), _("Note")]
    card = scorecard_of(unit.code, month.year)
    measures = [measure for measure in card.measures.select_related("scorecard") if measure.is_due_in(month)] if card else []
    readings = {reading.measure_id: reading for reading in Reading.objects.filter(measure__in=measures, month=int(month))}
    rows = []
    for measure in measures:
        reading = readings.get(measure.pk)
        numbers = [getattr(reading, name, None) for name in ("value", "numerator", "denominator", "volume")]
        rows.append([measure.code, measure.label, measure.unit, str(month), *numbers, reading.note if reading else ""])
    return header, rows, INPUTS
