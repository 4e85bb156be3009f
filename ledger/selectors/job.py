"""Reads long work and how far it is."""

from django.db.models import QuerySet

from ledger.models import JobRun, OutboxEntry


def jobs(kind: str, places: list[str]) -> QuerySet[JobRun]:
    """The jobs of that kind about those units, latest first."""
    return JobRun.objects.filter(kind=kind, place__in=places)


def trouble(run: JobRun) -> str:
    """What made a part of the job fail that is being tried again; empty where nothing did."""
    failed = OutboxEntry.objects.filter(topic=run.kind, key__startswith=f"{run.pk}.", attempts__gt=0).order_by("-attempts")
    return failed.values_list("error", flat=True).first() or ""
