"""Reads people and their roles."""

from django.db.models import Q, QuerySet

from organisation.models import Membership, User


def matching(people: QuerySet[User], text: str) -> QuerySet[User]:
    """Those of the people whose staff number or name contains the text, with their roles."""
    if text:
        people = people.filter(Q(username__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text))
    return people.order_by("username").prefetch_related("memberships__unit")


def roles_of(person: User) -> QuerySet[Membership]:
    """All memberships of the person, those in force first."""
    return person.memberships.select_related("unit").order_by("-until_date", "-from_date")


def names(ids: set[str]) -> dict[str, User]:
    """People by the ids that audit lines carry."""
    return {str(user.pk): user for user in User.objects.filter(pk__in=[int(i) for i in ids if i.isdigit()])}
