"""Reads people and their roles."""

from datetime import date

from django.db.models import Q, QuerySet

from organisation.models import Membership, User
from organisation.models.dates import holding


def matching(people: QuerySet[User], text: str) -> QuerySet[User]:
    """Those of the people whose staff number or name contains the text, with their roles."""
    if text:
        people = people.filter(Q(username__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text))
    return people.order_by("username").prefetch_related("memberships__unit")


def roles_of(person: User) -> QuerySet[Membership]:
    """All memberships of the person, those in force first."""
    return person.memberships.select_related("unit").order_by("-until_date", "-from_date")


def holders(units: list[int], roles: frozenset[str], today: date) -> dict[int, list[User]]:
    """For each of the units (ids) the people who have one of the roles right there."""
    held = Membership.objects.filter(holding(today), unit__in=units, role__in=roles, user__is_active=True)
    found: dict[int, list[User]] = {}
    for row in held.select_related("user").order_by("user__username"):
        found.setdefault(row.unit_id, []).append(row.user)
    return found


def names(ids: set[str]) -> dict[str, User]:
    """People by the ids that audit lines carry."""
    return {str(user.pk): user for user in User.objects.filter(pk__in=[int(i) for i in ids if i.isdigit()])}
