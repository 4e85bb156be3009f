"""Hands months in, verifies what others have entered, and returns it. Each move leaves audit lines and publishes once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from communication.services import notice
from ledger.services import audit
from organisation.models import User
from scorecards.choices import COUNTING, ReadingState
from scorecards.errors import NothingToDo, OwnReading
from scorecards.models import Month, Reading, Scorecard
from scorecards.selectors.assignment import reporters
from scorecards.selectors.entry import not_mine
from scorecards.services import recompute
from scorecards.services.reading import facts, lock


@transaction.atomic
def submit(*, actor: User, scorecard: Scorecard, month: Month, now: datetime) -> int:
    """Hand in the month's drafts, but for those that another person reports and typed; they count from now on. Returns how many.
    Raises MonthClosed, NothingToDo."""
    others = not_mine(scorecard, timezone.localtime(now).date(), actor.pk)
    drafts = [reading for reading in _month(scorecard, month).filter(state=ReadingState.DRAFT) if reading not in others]
    return _move(actor, "submit", scorecard, month, drafts, {"state": ReadingState.SUBMITTED, "returned_because": ""}, now)


@transaction.atomic
def verify(*, actor: User, scorecard: Scorecard, month: Month, seen: Mapping[int, int], now: datetime) -> int:
    """Confirm submitted readings. seen: the version that the person looked at, by the reading's id; newer ones are left alone.
    Returns how many. Raises MonthClosed, OwnReading, NothingToDo."""
    found = [
        reading
        for reading in _month(scorecard, month).filter(pk__in=seen, state=ReadingState.SUBMITTED)
        if reading.version == seen[reading.pk]
    ]
    others = [reading for reading in found if reading.entered_by_id != actor.pk]
    if found and not others:
        raise OwnReading
    fields = {"state": ReadingState.VERIFIED, "verified_by": actor, "verified_at": now, "returned_because": ""}
    return _move(actor, "verify", scorecard, month, others, fields, now)


@transaction.atomic
def send_back(*, actor: User, scorecard: Scorecard, month: Month, seen: Mapping[int, int], reason: str, now: datetime) -> int:
    """Return submitted or verified readings to whoever entered them, with a reason; they no longer count.
    Returns how many. Raises MonthClosed, NothingToDo."""
    found = [reading for reading in _month(scorecard, month).filter(pk__in=seen, state__in=COUNTING) if reading.version == seen[reading.pk]]
    fields = {"state": ReadingState.RETURNED, "returned_because": reason, "verified_by": None, "verified_at": None}
    moved = _move(actor, "return", scorecard, month, found, fields, now, reason)
    told = reporters(scorecard.unit, timezone.localtime(now).date())
    for reading in found:
        about = {
            "what": [reading.measure.name, reading.measure.name_zh],
            "month": str(month),
            "why": reason,
            "who": [actor.name, actor.name_zh],
        }
        address = f"/entry/{scorecard.address}/{month}/#name-{reading.measure_id}"
        people = {person for person in (reading.entered_by, told.get(reading.measure.code)) if person}
        if people:
            notice.tell(people, "returned", slot=f"{reading.pk}.{reading.version}", about=about, address=address, now=now)
    return moved


def _month(scorecard: Scorecard, month: Month) -> Any:
    """The scorecard's readings of the month, locked with it. Raises MonthClosed."""
    lock(scorecard, month)
    return Reading.objects.filter(measure__scorecard=scorecard, month=int(month)).select_related("measure", "entered_by").order_by("pk")


def _move(
    actor: User,
    verb: str,
    scorecard: Scorecard,
    month: Month,
    readings: list[Reading],
    fields: dict[str, Any],
    now: datetime,
    reason: str = "",
) -> int:
    """Bring the readings into another state, all at once."""
    if not readings:
        raise NothingToDo
    lines = []
    for reading in readings:
        before = facts(reading)
        for name, value in fields.items():
            setattr(reading, name, value)
        reading.version += 1
        lines.append(audit.Line(verb, reading.measure, before, {**facts(reading), **({"reason": reason} if reason else {})}))
    Reading.objects.bulk_update(readings, [*fields, "version"], batch_size=200)
    audit.record_all(actor=actor, place=scorecard.unit.code, lines=lines)
    recompute.at_once(scorecard, month, now)
    recompute.ask_above(scorecard.pk, [reading.measure_id for reading in readings], month=month)
    return len(readings)
