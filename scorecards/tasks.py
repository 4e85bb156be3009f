"""Doors of work that nobody waits for: Celery's, and the outbox's where what a person uploaded has to be read first."""

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from scorecards.assembly.upload import with_hints
from scorecards.choices import UploadState
from scorecards.forms.sheet import guess, values
from scorecards.models import Upload
from scorecards.selectors.upload import classified, codes_of, known_mapping
from scorecards.services import recompute, reminder
from scorecards.services import upload as uploads
from spreadsheets.faults import Refused
from spreadsheets.read import Table, read

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


def read_upload(key: str, _payloads: list[dict[str, Any]], now: datetime, table: Table | Refused | None) -> None:
    """The outbox's handler: say what importing the file would do, or what has to be known first. table: as `prepare` read it."""
    upload = Upload.objects.select_for_update(of=("self",)).select_related("unit", "actor").filter(pk=int(key)).first()
    if upload is None or table is None or upload.state != UploadState.WAITING:
        return
    if isinstance(table, Refused):
        uploads.refuse(upload=upload, fault=table.fault, detail=table.detail, now=now)
        return
    sample = [[cell.text[:LONGEST_SAMPLE] if cell else "" for cell in cells] for _number, cells in table.rows[:SAMPLE_ROWS]]
    methods = codes_of(upload.unit)
    mapping = upload.mapping or known_mapping(upload.unit, table.header) or guess(table, methods, upload.month.year)
    if mapping is None:
        uploads.await_mapping(upload=upload, header=table.header, sample=sample, now=now)
        return
    found = values(table, mapping, upload.month, methods, upload.unit.code)
    rows = with_hints(upload.unit, classified(upload, found, timezone.localtime(now).date()))
    uploads.propose(upload=upload, header=table.header, sample=sample, mapping=mapping, rows=rows, now=now)


def _read(key: str) -> Table | Refused | None:
    """The cells of the file, read by a child process, while no transaction is open."""
    upload = Upload.objects.filter(pk=int(key), state=UploadState.WAITING).first()
    if upload is None:
        return None
    try:
        return read(upload.name, bytes(upload.content))
    except Refused as refusal:
        return refusal


read_upload.prepare = _read  # type: ignore[attr-defined]


def import_upload(_key: str, payloads: list[dict[str, Any]], now: datetime) -> None:
    """The outbox's handler: write one part of a batch."""
    for part in payloads:
        uploads.import_part(part["upload"], part["rows"], timezone.localtime(now).date(), now)
