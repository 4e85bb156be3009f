"""Records, submits, verifies, returns and takes back readings. Each write leaves an audit line and asks for a recompute in one
transaction. A draft and a returned reading count nowhere, so nothing is recomputed for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from communication.services import notice
from ledger.models import AuditEntry
from ledger.services import audit
from organisation.models import User
from scorecards.choices import COUNTING, ReadingState
from scorecards.errors import (
    MonthClosed,
    NotBegun,
    NotDue,
    NothingToDo,
    OutsideLimits,
    OwnReading,
    ReadingChanged,
    ScorecardError,
    ValueMoved,
    WrongParts,
)
from scorecards.models import Correction, Measure, Month, Reading, Scorecard
from scorecards.selectors.assignment import reporters
from scorecards.selectors.closing import is_closed
from scorecards.selectors.entry import not_mine
from scorecards.selectors.recent import within_limits
from scorecards.selectors.text import input_text, month_text
from scorecards.services import recompute

PARTS = ("value", "volume", "numerator", "denominator")


@dataclass(frozen=True)
class Wanted:
    """One reading to be saved. seen: the version that the person looked at."""

    measure: Measure
    month: Month
    numbers: Mapping[str, float]
    seen: int | None


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
    Raises NotDue, NotBegun, WrongParts, OutsideLimits, MonthClosed, ReadingChanged."""
    reading, before = _record(actor, measure, month, today, seen, state, not_applicable, numbers)
    if before != facts(reading):
        _tell(actor, "record", reading, before, facts(reading))
    return reading


@transaction.atomic
def record_many(*, actor: User, wanted: Iterable[Wanted], today: date, now: datetime) -> dict[int, Reading | ScorecardError]:
    """Save many readings of one scorecard as submitted, and publish once. Returns for the place of each the reading, unchanged ones
    too, or why it was not taken."""
    done: dict[int, Reading | ScorecardError] = {}
    lines, touched = [], []
    for place, one in enumerate(wanted):
        try:
            reading, before = _record(actor, one.measure, one.month, today, one.seen, ReadingState.SUBMITTED, "", one.numbers)
        except ScorecardError as refusal:
            done[place] = refusal
            continue
        done[place] = reading
        if before != facts(reading):
            lines.append(audit.Line("record", reading.measure, before, facts(reading)))
            touched.append(reading)
    publish_changed(actor, touched, lines, now)
    return done


def publish_changed(actor: User, readings: list[Reading], lines: list[audit.Line], now: datetime) -> None:
    """Tell of readings of one scorecard that have changed, and have all scores follow that rest on them."""
    if not readings:
        return
    card = readings[0].measure.scorecard
    audit.record_all(actor=actor, place=card.unit.code, lines=lines)
    recompute.recompute(card.pk, changed={reading.month for reading in readings}, now=now)
    for month in {reading.month for reading in readings}:
        recompute.ask_above([reading.measure_id for reading in readings if reading.month == month], month=month, besides=card.pk)


def _record(
    actor: User | None,
    measure: Measure,
    month: Month,
    today: date,
    seen: int | None,
    state: str,
    not_applicable: str,
    numbers: Mapping[str, float] | None,
) -> tuple[Reading, dict[str, Any] | None]:
    """The reading as it is now stored, and what it held before; nothing is told yet."""
    if month > Month.of_day(today):
        raise NotBegun
    if month.year != measure.scorecard.year or not measure.is_due_in(month):
        raise NotDue
    parts = numbers or {}
    if bool(not_applicable) == bool(parts) or (parts and set(parts) != set(measure.parts)):
        raise WrongParts
    refuse_outside(measure, parts)
    reading = _seen(measure, month, seen) or Reading(measure=measure, month=month, version=_last_version(measure, month))
    before = facts(reading) if reading.pk else None
    _fill(reading, parts, not_applicable, state, actor)
    if before != facts(reading):
        reading.version += 1
        reading.save()
    return reading, before


def enter_reading(*, actor: User, measure: Measure, month: Month, today: date, seen: int | None, **held: Any) -> Reading:
    """Save what an officer types: as a draft, or, where a value has been submitted before, as submitted anew, to be verified again.
    held: not_applicable or numbers. Raises as `record_reading` does."""
    stored = Reading.objects.filter(measure=measure, month=int(month), state__in=COUNTING).first()
    if stored and seen in {None, stored.version} and _holds(stored, **held):
        return stored
    state = ReadingState.SUBMITTED if stored else ReadingState.DRAFT
    return record_reading(actor=actor, measure=measure, month=month, today=today, seen=seen, state=state, **held)


def _holds(reading: Reading, numbers: Mapping[str, float] | None = None, not_applicable: str = "") -> bool:
    return says(reading) == {**(numbers or {}), **({"not_applicable": not_applicable} if not_applicable else {})}


def refuse_outside(measure: Measure, parts: Mapping[str, float]) -> None:
    """Raises OutsideLimits where the month's value lies outside what the measure can be at all."""
    if not within_limits(measure, parts):
        raise OutsideLimits(input_text(measure.lowest), input_text(measure.highest))


@transaction.atomic
def clear_reading(*, actor: User | None, measure: Measure, month: Month, seen: int | None = None) -> None:
    """Take a reading back, so that the month is empty again. Raises MonthClosed, ReadingChanged."""
    reading = _seen(measure, month, seen)
    if reading is not None:
        before = {**facts(reading), "version": reading.version}
        Reading.objects.filter(pk=reading.pk).delete()
        _tell(actor, "clear", reading, before, None)


