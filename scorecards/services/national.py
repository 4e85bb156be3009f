"""Recomputes a month of all scorecards in a unit and below it: a job whose parts are districts, for any number of workers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ledger.models import JobRun
from ledger.services import job, outbox
from organisation.choices import UnitKind
from organisation.models import Unit, UnitPath, User
from scorecards.choices import NATIONAL_MONTH, Window
from scorecards.models import Month, Scorecard
from scorecards.services.recompute import publish_locked

BATCH = 4_000


def start(*, actor: User | None, unit: Unit, month: Month) -> JobRun:
    """Have every scorecard of the unit and below it recomputed in that month, all windows."""
    return job.start(actor=actor, kind=NATIONAL_MONTH, place=unit.code, arguments={"month": str(month)}, parts=list(_parts(unit, month)))


def cancel(*, actor: User, run: JobRun, now: datetime) -> bool:
    """Take back the parts that have not begun."""
    return job.cancel(actor=actor, run=run, now=now)


def handle(_key: str, payloads: list[dict[str, Any]], now: datetime) -> None:
    """The outbox's handler. Memory is bounded by a part's scorecards; doing a part twice changes nothing."""
    outbox.commit_without_waiting()
    for part in payloads:
        if job.is_wanted(part["job"]):
            month = Month(part["month"])
            publish_locked(part["ids"], month.year, [(month, window) for window in Window.values], now)
            job.count(part["job"], now)


def _parts(unit: Unit, month: Month) -> Iterator[dict[str, Any]]:
    """The scorecards of each district in the unit, and of what lies in none, at most BATCH together."""
    cards = Scorecard.objects.filter(year=month.year, unit__in=UnitPath.objects.filter(above=unit).values("below")).order_by("pk")
    districts = UnitPath.objects.filter(above=unit, below__kind=UnitKind.DISTRICT).exclude(below=unit).order_by("below__code")
    inside = UnitPath.objects.filter(above__in=districts.values("below")).values("below")
    groups = [
        cards.filter(unit__in=UnitPath.objects.filter(above=one).values("below")) for one in districts.values_list("below", flat=True)
    ]
    for group in [*groups, cards.exclude(unit__in=inside)]:
        ids = list(group.values_list("pk", flat=True))
        for i in range(0, len(ids), BATCH):
            yield {"month": int(month), "ids": ids[i : i + BATCH]}
