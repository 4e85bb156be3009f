"""Says who reports which measure, and hands measures over. What was before stays as history."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from communication.services import notice
from ledger.services import audit
from organisation.models import Unit, User
from scorecards.errors import NothingToDo
from scorecards.models import Assignment


@transaction.atomic
def assign(*, actor: User, unit: Unit, codes: Iterable[str], person: User | None, today: date) -> int:
    """From today the measures of those codes are reported by this person, or by nobody in particular. Returns how many changed."""
    Unit.objects.select_for_update(of=("self",)).order_by().get(pk=unit.pk)
    wanted = set(codes)
    held = {
        row.code: row for row in Assignment.objects.filter(unit=unit, code__in=wanted, until_date__isnull=True).select_related("person")
    }
    changed = 0
    for code in sorted(wanted):
        before = held.get(code)
        if (before.person_id if before else None) == (person.pk if person else None):
            continue
        if before:
            _end(before, today)
        if person:
            Assignment.objects.create(unit=unit, code=code, person=person, from_date=today)
        was = {"code": code, "name": before.person.label} if before else None
        audit.record(
            actor=actor,
            verb="assign",
            target=unit,
            place=unit.code,
            before=was,
            after={"code": code, "name": person.label if person else ""},
        )
        changed += 1
    return changed


@transaction.atomic
def hand_over(*, actor: User, unit: Unit, giver: User, taker: User, today: date, now: datetime) -> int:
    """All that one person reports in the unit, another one does from today, who is told. Returns how many measures.
    Raises NothingToDo."""
    codes = list(Assignment.objects.filter(unit=unit, person=giver, until_date__isnull=True).values_list("code", flat=True))
    if not codes or giver == taker:
        raise NothingToDo
    number = assign(actor=actor, unit=unit, codes=codes, person=taker, today=today)
    about = {"who": [giver.name, giver.name_zh], "unit": [unit.name, unit.name_zh], "number": str(number)}
    slot = f"{unit.pk}.{giver.pk}.{today}"
    notice.tell([taker], "handed_over", slot=slot, about=about, address=f"/entry/{unit.code}/", now=now)
    return number


def _end(row: Assignment, today: date) -> None:
    """Yesterday was its last day; one that began today never held."""
    if row.from_date >= today:
        row.delete()
    else:
        row.until_date = today - timedelta(days=1)
        row.save(update_fields=["until_date"])
