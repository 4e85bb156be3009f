"""Doors of work that nobody waits for: Celery's, and the outbox's where what a person uploaded has to be read first."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone, translation

from scorecards.assembly.upload import with_hints
from scorecards.forms.sheet import guess, values
from scorecards.selectors.upload import Value, classified, codes_of, known_mapping
from scorecards.services import recompute, reminder
from scorecards.services import upload as uploads
from spreadsheets.faults import Fault, Refused
from spreadsheets.read import Table, read

log = logging.getLogger(__name__)

SAMPLE_ROWS = 5
LONGEST_SAMPLE = 40


@shared_task(name="scorecards.tasks.publish_day")
def publish_day() -> None:
    """Ask for the recomputes that a new day brings; asking again does nothing for what was computed today."""
    recompute.publish_day(today=timezone.localdate())


@shared_task(name="scorecards.tasks.remind")
def remind() -> None:
    """Tell people of what is due soon, late, or silent; the same is told once."""
    reminder.remind(today=timezone.localdate(), now=timezone.now())


@dataclass(frozen=True)
class Read:
    """A file that has been read: its table, and, where its columns are known, their meaning and the values; or why it is refused."""

    table: Table | None = None
    mapping: dict[str, Any] | None = None
    values: list[Value] = field(default_factory=list)
    refused: Refused | None = None


def read_upload(key: str, _payloads: list[dict[str, Any]], now: datetime, found: Read | None) -> None:
    """The outbox's handler: say what importing the file would do, or what has to be known first. found: as `prepare` read it."""
    upload = uploads.waiting(int(key))
    if upload is None or found is None:
        return
    if found.refused is not None or found.table is None:
        refused = found.refused or Refused(Fault.DAMAGED)
        uploads.refuse(upload=upload, fault=refused.fault, detail=refused.detail, now=now)
        return
    table = found.table
    sample = [[cell.text[:LONGEST_SAMPLE] if cell else "" for cell in cells] for _number, cells in table.rows[:SAMPLE_ROWS]]
    if found.mapping is None:
        uploads.await_mapping(upload=upload, header=table.header, sample=sample, now=now)
        return
    rows = with_hints(upload.unit, classified(upload, found.values, timezone.localtime(now).date()))
    uploads.propose(upload=upload, header=table.header, sample=sample, mapping=found.mapping, rows=rows, now=now)


def _read(key: str) -> Read | None:
    """Read the file while no transaction is open: its cells by a child process, its values here. Whatever a strange file makes fail
    refuses the file."""
    upload = uploads.waiting(int(key))
    if upload is None:
        return None
    try:
        with translation.override(upload.actor.language or settings.LANGUAGE_CODE):
            table = read(upload.name, bytes(upload.content))
            methods = codes_of(upload.unit)
            mapping = upload.mapping or known_mapping(upload.unit, table.header) or guess(table, methods, upload.month.year)
            return Read(table, mapping, values(table, mapping, upload.month, methods, upload.unit.code) if mapping else [])
    except Refused as refusal:
        return Read(refused=refusal)
    except Exception:
        log.exception("The upload %s could not be read.", key)
        return Read(refused=Refused(Fault.DAMAGED))


read_upload.prepare = _read  # type: ignore[attr-defined]


def import_upload(_key: str, payloads: list[dict[str, Any]], now: datetime) -> None:
    """The outbox's handler: write one part of a batch."""
    for part in payloads:
        today = timezone.localtime(now).date()
        uploads.import_part(run=part["job"], upload=part["upload"], ids=part["rows"], today=today, now=now)
