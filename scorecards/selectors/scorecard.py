"""Reads scorecards."""

from organisation.models import Unit
from scorecards.models import Scorecard


def scorecard_of(code: str, year: int, officer: str = "") -> Scorecard | None:
    """The scorecard of the unit of that code (or of that officer there) and that year, with its unit and the one above."""
    return Scorecard.objects.select_related("unit__parent").filter(unit__code=code, officer=officer, year=year).first()


def latest_scorecard(unit: Unit, year: int) -> Scorecard | None:
    """The unit's own scorecard of that year, else the last one before it."""
    return Scorecard.objects.select_related("unit").filter(unit=unit, officer="", year__lte=year).order_by("-year").first()
