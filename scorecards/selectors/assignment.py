"""Who reports what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from organisation.access import roles_with
from organisation.models import Membership, Unit, User
from organisation.models.dates import holding
from scorecards.models import Assignment, Measure, Scorecard
from scorecards.permissions import EDIT_READING


@dataclass(frozen=True)
class AssignedMeasure:
    """A measure that is entered on the unit's scorecard of the year, and who reports it."""

    measure: Measure
    person: User | None
    since: date | None


def in_force(units: Iterable[Unit | int], today: date) -> "QuerySet[Assignment]":
    """Today's assignments in those units to people who may still enter values somewhere; the others count as nobody's."""
    held = Membership.objects.filter(holding(today), role__in=roles_with(EDIT_READING), user__is_active=True)
    found = Assignment.objects.filter(holding(today), unit__in=units)
    found = found.filter(person__in=held.values("user"))
    return found.select_related("person")


def reporters(unit: Unit, today: date) -> dict[str, User]:
    """By measure's code, who reports it today."""
    return {row.code: row.person for row in in_force([unit], today)}


def assigned_measures(card: Scorecard, today: date, text: str) -> list[AssignedMeasure]:
    """All measures that are entered, in their order; those that fit the text."""
    rows = {row.code: row for row in in_force([card.unit], today)}
    found = []
    for measure in card.measures.filter(source="entered"):
        row = rows.get(measure.code)
        told = f"{measure.code} {measure.name} {measure.name_zh} {row.person.name if row else ''} {row.person.name_zh if row else ''}"
        if text.lower() in told.lower():
            found.append(AssignedMeasure(measure, row.person if row else None, row.from_date if row else None))
    return found


def history(unit: Unit) -> "QuerySet[Assignment]":
    """Ended assignments, latest first."""
    return Assignment.objects.filter(unit=unit, until_date__isnull=False).select_related("person").order_by("-until_date", "-pk")


def people_who_may_enter(unit: Unit, today: date) -> "QuerySet[User]":
    """Whoever may enter values in the unit by a role there or above."""
    held = Membership.objects.filter(
        holding(today),
        role__in=roles_with(EDIT_READING),
        unit__in=unit.paths_up.values("above"),
    )
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("username")
