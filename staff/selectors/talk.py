"""Reads talks and improvement plans, and when the next talk is due."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from django.db.models import Max, QuerySet

from organisation.models import Unit, User
from scorecards.models import Measure
from staff.choices import TALK_EVERY_MONTHS
from staff.models import Improvement, Talk


def talks_of(person: User, reach: "QuerySet[Unit] | None" = None) -> "QuerySet[Talk]":
    """Latest first; those of the units within reach (None: all)."""
    found = Talk.objects.filter(person=person).select_related("chief", "unit")
    return found if reach is None else found.filter(unit__in=reach)


def last_held(people: Iterable[int]) -> dict[int, date]:
    """By person (id), the day of the last talk. One query."""
    rows = Talk.objects.filter(person__in=list(people), held_on__isnull=False).order_by().values("person").annotate(last=Max("held_on"))
    return dict(rows.values_list("person", "last"))


def planned(people: Iterable[int]) -> dict[int, Talk]:
    """By person (id), the next talk that has not been held. One query."""
    found: dict[int, Talk] = {}
    for talk in Talk.objects.filter(person__in=list(people), held_on__isnull=True).select_related("chief").order_by("-planned_on"):
        found[talk.person_id] = talk
    return found


def next_due(last: date | None, since: date) -> date:
    """The day by which the next talk is due: a quarter after the last one, or after the beginning in the post."""
    begin = last or since
    months = begin.year * 12 + begin.month - 1 + TALK_EVERY_MONTHS
    year, month = divmod(months, 12)
    return date(year, month + 1, min(begin.day, monthrange(year, month + 1)[1]))


def improvements_open(person: User, reach: "QuerySet[Unit] | None" = None) -> "QuerySet[Improvement]":
    """What is still to get better, by talks within reach (None: all)."""
    found = Improvement.objects.filter(talk__person=person, done_on__isnull=True).select_related("talk")
    return found if reach is None else found.filter(talk__unit__in=reach)


def measures_of(talk: Talk) -> list[tuple[str, str]]:
    """The measures of the officer's scorecards of that year, as pairs of code and name."""
    found = Measure.objects.filter(scorecard__officer=talk.person.username, scorecard__year=talk.planned_on.year)
    return list({one.code: f"{one.code} {one.label}" for one in found}.items())
