"""Reads who stands in for whom."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from organisation.models import Delegation, Membership, User
from organisation.models.dates import holding


def principals(deputy: User, today: date) -> list[int]:
    """The people (ids) for whom the person stands in today."""
    return list(
        Delegation.objects.filter(deputy=deputy, from_date__lte=today, until_date__gte=today).values_list("person", flat=True).distinct()
    )


def deputies(people: list[int], today: date) -> dict[int, list[User]]:
    """For each of the people (ids) who stands in today."""
    found: dict[int, list[User]] = {}
    rows = Delegation.objects.filter(person__in=people, from_date__lte=today, until_date__gte=today).select_related("deputy")
    for row in rows:
        found.setdefault(row.person_id, []).append(row.deputy)
    return found


def own(person: User, today: date) -> "QuerySet[Delegation]":
    """The person's delegations that have not ended."""
    return Delegation.objects.filter(person=person, until_date__gte=today).select_related("deputy").order_by("from_date")


def colleagues(person: User) -> "QuerySet[User]":
    """Whoever has a role in one of the person's units."""
    today = timezone.localdate()
    in_force = Membership.objects.filter(holding(today))
    held = in_force.filter(unit__in=in_force.filter(user=person).values("unit")).values("user")
    return User.objects.filter(pk__in=held, is_active=True).exclude(pk=person.pk).order_by("username")
