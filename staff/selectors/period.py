"""The last month of which an officer has a score."""

from scorecards.choices import INSUFFICIENT, NO_BAND, Window
from scorecards.models import Month, Score


def latest_period(officer: str, year: int | None = None) -> Month | None:
    """The last month (of that year) with a score that has enough data behind it, else with any score, in whatever unit."""
    scored = Score.objects.filter(officer=officer, revision=0, window=Window.MONTH, score__isnull=False).order_by("-period")
    if year is not None:
        scored = scored.filter(scorecard__year=year)
    sound = scored.exclude(band__in=[NO_BAND, INSUFFICIENT])
    found = sound.values_list("period", flat=True).first() or scored.values_list("period", flat=True).first()
    return None if found is None else Month(found)
