"""Recomputes a month of all scorecards in a unit and below it: a job whose parts are districts, for any number of workers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ledger.models import JobRun
from ledger.services import job
from organisation.choices import UnitKind
from organisation.models import Unit, UnitPath, User
from scorecards.choices import NATIONAL_MONTH, Window
from scorecards.models import Month, Scorecard
from scorecards.services.recompute import publish_locked

BATCH = 4_000


def start(*, actor: User | None, unit: Unit, month: Month) -> JobRun:
    """Have every scorecard of the unit and below it recomputed in that month, all windows."""
    return job.start(actor=actor, kind=NATIONAL_MONTH, place=unit.code, arguments={"month": str(month)}, parts=list(_parts(unit, month)))


def cancel(*, actor: User, run: JobRun, now: datetime) -> None:
    """Take back the parts that have not begun."""
    job.cancel(actor=actor, run=run, now=now)


def handle(_key: str, payloads: list[dict[str, Any]], now: datetime) -> None:
    """The outbox's handler. Memory is bounded by BATCH scorecards; doing a part twice changes nothing."""
    for part in payloads:
        if not job.is_wanted(part["job"]):
            continue
        month = Month(part["month"])
        ids = list(_cards(part, month).order_by("pk").values_list("pk", flat=True))
        for i in range(0, len(ids), BATCH):
            publish_locked(ids[i : i + BATCH], month.year, [(month, window) for window in Window.values], now)
        job.count(part["job"], now)


def _parts(unit: Unit, month: Month) -> Iterator[dict[str, Any]]:
    """Each district in the unit, and what lies in none of them."""
    below = UnitPath.objects.filter(above=unit, below__kind=UnitKind.DISTRICT).exclude(below=unit)
    for district in below.order_by("below__code").values_list("below", flat=True):
        yield {"unit": district, "month": int(month), "rest": False}
    yield {"unit": unit.pk, "month": int(month), "rest": True}


def _cards(part: dict[str, Any], month: Month) -> Any:
    cards = Scorecard.objects.filter(year=month.year, unit__in=UnitPath.objects.filter(above=part["unit"]).values("below"))
    if not part["rest"]:
        return cards
    districts = UnitPath.objects.filter(above=part["unit"], below__kind=UnitKind.DISTRICT).exclude(below=part["unit"]).values("below")
    return cards.exclude(unit__in=UnitPath.objects.filter(above__in=districts).values("below"))
