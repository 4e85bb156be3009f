"""Opens threads, answers in them, settles them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from communication.errors import AlreadySettled
from communication.models import Comment, Thread
from communication.selectors.thread import Subject, people_about
from communication.services import notice
from ledger.services import audit
from organisation.models import User

LONGEST_QUOTE = 80


@transaction.atomic
def open_thread(*, actor: User, subject: Subject, text: str, mentioned: Iterable[User], now: datetime) -> Thread:
    """Begin a thread about the object with a first comment; whoever is mentioned is told."""
    thread = Thread.objects.create(kind=subject.kind, key=subject.key, place=subject.unit.code, opened_by=actor, opened_at=now)
    _comment(actor, thread, subject, text, list(mentioned), now)
    return thread


@transaction.atomic
def answer(*, actor: User, thread: Thread, subject: Subject, text: str, mentioned: Iterable[User], now: datetime) -> None:
    """Add a comment; whoever is mentioned or has written in the thread is told. Raises AlreadySettled."""
    if Thread.objects.select_for_update(of=("self",)).order_by().get(pk=thread.pk).resolved_at is not None:
        raise AlreadySettled
    _comment(actor, thread, subject, text, list(mentioned), now)


@transaction.atomic
def settle(*, actor: User, thread: Thread, subject: Subject, now: datetime) -> None:
    """Mark the thread as settled; those who wrote in it are told. Raises AlreadySettled."""
    if not Thread.objects.filter(pk=thread.pk, resolved_at__isnull=True).update(resolved_by=actor, resolved_at=now):
        raise AlreadySettled
    audit.record(actor=actor, verb="settle", target=thread, place=subject.unit.code, after={"about": subject.label})
    notice.tell(
        _writers(thread, subject, [actor]),
        "thread_resolved",
        slot=f"{thread.pk}",
        about=_about(actor, subject, ""),
        address=subject.address,
        now=now,
    )


def _comment(actor: User, thread: Thread, subject: Subject, text: str, mentioned: list[User], now: datetime) -> None:
    comment = Comment.objects.create(thread=thread, author=actor, text=text, at=now)
    comment.mentioned.set(mentioned)
    audit.record(actor=actor, verb="comment", target=thread, place=subject.unit.code, after={"about": subject.label, "text": text})
    told: dict[str, Any] = {"about": _about(actor, subject, text), "address": f"/talk/{subject.kind}/{subject.key}/", "now": now}
    called = [person for person in mentioned if person.pk != actor.pk]
    notice.tell(called, "mentioned", slot=f"{comment.pk}", **told)
    notice.tell(_writers(thread, subject, [actor, *called]), "answered", slot=f"{comment.pk}", **told)


def _writers(thread: Thread, subject: Subject, besides: list[User]) -> list[User]:
    """Whoever wrote in the thread and can still see what it is about."""
    wrote = Comment.objects.filter(thread=thread).values("author")
    return list(people_about(subject).filter(pk__in=wrote).exclude(pk__in=[person.pk for person in besides]))


def _about(actor: User, subject: Subject, text: str) -> dict[str, object]:
    quote = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
    return {"who": [actor.name, actor.name_zh], "what": list(subject.names), "text": quote}
