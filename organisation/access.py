"""Loads and authorises in one breath. Out of one's reach is not found (404); within reach without the right is refused (403)."""

from functools import cache

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.module_loading import import_string

from organisation.choices import TECHNICAL_ROLES
from organisation.models import Delegation, Membership, Unit, UnitPath, User
from organisation.models.dates import holding, reaching

Person = User | AnonymousUser


@cache
def roles_with(permission: str) -> frozenset[str]:
    """The roles that hold the permission, by the roles table."""
    table: dict[str, frozenset[str]] = import_string(settings.ROLE_PERMISSIONS)
    return frozenset(role for role, permissions in table.items() if permission in permissions)


def memberships(user: Person) -> list[Membership]:
    """The person's memberships in force today, with their units."""
    if not user.is_authenticated:
        return []
    remembered: list[Membership] | None = getattr(user, "memberships_of_request", None)
    if remembered is not None:
        return remembered
    today = timezone.localdate()
    in_force = Membership.objects.filter(holding(today), user=user)
    return list(in_force.select_related("unit").order_by("pk"))


def remember(user: Person) -> None:
    """Read the memberships once for a whole request. user: the request's own instance."""
    user.memberships_of_request = memberships(user)  # type: ignore[union-attr]


def may(user: Person, permission: str) -> bool:
    """Whether the person holds the permission anywhere."""
    return any(held.role in roles_with(permission) for held in memberships(user))


def authorise(user: Person, permission: str, unit: Unit) -> Unit:
    """The unit itself, if the person holds the permission there."""
    above = set(UnitPath.objects.filter(below=unit).values_list("above", flat=True))
    roles = {held.role for held in memberships(user) if held.unit_id in above}
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
    held = [membership.unit_id for membership in memberships(user) if membership.role in roles_with(permission)]
    return Unit.objects.filter(paths_up__above__in=held).distinct()


def people_for(user: Person, permission: str) -> QuerySet[User]:
    """The people who have had a role in those units, and those who have none yet."""
    units = units_for(user, permission).values("pk")
    if not may(user, permission):
        return User.objects.none()
    return User.objects.filter(Q(memberships__unit__in=units) | Q(memberships__isnull=True)).distinct()


def person_within(user: Person, pk: int, permission: str) -> User:
    """The person of that id, if all roles that the person holds or will hold lie within reach and none is that of another technical
    administrator: whoever sets a password could sign in with it."""
    person = person_for(user, pk, permission)
    held = list(Membership.objects.filter(reaching(timezone.localdate()), user=person))
    reach = set(units_for(user, permission).filter(pk__in=[m.unit_id for m in held]).values_list("pk", flat=True))
    technical = any(m.role in TECHNICAL_ROLES for m in held) and person.pk != user.pk
    if technical or any(m.unit_id not in reach for m in held):
        raise PermissionDenied
    return person


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


def delegation_for(user: Person, pk: int) -> Delegation:
    """The person's own delegation of that id."""
    found = Delegation.objects.select_related("deputy").filter(pk=pk, person=user.pk).first()
    if found is None:
        raise Http404
    return found


def holds(user: Person, permission: str, unit: Unit) -> bool:
    """Whether the person holds the permission in that unit; for what a page offers, not for letting anybody in."""
    above = set(UnitPath.objects.filter(below=unit).values_list("above", flat=True))
    return any(held.unit_id in above and held.role in roles_with(permission) for held in memberships(user))


def top_units_for(user: Person, permission: str) -> QuerySet[Unit]:
    """The units in which the person holds the permission by a role of her own there, not by one further up."""
    held = [membership.unit_id for membership in memberships(user) if membership.role in roles_with(permission)]
    return Unit.objects.filter(pk__in=held)


def leads(user: Person, other: str, unit: Unit, permission: str) -> bool:
    """Whether the person holds the permission over somebody else (staff number) in that unit: from further up than the other one holds it
    there."""
    if other == getattr(user, "username", None):
        return False
    height = dict(UnitPath.objects.filter(below=unit).values_list("above", "distance"))
    mine = [height[held.unit_id] for held in memberships(user) if held.unit_id in height and held.role in roles_with(permission)]
    today = timezone.localdate()
    in_force = Membership.objects.filter(holding(today))
    held_by_other = in_force.filter(user__username=other, unit__in=height, role__in=roles_with(permission))
    theirs = [height[pk] for pk in held_by_other.values_list("unit", flat=True)]
    return bool(mine) and max(mine) > max(theirs, default=-1)
