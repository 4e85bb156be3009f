"""Grants and ends roles."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from ledger.services import audit
from organisation.choices import TECHNICAL_ROLES
from organisation.errors import AlreadyHolds, DatesReversed, NotYourself, RolesExclude
from organisation.models import Membership, Unit, User
from organisation.models.dates import reaching


@transaction.atomic
def grant_role(*, actor: User | None, person: User, unit: Unit, role: str, from_date: date, until_date: date | None = None) -> Membership:
    """Give a person a role in a unit. Raises NotYourself, DatesReversed, RolesExclude, AlreadyHolds."""
    if actor is not None and actor.pk == person.pk:
        raise NotYourself
    if until_date and until_date < from_date:
        raise DatesReversed
    User.objects.select_for_update().get(pk=person.pk)
    at_that_time = _overlapping(person, from_date, until_date)
    if at_that_time.filter(role=role, unit=unit).exists():
        raise AlreadyHolds
    technical = at_that_time.filter(role__in=TECHNICAL_ROLES)
    if technical.exists() or (role in TECHNICAL_ROLES and at_that_time.exists()):
        raise RolesExclude
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=person, unit=unit, role=role, from_date=from_date, until_date=until_date)
    except IntegrityError as error:
        raise RolesExclude from error
    audit.record(actor=actor, verb="grant", target=person, place=unit.code, after=facts(membership))
    return membership


@transaction.atomic
def end_role(*, actor: User, membership: Membership, today: date) -> None:
    """End a membership: yesterday was its last day, or it is taken away if it began today or later. Raises NotYourself."""
    if actor.pk == membership.user_id:
        raise NotYourself
    before = facts(membership)
    if membership.from_date >= today:
        membership.delete()
        after = None
    else:
        membership.until_date = today - timedelta(days=1)
        membership.save(update_fields=["until_date"])
        after = facts(membership)
    audit.record(actor=actor, verb="end_role", target=membership.user, place=membership.unit.code, before=before, after=after)


def facts(membership: Membership) -> dict[str, Any]:
    until = membership.until_date.isoformat() if membership.until_date else None
    return {"unit": membership.unit.code, "role": membership.role, "from": membership.from_date.isoformat(), "until": until}


def _overlapping(person: User, first: date, last: date | None) -> QuerySet[Membership]:
    held = Membership.objects.filter(reaching(first), user=person)
    return held.filter(from_date__lte=last) if last else held
