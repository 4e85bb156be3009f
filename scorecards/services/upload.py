"""Takes files of values in, remembers how their columns are read, writes their values as one batch, and takes the batch back."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from communication.services import notice
from ledger.services import audit, job, outbox
from organisation.models import Unit, User
from scorecards.choices import RowKind, UploadState
from scorecards.errors import (
    MonthClosed,
    NotBegun,
    NotDue,
    NothingToDo,
    OutsideLimits,
    ReadingChanged,
    ScorecardError,
    TooManyOpen,
    WrongParts,
)
from scorecards.models import ColumnMapping, Month, Reading, Upload, UploadRow
from scorecards.selectors.upload import signature_of
from scorecards.services import reading as readings
from scorecards.services.reading import Wanted

READ, IMPORT = "read_upload", "import_upload"
CHUNK = 200
MOST_OPEN = 20
OPEN = [UploadState.WAITING, UploadState.MAPPING, UploadState.READY]
WHY = {
    MonthClosed: "closed",
    NotBegun: "not_begun",
    NotDue: "not_due",
    OutsideLimits: "outside",
    ReadingChanged: "changed_since",
    WrongParts: "wrong_parts",
}


@transaction.atomic
def begin(*, actor: User, unit: Unit, month: Month, name: str, content: bytes, now: datetime) -> Upload:
    """Keep the file and have it read; nothing of it is written to any measure. Raises TooManyOpen."""
    if Upload.objects.filter(actor=actor, state__in=OPEN).count() >= MOST_OPEN:
        raise TooManyOpen(MOST_OPEN)
    made = Upload.objects.create(unit=unit, month=month, name=name[:200], content=content, actor=actor, at=now)
    _ask_reading(made)
    audit.record(actor=actor, verb="upload", target=made, place=unit.code, after={"file": made.name, "month": str(month)})
    return made


def waiting(pk: int) -> Upload | None:
    """The file of that id with its unit and its sender, if it waits to be read."""
    return Upload.objects.select_related("unit", "actor").filter(pk=pk, state=UploadState.WAITING).first()


def refuse(*, upload: Upload, fault: str, detail: str, now: datetime) -> None:
    """The file cannot be read at all. In the transaction of the job."""
    Upload.objects.filter(pk=upload.pk, state=UploadState.WAITING).update(
        state=UploadState.REFUSED, fault=fault, detail=detail[:100], content=b""
    )
    _tell_read(upload, now)


def await_mapping(*, upload: Upload, header: list[str], sample: list[list[str]], now: datetime) -> None:
    """The file is read; a person has to say what its columns mean. In the transaction of the job."""
    Upload.objects.filter(pk=upload.pk, state=UploadState.WAITING).update(state=UploadState.MAPPING, header=header, sample=sample)
    _tell_read(upload, now)


def propose(
    *, upload: Upload, header: list[str], sample: list[list[str]], mapping: dict[str, Any], rows: list[UploadRow], now: datetime
) -> None:
    """The file is read, and this is what importing it would do; nothing where it has been given up meanwhile. In the transaction of the
    job."""
    fields = {"state": UploadState.READY, "header": header, "sample": sample, "mapping": mapping}
    if not Upload.objects.filter(pk=upload.pk, state=UploadState.WAITING).update(**fields):
        return
    UploadRow.objects.filter(upload=upload).delete()
    UploadRow.objects.bulk_create(rows, batch_size=500)
    _tell_read(upload, now)


@transaction.atomic
def assign_columns(*, actor: User, upload: Upload, mapping: dict[str, Any]) -> None:
    """Read the file anew with this meaning of its columns, and remember it for files with the same column names.
    Raises NothingToDo once the file has been imported or given up."""
    _step(upload, {UploadState.MAPPING, UploadState.READY}, UploadState.WAITING, mapping=mapping)
    ColumnMapping.objects.update_or_create(unit=upload.unit, signature=signature_of(upload.header), defaults={"mapping": mapping})
    _ask_reading(upload)
    audit.record(actor=actor, verb="assign_columns", target=upload, place=upload.unit.code, after={"file": upload.name})


@transaction.atomic
def confirm(*, actor: User, upload: Upload) -> None:
    """Import what is new and changed, in parts of one batch. Raises NothingToDo."""
    rows = list(
        upload.rows.filter(kind__in=[RowKind.NEW, RowKind.CHANGE])
        .order_by("measure__scorecard", "number", "pk")
        .values_list("pk", flat=True)
    )
    if not rows:
        raise NothingToDo
    parts = [{"upload": upload.pk, "rows": rows[i : i + CHUNK]} for i in range(0, len(rows), CHUNK)]
    run = job.start(actor=actor, kind=IMPORT, place=upload.unit.code, arguments={"file": upload.name, "values": len(rows)}, parts=parts)
    _step(upload, {UploadState.READY}, UploadState.IMPORTING, job=run)


def import_part(*, run: int, upload: int, ids: list[int], today: date, now: datetime) -> None:
    """A part of the job `run`: write some rows, each against the version that the preview showed.
    In the transaction of the job, so that doing it twice, or being
    killed in between, changes nothing."""
    found = Upload.objects.select_for_update(of=("self",)).select_related("unit", "actor").defer("content").get(pk=upload)
    rows = list(UploadRow.objects.filter(pk__in=ids, written=0).select_related("measure__scorecard__unit").order_by("number", "pk"))
    by_card: dict[int, list[UploadRow]] = defaultdict(list)
    for row in rows:
        if row.measure is not None:
            by_card[row.measure.scorecard_id].append(row)
    readings.lock_cards(*by_card)
    for of_card in by_card.values():
        _write(found.actor, of_card, today, now)
    UploadRow.objects.bulk_update(rows, ["written", "kind", "problem"], batch_size=CHUNK)
    job.count(run, now)
    if not job.is_wanted(run):
        Upload.objects.filter(pk=upload).update(state=UploadState.IMPORTED, imported_at=now, content=b"")
        number = UploadRow.objects.filter(upload=upload, written__gt=0).count()
        about = {"file": found.name, "number": str(number)}
        notice.tell([found.actor], "import_done", slot=str(upload), about=about, address=f"/imports/{upload}/", now=now)


def _write(actor: User, rows: list[UploadRow], today: date, now: datetime) -> None:
    wanted = [Wanted(row.measure, Month(row.month or 0), row.after or {}, row.seen) for row in rows if row.measure is not None]
    done = readings.record_many(actor=actor, wanted=wanted, today=today, now=now)
    for place, row in enumerate(rows):
        result = done[place]
        if isinstance(result, Reading):
            row.written = result.version
            if row.about.get("note"):
                readings.annotate(actor=actor, measure=result.measure, month=result.month, note=row.about["note"])
        else:
            row.kind, row.problem = RowKind.PROBLEM, WHY[type(result)]


@transaction.atomic
def undo(*, actor: User, upload: Upload, now: datetime) -> tuple[int, int]:
    """Bring back what stood in each month before the batch, where nobody has changed it since and the month is open. Returns how many
    were brought back, and how many were left. Raises NothingToDo."""
    _step(upload, {UploadState.IMPORTED}, UploadState.UNDONE, undone_at=now)
    rows = list(upload.rows.filter(written__gt=0).select_related("measure__scorecard__unit"))
    readings.lock_cards(*{row.measure.scorecard_id for row in rows if row.measure})
    back = sum(_bring_back(actor, row) for row in rows)
    facts = {"file": upload.name, "done": back, "total": len(rows)}
    audit.record(actor=actor, verb="undo", target=upload, place=upload.unit.code, after=facts)
    return back, len(rows) - back


def _bring_back(actor: User, row: UploadRow) -> bool:
    if row.measure is None or row.month is None:
        return False
    try:
        readings.bring_back(actor=actor, measure=row.measure, month=row.month, seen=row.written, was=row.was)
    except ScorecardError:
        return False
    return True


@transaction.atomic
def cancel(*, actor: User, upload: Upload) -> None:
    """Give the file up; nothing of it has been written. Raises NothingToDo."""
    _step(upload, {UploadState.WAITING, UploadState.REFUSED, UploadState.MAPPING, UploadState.READY}, UploadState.CANCELLED, content=b"")
    audit.record(actor=actor, verb="cancel", target=upload, place=upload.unit.code, after={"file": upload.name})


def _step(upload: Upload, before: set[str], after: str, **fields: Any) -> None:
    if not Upload.objects.filter(pk=upload.pk, state__in=before).update(state=after, **fields):
        raise NothingToDo


def _ask_reading(upload: Upload) -> None:
    outbox.put(topic=READ, payloads={str(upload.pk): {}})


def _tell_read(upload: Upload, now: datetime) -> None:
    about = {"file": upload.name}
    notice.tell([upload.actor], "import_read", slot=str(upload.pk), about=about, address=f"/imports/{upload.pk}/", now=now)
