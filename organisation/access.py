"""Loads and authorises in one breath. Out of one's reach is not found (404); within reach without the right is refused (403)."""

from functools import cache

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.module_loading import import_string

from organisation.models import Membership, Unit, User

Person = User | AnonymousUser


@cache
def roles_with(permission: str) -> frozenset[str]:
    """The roles that hold the permission, by the roles table."""
    table: dict[str, frozenset[str]] = import_string(settings.ROLE_PERMISSIONS)
    return frozenset(role for role, permissions in table.items() if permission in permissions)


def memberships(user: Person) -> QuerySet[Membership]:
    """The person's memberships in force today."""
    if not user.is_authenticated:
        return Membership.objects.none()
    today = timezone.localdate()
    return Membership.objects.filter(Q(until_date__isnull=True) | Q(until_date__gte=today), user=user, from_date__lte=today)


def may(user: Person, permission: str, unit: Unit | None = None) -> bool:
    """Whether the person holds the permission in that unit; without a unit, anywhere."""
    held = memberships(user).filter(role__in=roles_with(permission))
    if unit is not None:
        held = held.filter(unit__paths_down__below=unit)
    return held.exists()


def authorise(user: Person, permission: str, unit: Unit) -> Unit:
    """The unit itself, if the person holds the permission there."""
    roles = set(memberships(user).filter(unit__paths_down__below=unit).values_list("role", flat=True))
    if not roles:
        raise Http404
    if not roles & roles_with(permission):
        raise PermissionDenied
    return unit


def unit_for(user: Person, code: str, permission: str) -> Unit:
    """The unit of that code, if the person holds the permission there."""
    unit = Unit.objects.select_related("parent").filter(code=code).first()
    if unit is None:
        raise Http404
    return authorise(user, permission, unit)


def units_for(user: Person, permission: str) -> QuerySet[Unit]:
    """All units in which the person holds the permission."""
    held = memberships(user).filter(role__in=roles_with(permission)).values("unit")
    return Unit.objects.filter(paths_up__above__in=held).distinct()


def people_for(user: Person, permission: str) -> QuerySet[User]:
    """The people who have had a role in those units, and those who have none yet."""
    units = units_for(user, permission).values("pk")
    if not may(user, permission):
        return User.objects.none()
    return User.objects.filter(Q(memberships__unit__in=units) | Q(memberships__isnull=True)).distinct()


def person_for(user: Person, pk: int, permission: str) -> User:
    """The person of that id, if within reach."""
    person = people_for(user, permission).filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


def membership_for(user: Person, pk: int, permission: str) -> Membership:
    """The membership of that id, if the person holds the permission in its unit."""
    membership = Membership.objects.select_related("unit", "user").filter(pk=pk).first()
    if membership is None:
        raise Http404
    authorise(user, permission, membership.unit)
    return membership
