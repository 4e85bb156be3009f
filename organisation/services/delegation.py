"""Lets people stand in for each other."""

from datetime import date

from django.db import transaction

from ledger.services import audit
from organisation.errors import DatesReversed, NotYourself
from organisation.models import Delegation, User


@transaction.atomic
def delegate(*, actor: User, deputy: User, from_date: date, until_date: date) -> Delegation:
    """On those days the actor's work is shown to the deputy too. Raises DatesReversed, NotYourself."""
    if until_date < from_date:
        raise DatesReversed
    if deputy.pk == actor.pk:
        raise NotYourself
    made = Delegation.objects.create(person=actor, deputy=deputy, from_date=from_date, until_date=until_date)
    facts = {"name": deputy.label, "from": from_date.isoformat(), "until": until_date.isoformat()}
    audit.record(actor=actor, verb="delegate", target=actor, after=facts)
    return made


@transaction.atomic
def take_back(*, actor: User, delegation: Delegation) -> None:
    """The deputy is no longer one."""
    facts = {"name": delegation.deputy.label, "from": delegation.from_date.isoformat(), "until": delegation.until_date.isoformat()}
    Delegation.objects.filter(pk=delegation.pk, person=actor).delete()
    audit.record(actor=actor, verb="end_delegation", target=actor, before=facts)
