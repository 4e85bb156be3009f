"""The verification page with the values that are unlike earlier ones marked."""

from datetime import date

from organisation.models import Unit
from scorecards.assembly.entry import hints_of
from scorecards.models import Month
from scorecards.selectors import verification as selectors
from scorecards.selectors.entry import readings_of
from scorecards.selectors.scorecard import scorecard_of
from scorecards.selectors.verification import VerificationPage


def verification_page(unit: Unit, month: Month, today: date, reader: int, officer: str = "") -> VerificationPage | None:
    """The page, or None where the unit, or the officer there, has no scorecard of that year. reader: the id of who looks."""
    card = scorecard_of(unit.code, month.year, officer)
    if card is None:
        return None
    return selectors.verification_page(card, month, today, reader, hints_of(card, month, readings_of(card, month)))
