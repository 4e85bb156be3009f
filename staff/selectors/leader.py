"""Who leads whom: the nearest person above who may lead staff."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from organisation.access import roles_with, top_units_for
from organisation.models import Unit, UnitPath, User
from organisation.selectors.person import holders
from scorecards.models import Scorecard
from staff.models import Posting
from staff.permissions import LEAD_STAFF
from staff.selectors.posting import in_force


@dataclass(frozen=True)
class Led:
    """units: in which the person is the nearest leader (ids); chiefs: the other leaders of these units, who answer to somebody above;
    heads: leaders of units below who answer to the person (ids)."""

    units: set[int]
    chiefs: set[int]
    heads: set[int]


def led_by(person: User, today: date) -> Led:
    """A fixed number of queries."""
    tops = list(top_units_for(person, LEAD_STAFF))
    if not tops:
        return Led(set(), set(), set())
    below = set(UnitPath.objects.filter(above__in=tops).values_list("below", flat=True))
    above = list(UnitPath.objects.filter(below__in=below).order_by("distance").values_list("below", "above"))
    leaders = holders(sorted({unit for _below, unit in above}), roles_with(LEAD_STAFF), today)
    chain: dict[int, list[int]] = {}
    for unit, over in above:
        if leaders.get(over):
            chain.setdefault(unit, []).append(over)
    mine = {top.pk for top in tops}
    units = {unit for unit, chained in chain.items() if chained[0] in mine}
    chiefs = {one.pk for unit in mine for one in leaders.get(unit, [])}
    heads = {
        one.pk
        for unit, chained in chain.items()
        if chained[0] == unit and unit not in mine and len(chained) > 1 and chained[1] in mine
        for one in leaders[unit]
    }
    return Led(units, chiefs, heads - chiefs)


def leaders_of(units: list[int], today: date) -> dict[int, list[list[User]]]:
    """For each unit (id) the leaders of the nearest unit that has any, then of the next one above, and so on."""
    paths = list(UnitPath.objects.filter(below__in=units).order_by("distance").values_list("below", "above"))
    found = holders(sorted({above for _below, above in paths}), roles_with(LEAD_STAFF), today)
    chain: dict[int, list[list[User]]] = {}
    for below, above in paths:
        if found.get(above):
            chain.setdefault(below, []).append(found[above])
    return chain


def chiefs_of(person: User, unit: Unit, today: date) -> list[User]:
    """Whoever leads that person there: of the nearest unit whose leaders are others."""
    for level in leaders_of([unit.pk], today).get(unit.pk, []):
        if person.pk not in {one.pk for one in level}:
            return level
    return []


def postings_led(led: Led, person: User, today: date) -> "QuerySet[Posting]":
    """The postings in force of all whom the person leads. led: whom, as `led_by` says."""
    mine = Q(unit__in=led.units) & ~Q(person__in=led.chiefs)
    return in_force(today).filter(mine | Q(person__in=led.heads)).exclude(person=person)


def cards_led(led: Led, person: User, today: date) -> "QuerySet[Scorecard]":
    """The officers' scorecards of this year and the last that the person answers for: those of the units in which she is the nearest
    leader, and those of leaders below."""
    chiefs = User.objects.filter(pk__in=led.chiefs).values("username")
    heads = User.objects.filter(pk__in=led.heads).values("username")
    found = Scorecard.objects.filter(year__gte=today.year - 1).exclude(officer="").exclude(officer=person.username)
    return found.filter((Q(unit__in=led.units) & ~Q(officer__in=chiefs)) | Q(officer__in=heads)).select_related("unit")
