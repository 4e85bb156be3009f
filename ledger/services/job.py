"""Starts long work as parts in the outbox, counts what is done, and cancels it."""

from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F

from ledger.models import JobRun, JobState, OutboxEntry
from ledger.services import audit, outbox

OPEN = [JobState.QUEUED, JobState.RUNNING]


@transaction.atomic
def start(*, actor: models.Model | None, kind: str, place: str, arguments: dict[str, Any], parts: list[dict[str, Any]]) -> JobRun:
    """Queue the parts; any number of workers take them, each part in one transaction with its count."""
    run = JobRun.objects.create(
        kind=kind,
        place=place,
        arguments=arguments,
        actor="" if actor is None else str(actor.pk),
        total=len(parts),
        state=JobState.QUEUED if parts else JobState.DONE,
    )
    outbox.put(topic=kind, payloads={f"{run.pk}.{number}": {"job": run.pk, **part} for number, part in enumerate(parts)})
    audit.record(actor=actor, verb="start", target=run, place=place, after=arguments)
    return run


def is_wanted(job: int) -> bool:
    """Whether a part of the job is still to be done."""
    return JobRun.objects.filter(pk=job, state__in=OPEN).exists()


def count(job: int, now: datetime) -> None:
    """One part more is done, in the part's own transaction; with the last one the job is."""
    run = JobRun.objects.filter(pk=job, state__in=OPEN)
    run.update(done=F("done") + 1, state=JobState.RUNNING)
    run.filter(done=F("total")).update(state=JobState.DONE, finished_at=now)


@transaction.atomic
def cancel(*, actor: models.Model, run: JobRun, now: datetime) -> bool:
    """Take back what has not begun; a part that runs is finished. What was computed stays, for it is right. Returns whether the job was
    still open."""
    found = bool(JobRun.objects.filter(pk=run.pk, state__in=OPEN).update(state=JobState.CANCELLED, finished_at=now))
    if found:
        entries = OutboxEntry.objects.filter(topic=run.kind, key__startswith=f"{run.pk}.").order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            entries = entries.select_for_update(skip_locked=True)
        OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
        audit.record(actor=actor, verb="cancel", target=run, place=run.place, after={"done": run.done, "total": run.total})
    return found
