"""Puts work into the outbox with the change that asks for it, and drains it."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.module_loading import import_string

from ledger.models import OutboxEntry

log = logging.getLogger(__name__)

Payload = dict[str, Any]
Handler = Callable[..., None]

LONGEST_WAIT = timedelta(minutes=1)
PUT = "INSERT INTO ledger_outboxentry (topic, key, payload, created_at, due_at, attempts, error) VALUES "
ROW = "(%s, %s, %s, %s, %s, 0, '')"
ROWS_AT_ONCE = 500
MOST_AT_ONCE = 2_000
ROUNDS = 5  # more than work asks for work in a row; what others ask for meanwhile wakes somebody of its own
DOUBLINGS = 6


def put(*, topic: str, payloads: Mapping[str, Payload]) -> None:
    """Ask for work, a payload for each key, in the transaction of the change; whoever drains is woken when it commits."""
    if not payloads:
        return
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    rows = [(topic, key, connection.ops.adapt_json_value(payload, None), now, now) for key, payload in payloads.items()]
    with connection.cursor() as cursor:
        for i in range(0, len(rows), ROWS_AT_ONCE):
            batch = rows[i : i + ROWS_AT_ONCE]
            cursor.execute(PUT + ", ".join([ROW] * len(batch)), [value for row in batch for value in row])
    transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    if settings.OUTBOX_WAKE:
        import_string(settings.OUTBOX_WAKE)()


def drain(*, now: datetime) -> int:
    """Do all the work that is due, key by key, each in its own transaction, and what that asks for. Returns how many entries were done.
    Safe to run in any number of processes, and to be killed at any moment. A handler may have a `prepare`: slow work
    without writes, done with the key before the transaction begins; its result is the handler's fourth argument."""
    total, began = 0, timezone.now()
    for _round in range(ROUNDS):
        due = OutboxEntry.objects.filter(due_at__lte=_later(now, began))
        oldest_first = due.order_by().values_list("topic", "key").annotate(first=Min("id")).order_by("first")
        done = sum(_do(topic, key, _later(now, began)) for topic, key, _first in list(oldest_first))
        total += done
        if not done:
            break
    return total


def _later(now: datetime, began: datetime) -> datetime:
    """What `now` has become since the drain began."""
    return now + (timezone.now() - began)


def _do(topic: str, key: str, now: datetime) -> int:
    try:
        return _handle(topic, key, now)
    except Exception as error:
        log.exception("Outbox work %s %s failed.", topic, key)
        _postpone(topic, key, now, error)
        return 0


def _handle(topic: str, key: str, now: datetime) -> int:
    handler: Handler = import_string(settings.OUTBOX_HANDLERS[topic])
    prepare = getattr(handler, "prepare", None)
    if prepare and not _leased(topic, key, now):
        return 0
    prepared = (prepare(key),) if prepare else ()
    with transaction.atomic():
        entries = OutboxEntry.objects.filter(topic=topic, key=key).order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            entries = entries.select_for_update(skip_locked=True)
        taken = list(entries[:MOST_AT_ONCE])
        if taken:
            handler(key, [entry.payload for entry in taken], now, *prepared)
            OutboxEntry.objects.filter(pk__in=[entry.pk for entry in taken]).delete()
    return len(taken)


def commit_without_waiting() -> None:
    """For a handler that only computes anew: let the commit of its transaction not wait for the disk. Should the server lose it in a crash,
    the entries are there again, and the work is done again. Inside a larger transaction this does nothing."""
    if connection.vendor == "postgresql" and not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")


def _leased(topic: str, key: str, now: datetime) -> bool:
    """Keep others from preparing the same for a while; whoever is killed meanwhile leaves it to them afterwards."""
    due = OutboxEntry.objects.filter(topic=topic, key=key, due_at__lte=now)
    return bool(due.update(due_at=now + LONGEST_WAIT))


def _postpone(topic: str, key: str, now: datetime, error: Exception) -> None:
    """Twice as long each time, a minute at most."""
    failed = OutboxEntry.objects.filter(topic=topic, key=key)
    attempts = (failed.aggregate(most=Max("attempts"))["most"] or 0) + 1
    wait = min(timedelta(seconds=2 ** min(attempts, DOUBLINGS)), LONGEST_WAIT)
    failed.update(attempts=attempts, due_at=now + wait, error=f"{type(error).__name__}: {error}"[:2000])
