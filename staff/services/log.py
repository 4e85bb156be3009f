"""Writes an officer's log and the replies to it; takes suggestions and answers them."""

from datetime import date, datetime

from django.db import transaction

from communication.services import notice
from ledger.services import audit
from organisation.models import Unit, User
from scorecards.errors import NothingToDo
from scorecards.services import feed
from staff.choices import SuggestionState
from staff.models import LogEntry, Suggestion

SOURCE = "proposals"


@transaction.atomic
def write(*, actor: User, person: User, unit: Unit, day: date, kind: str, text: str, now: datetime) -> LogEntry:
    """An entry in the person's log; if somebody else wrote it, the person is told."""
    made = LogEntry.objects.create(person=person, unit=unit, day=day, kind=kind, text=text, author=actor, written_at=now)
    audit.record(actor=actor, verb="log", target=person, place=unit.code, after={"kind": kind, "day": day.isoformat()})
    if actor.pk != person.pk:
        about = {"who": [actor.name, actor.name_zh]}
        notice.tell([person], "log_written", slot=f"{made.pk}", about=about, address=f"/staff/{person.pk}/log/", now=now)
    return made


@transaction.atomic
def reply(*, actor: User, entry: LogEntry, text: str) -> None:
    """What the officer says to it; once. Raises NothingToDo."""
    if not LogEntry.objects.filter(pk=entry.pk, reply="").update(reply=text):
        raise NothingToDo
    audit.record(actor=actor, verb="reply", target=entry.person, place=entry.unit.code, after={"text": text[:200]})


@transaction.atomic
def suggest(*, actor: User, unit: Unit, title: str, text: str, now: datetime) -> Suggestion:
    """Propose to do something better."""
    made = Suggestion.objects.create(person=actor, unit=unit, title=title, text=text, made_at=now)
    audit.record(actor=actor, verb="suggest", target=made, place=unit.code, after={"name": title})
    return made


@transaction.atomic
def answer(*, actor: User, suggestion: Suggestion, adopted: bool, text: str, now: datetime) -> None:
    """Adopt a suggestion of somebody else or not, with a reason. Raises NothingToDo."""
    found = Suggestion.objects.select_for_update(of=("self",)).select_related("unit", "person").get(pk=suggestion.pk)
    if found.state != SuggestionState.OPEN:
        raise NothingToDo
    found.state = SuggestionState.ADOPTED if adopted else SuggestionState.DECLINED
    found.answer, found.answered_by, found.answered_at = text, actor, now
    found.save()
    told = {"name": found.title, "answer": text, "state": found.state}
    audit.record(actor=actor, verb="answer", target=found, place=found.unit.code, after=told)
    topic, about = "suggestion_adopted" if adopted else "suggestion_declined", {"what": found.title}
    notice.tell([found.person], topic, slot=f"{found.pk}", about=about, address="/suggestions/", now=now)
    feed.ask(SOURCE, found.unit)