@transaction.atomic
def bring_back(*, actor: User, measure: Measure, month: Month, seen: int, was: dict[str, Any] | None) -> None:
    """Put in place what stood there before, `kept` of it, or nothing. Raises MonthClosed, ReadingChanged."""
    if was is None:
        clear_reading(actor=actor, measure=measure, month=month, seen=seen)
        return
    reading = _seen(measure, month, seen)
    if reading is None:
        raise ReadingChanged("", "")
    before = facts(reading)
    for name, value in was.items():
        setattr(reading, name, datetime.fromisoformat(value) if name == "verified_at" and value else value)
    reading.version += 1
    reading.save()
    _tell(actor, "undo", reading, before, facts(reading))


@transaction.atomic
def annotate(*, actor: User, measure: Measure, month: Month, note: str) -> None:
    """Say something about a reading; the last word stands. Raises MonthClosed, NothingToDo where there is no reading."""
    reading = _seen(measure, month, None)
    if reading is None:
        raise NothingToDo
    before, reading.note = reading.note, note
    if before != note:
        reading.save(update_fields=["note"])
        told = {"code": measure.code, "month": str(month)}
        place = measure.scorecard.unit.code
        audit.record(actor=actor, verb="note", target=measure, place=place, before={**told, "note": before}, after={**told, "note": note})


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
        address = f"/entry/{scorecard.unit.code}/{month}/#name-{reading.measure_id}"
        people = {person for person in (reading.entered_by, told.get(reading.measure.code)) if person}
        if people:
            notice.tell(people, "returned", slot=f"{reading.pk}.{reading.version}", about=about, address=address, now=now)
    return moved


def write_correction(*, actor: User, correction: Correction, now: datetime) -> None:
    """Write what an approved correction says into its month, which has been opened: as entered by who asked and verified by who approved.
    Raises ValueMoved, NotDue, WrongParts, OutsideLimits where it no longer fits."""
    measure, month = correction.measure, correction.month
    reading = _seen(measure, month, None) or Reading(measure=measure, month=month, version=_last_version(measure, month))
    before = facts(reading) if reading.pk else None
    parts = {name: getattr(correction, name) for name in PARTS if getattr(correction, name) is not None}
    refuse_moved(correction)
    if not measure.is_due_in(month):
        raise NotDue
    if parts and set(parts) != set(measure.parts):
        raise WrongParts
    refuse_outside(measure, parts)
    _fill(reading, parts, correction.not_applicable, ReadingState.VERIFIED, correction.asked_by)
    reading.verified_by, reading.verified_at, reading.version = correction.decided_by, now, reading.version + 1
    reading.save()
    _tell(actor, "correct", reading, before, {**facts(reading), "reason": correction.reason})


def refuse_moved(correction: Correction) -> None:
    """Raises ValueMoved where the month no longer says what it said when the correction was asked for."""
    reading = Reading.objects.filter(measure=correction.measure_id, month=int(correction.month)).first()
    asked_about = {name: value for name, value in (correction.before or {}).items() if name in {*PARTS, "not_applicable"}}
    if (says(reading) if reading else {}) != asked_about:
        raise ValueMoved


def says(reading: Reading) -> dict[str, Any]:
    """The numbers of a reading by name, or its mark."""
    numbers = {name: getattr(reading, name) for name in PARTS if getattr(reading, name) is not None}
    return {**numbers, **({"not_applicable": reading.not_applicable} if reading.not_applicable else {})}


def facts(reading: Reading) -> dict[str, Any]:
    """What a reading holds, for the audit line."""
    return {"code": reading.measure.code, "month": str(reading.month), **says(reading), "state": str(reading.state)}


def _fill(reading: Reading, parts: Mapping[str, float], not_applicable: str, state: str, actor: User | None) -> None:
    for name in PARTS:
        setattr(reading, name, parts.get(name))
    reading.not_applicable, reading.state, reading.entered_by = not_applicable, state, actor
    reading.verified_by = reading.verified_at = None
    reading.returned_because = ""


def _month(scorecard: Scorecard, month: Month) -> Any:
    """The scorecard's readings of the month, locked with it. Raises MonthClosed."""
    lock(scorecard.pk, month)
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
    recompute.ask_above([reading.measure_id for reading in readings], month=month, besides=scorecard.pk)
    return len(readings)


def _seen(measure: Measure, month: Month, seen: int | None) -> Reading | None:
    lock(measure.scorecard_id, month)
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


def lock(scorecard: int, month: Month) -> None:
    """Wait for imports, recomputes, closings and other savers of the same scorecard; all of them take this row first.
    Raises MonthClosed."""
    lock_card(scorecard)
    if is_closed(scorecard, month):
        raise MonthClosed(month_text(month))


def lock_card(*scorecards: int) -> None:
    """Lock scorecards (ids), in the order in which everybody locks them."""
    list(Scorecard.objects.select_for_update().filter(pk__in=scorecards).order_by("pk").values_list("pk", flat=True))


def _changed(reading: Reading | None) -> ReadingChanged:
    if reading is None:
        return ReadingChanged("", "")
    held = " / ".join(input_text(number) for name in PARTS if (number := getattr(reading, name)) is not None)
    return ReadingChanged(reading.entered_by.label if reading.entered_by else "–", held or reading.not_applicable)


def _tell(actor: User | None, verb: str, reading: Reading, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    measure = reading.measure
    place = measure.scorecard.unit.code
    audit.record(actor=actor, verb=verb, target=measure, place=place, before=before, after=after)
    if COUNTING & {state.get("state") for state in (before, after) if state}:
        recompute.at_once(measure.scorecard, reading.month, timezone.now())
        recompute.ask_above([measure.pk], month=reading.month, besides=measure.scorecard_id)
