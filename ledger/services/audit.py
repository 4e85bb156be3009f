"""Writes audit lines; called by every service in the transaction of its change."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from ledger.models import AuditEntry

Facts = dict[str, Any]


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
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit line is written in the transaction of the change it tells of.")
    now = timezone.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now,
            actor="" if actor is None else str(actor.pk),
            verb=line.verb,
            target_kind=line.target._meta.model_name or "",
            target_id=str(line.target.pk),
            place=place,
            before=line.before,
            after=line.after,
        )
        for line in lines
    )
