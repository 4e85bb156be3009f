"""Writes audit lines; called by every service in the transaction of its change."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils import timezone

Facts = dict[str, Any]

WRITE = "INSERT INTO ledger_auditentry (at, actor, verb, target_kind, target_id, place, before, after) VALUES "
ROW = "(%s, %s, %s, %s, %s, %s, %s, %s)"
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Line:
    """What was done to one object: before is None where it is new, after where it is gone."""

    verb: str
    target: models.Model
    before: Facts | None = None
    after: Facts | None = None


def record(
    *,
    actor: models.Model | None,
    verb: str,
    target: models.Model,
    place: str = "",
    before: Facts | None = None,
    after: Facts | None = None,
) -> None:
    """Write one line. Raises RuntimeError outside a transaction: an audit line without its change, or the other way round,
    must not be possible."""
    record_all(actor=actor, place=place, lines=[Line(verb, target, before, after)])


def record_all(*, actor: models.Model | None, place: str = "", lines: Iterable[Line]) -> None:
    """Write several lines of one actor at once."""
    if not connection.in_atomic_block:
        raise RuntimeError("An audit line is written in the transaction of the change it tells of.")
    now, who = connection.ops.adapt_datetimefield_value(timezone.now()), "" if actor is None else str(actor.pk)
    rows = [
        (now, who, line.verb, line.target._meta.model_name, str(line.target.pk), place, *map(_as_json, (line.before, line.after)))
        for line in lines
    ]
    with connection.cursor() as cursor:
        for i in range(0, len(rows), ROWS_AT_ONCE):
            batch = rows[i : i + ROWS_AT_ONCE]
            cursor.execute(WRITE + ", ".join([ROW] * len(batch)), [value for row in batch for value in row])


def _as_json(facts: Facts | None) -> Any:
    return None if facts is None else connection.ops.adapt_json_value(facts, None)
