"""Hands a whole section over from one leader to another."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from communication.services import notice
from ledger.services import audit
from organisation.models import Unit, UnitPath, User
from scorecards.errors import NothingToDo
from scorecards.models import Assignment
from scorecards.services.assignment import assign
from staff.models import Talk


@dataclass(frozen=True)
class HandedOver:
    """How many measures and planned talks."""

    measures: int
    talks: int


@transaction.atomic
def hand_over(*, actor: User, unit: Unit, giver: User, taker: User, today: date, now: datetime) -> HandedOver:
    """From today the taker reports what the giver reported in the unit and below it, and holds the talks that the giver has planned there.
    The history stays; roles are granted by their administrator. Raises NothingToDo."""
    units = list(Unit.objects.filter(paths_up__above=unit))
    measures = 0
    for one in units:
        codes = list(Assignment.objects.filter(unit=one, person=giver, until_date__isnull=True).values_list("code", flat=True))
        measures += assign(actor=actor, unit=one, codes=codes, person=taker, today=today)
    inside = UnitPath.objects.filter(above=unit).values("below")
    planned = Talk.objects.filter(unit__in=inside, chief=giver, held_on__isnull=True).exclude(person=taker)
    talks = planned.update(chief=taker)
    if not measures and not talks:
        raise NothingToDo
    audit.record(
        actor=actor,
        verb="hand_over",
        target=unit,
        place=unit.code,
        before={"name": giver.label},
        after={"name": taker.label, "measures": measures, "number": talks},
    )
    about = {"who": [giver.name, giver.name_zh], "unit": [unit.name, unit.name_zh]}
    slot = f"{unit.pk}.{giver.pk}.{today}"
    notice.tell([taker], "section_handed_over", slot=slot, about=about, address=f"/units/{unit.code}/team/", now=now)
    return HandedOver(measures, talks)
