"""Records, marks and takes back readings. Each write leaves an audit line and asks for a recompute in one transaction."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from ledger.models import AuditEntry
from ledger.services import audit
from organisation.models import User
from scorecards.choices import ReadingState
from scorecards.errors import NotBegun, NotDue, ReadingChanged, WrongParts
from scorecards.models import Measure, Month, Reading, Scorecard
from scorecards.selectors.text import input_text
from scorecards.services import recompute

PARTS = ("value", "volume", "numerator", "denominator")


@transaction.atomic
def record_reading(
    *,
    actor: User | None,
    measure: Measure,
    month: Month,
    today: date,
    seen: int | None = None,
    state: str = ReadingState.SUBMITTED,
    not_applicable: str = "",
    numbers: Mapping[str, float] | None = None,
) -> Reading:
    """Save what was reported: the numbers of the measure's method by name, or the reason why there are none.
    seen: the version that the person looked at (0: an empty cell; None: any).
    Raises NotDue, NotBegun, WrongParts, ReadingChanged."""
    if month > Month.of_day(today):
        raise NotBegun
    if month.year != measure.scorecard.year or not measure.is_due_in(month):
        raise NotDue
    parts = numbers or {}
    if bool(not_applicable) == bool(parts) or (parts and set(parts) != set(measure.parts)):
        raise WrongParts
    reading = _seen(measure, month, seen) or Reading(measure=measure, month=month, version=_last_version(measure, month))
    before = facts(reading) if reading.pk else None
    for name in PARTS:
        setattr(reading, name, parts.get(name))
    reading.not_applicable, reading.state, reading.entered_by = not_applicable, state, actor
    if reading.pk and facts(reading) == before:
        return reading
    reading.version += 1
    reading.save()
    _tell(actor, "record", reading, before, facts(reading))
    return reading


@transaction.atomic
def clear_reading(*, actor: User | None, measure: Measure, month: Month, seen: int | None = None) -> None:
    """Take a reading back, so that the month is empty again. Raises ReadingChanged."""
    reading = _seen(measure, month, seen)
    if reading is not None:
        before = {**facts(reading), "version": reading.version}
        Reading.objects.filter(pk=reading.pk).delete()
        _tell(actor, "clear", reading, before, None)


def facts(reading: Reading) -> dict[str, Any]:
    """What a reading holds, for the audit line."""
    numbers = {name: getattr(reading, name) for name in PARTS if getattr(reading, name) is not None}
    mark = {"not_applicable": reading.not_applicable} if reading.not_applicable else {}
    return {"code": reading.measure.code, "month": str(reading.month), **numbers, **mark, "state": str(reading.state)}


def _seen(measure: Measure, month: Month, seen: int | None) -> Reading | None:
    _lock(measure)
    reading = Reading.objects.filter(measure=measure, month=month).order_by().first()
    if reading is not None:
        reading.measure = measure
    if seen is not None and seen != (reading.version if reading else 0):
        raise _changed(reading)
    return reading


def _last_version(measure: Measure, month: Month) -> int:
    """The version at which the month was last emptied, so that a version never stands for two different values."""
    cleared = AuditEntry.objects.filter(target_kind="measure", target_id=str(measure.pk), verb="clear", before__month=str(month))
    last = cleared.first()
    return int((last.before or {}).get("version", 0)) if last else 0


def _lock(measure: Measure) -> None:
    """Wait for imports, recomputes and other savers of the same scorecard; all of them take this row first."""
    Scorecard.objects.select_for_update().order_by().values_list("pk", flat=True).get(pk=measure.scorecard_id)


def _changed(reading: Reading | None) -> ReadingChanged:
    if reading is None:
        return ReadingChanged("", "")
    held = " / ".join(input_text(number) for name in PARTS if (number := getattr(reading, name)) is not None)
    return ReadingChanged(reading.entered_by.label if reading.entered_by else "–", held or reading.not_applicable)


def _tell(actor: User | None, verb: str, reading: Reading, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    measure = reading.measure
    place = measure.scorecard.unit.code
    audit.record(actor=actor, verb=verb, target=measure, place=place, before=before, after=after)
    recompute.at_once(measure.scorecard, reading.month, timezone.now())
    recompute.ask_above([measure.pk], month=reading.month, besides=measure.scorecard_id)
