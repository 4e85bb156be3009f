"""Loads what belongs to a scorecard and authorises in one breath."""

from django.http import Http404

from organisation.access import Person, authorise
from scorecards.models import Measure, Scorecard
from scorecards.selectors.scorecard import scorecard_of


def measure_for(user: Person, pk: int, permission: str) -> Measure:
    """The measure of that id, if the person holds the permission in its unit."""
    loaded = Measure.objects.select_related("scorecard__unit", "objective__perspective").prefetch_related("targets")
    measure = loaded.filter(pk=pk).first()
    if measure is None:
        raise Http404
    authorise(user, permission, measure.scorecard.unit)
    return measure


def measure_of_unit_for(user: Person, code: str, pk: int, permission: str) -> Measure:
    """The same, of the unit of that code."""
    measure = measure_for(user, pk, permission)
    if measure.scorecard.unit.code != code:
        raise Http404
    return measure


def scorecard_for(user: Person, code: str, year: int, permission: str) -> Scorecard:
    """The scorecard of that unit and year, if the person holds the permission there."""
    scorecard = scorecard_of(code, year)
    if scorecard is None:
        raise Http404
    authorise(user, permission, scorecard.unit)
    return scorecard
