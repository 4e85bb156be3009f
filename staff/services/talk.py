"""Performance talks: planned, held, noted by both, confirmed by the officer; and the improvement plan that comes out of them."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from communication.services import notice
from ledger.services import audit
from organisation.models import Unit, User
from scorecards.errors import NothingToDo, OutOfDate
from scorecards.services import feed
from staff.errors import TalkClosed
from staff.models import Improvement, Talk

SOURCE = "talks"


@transaction.atomic
def plan(*, actor: User, person: User, unit: Unit, planned_on: date, now: datetime) -> Talk:
    """Plan a talk with an officer, who is told; the one that this chief has planned for the day already, where there is one."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    there = Talk.objects.filter(person=person, chief=actor, planned_on=planned_on, held_on__isnull=True).first()
    if there is not None:
        return there
    made = Talk.objects.create(person=person, unit=unit, chief=actor, planned_on=planned_on)
    _tell(actor, "plan", made, {"day": planned_on.isoformat()})
    about = {"who": [actor.name, actor.name_zh], "day": planned_on.isoformat()}
    notice.tell([person], "talk_planned", slot=f"{made.pk}", about=about, address=f"/talks/{made.pk}/", now=now)
    return made


@transaction.atomic
def write(*, actor: User, talk: Talk, version: int, fields: dict[str, Any], now: datetime) -> Talk:
    """Keep what one of the two says, and, from the chief, the days. fields: officer_notes, or chief_notes, planned_on and held_on.
    Raises TalkClosed, OutOfDate."""
    found = Talk.objects.select_for_update(of=("self",)).select_related("unit", "person").get(pk=talk.pk)
    if found.confirmed_at is not None:
        raise TalkClosed
    if found.version != version:
        raise OutOfDate
    before = found.held_on
    for name, value in {**fields, "version": version + 1}.items():
        setattr(found, name, value)
    found.save(update_fields=[*fields, "version"])
    _tell(actor, "write", found, {"held": found.held_on.isoformat() if found.held_on else None})
    if found.held_on and before is None:
        day = found.held_on.isoformat()
        notice.tell([found.person], "talk_held", slot=f"{found.pk}", about={"day": day}, address=f"/talks/{found.pk}/", now=now)
    return found


@transaction.atomic
def confirm(*, actor: User, talk: Talk, version: int, now: datetime) -> None:
    """The officer confirms the notes of both, as she saw them; from then on they stay. Raises NothingToDo, OutOfDate."""
    found = Talk.objects.select_for_update(of=("self",)).select_related("unit").get(pk=talk.pk)
    if found.held_on is None or found.confirmed_at is not None:
        raise NothingToDo
    if found.version != version:
        raise OutOfDate
    found.confirmed_at = now
    found.save(update_fields=["confirmed_at"])
    _tell(actor, "confirm", found)
    feed.ask(SOURCE, found.unit)


@transaction.atomic
def improve(*, actor: User, talk: Talk, **fields: Any) -> Improvement:
    """Add a step to the improvement plan. fields: text, measure, training, hours, due_on. Raises TalkClosed."""
    if Talk.objects.select_for_update(of=("self",)).get(pk=talk.pk).confirmed_at is not None:
        raise TalkClosed
    made = Improvement.objects.create(talk=talk, **fields)
    _tell(actor, "add", talk, {"text": made.text, "until": made.due_on.isoformat()})
    return made


@transaction.atomic
def finish(*, actor: User, improvement: Improvement, today: date) -> None:
    """The step is done. Raises NothingToDo."""
    if not Improvement.objects.filter(pk=improvement.pk, done_on__isnull=True).update(done_on=today):
        raise NothingToDo
    _tell(actor, "finish", improvement.talk, {"text": improvement.text})


def _tell(actor: User, verb: str, talk: Talk, after: dict[str, Any] | None = None) -> None:
    facts = {"officer": talk.person.username, **(after or {})}
    audit.record(actor=actor, verb=verb, target=talk, place=talk.unit.code, after=facts)
