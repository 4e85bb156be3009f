"""Who can hand a section over, and to whom."""

from datetime import date

from organisation.access import roles_with
from organisation.models import Unit, UnitPath, User
from organisation.selectors.person import holders
from scorecards.models import Assignment
from staff.models import Talk
from staff.permissions import LEAD_STAFF


def givers(unit: Unit) -> list[User]:
    """Whoever reports measures or has planned talks in the unit or below it."""
    inside = UnitPath.objects.filter(above=unit).values("below")
    reporting = Assignment.objects.filter(unit__in=inside, until_date__isnull=True).values_list("person", flat=True)
    planning = Talk.objects.filter(unit__in=inside, held_on__isnull=True).values_list("chief", flat=True)
    return list(User.objects.filter(pk__in={*reporting, *planning}).order_by("username"))


def takers(unit: Unit, today: date) -> list[User]:
    """Whoever may lead staff in the unit, by a role there or above."""
    above = list(unit.paths_up.values_list("above", flat=True))
    found = {one.pk: one for people in holders(above, roles_with(LEAD_STAFF), today).values() for one in people}
    return sorted(found.values(), key=lambda one: one.username)
