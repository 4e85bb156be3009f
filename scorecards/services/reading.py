"""Records, submits, verifies, returns and takes back readings. Each write leaves an audit line and asks for a recompute in one
transaction. A draft and a returned reading count nowhere, so nothing is recomputed for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.utils import timezone

from ledger.models import AuditEntry
from ledger.services import audit
from organisation.models import User
from scorecards.choices import COUNTING, PARTS, ReadingState
from scorecards.errors import (
    FedAutomatically,
    MonthClosed,
    NotBegun,
    NotDue,
    NothingToDo,
    OutsideLimits,
    ReadingChanged,
    ScorecardError,
    ValueMoved,
    WrongParts,
)
from scorecards.models import Correction, Measure, Month, Reading, Scorecard, among
from scorecards.selectors.closing import CLOSED, is_closed
from scorecards.selectors.feed import is_fed
from scorecards.selectors.recent import held, within_limits
from scorecards.selectors.text import input_text, month_text
from scorecards.services import recompute

STORED = f"""
SELECT r.*, EXISTS ({CLOSED}) AS is_closed
FROM (SELECT 1 AS one) AS always LEFT JOIN scorecards_reading r ON r.measure_id = %s AND r.month = %s
"""
COLUMNS = [field for field in Reading._meta.concrete_fields if not field.primary_key]
STORE = f"UPDATE scorecards_reading SET {', '.join(f'{field.column} = %s' for field in COLUMNS)} WHERE id = %s"


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
        recompute.ask_above(card.pk, [reading.measure_id for reading in readings if reading.month == month], month=month)


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
        _store(reading)
    return reading, before


def enter_reading(*, actor: User, measure: Measure, month: Month, today: date, seen: int | None, **held: Any) -> Reading:
    """Save what an officer types: as a draft, or, where a value has been submitted before, as submitted anew, to be verified again.
    held: not_applicable or numbers. Raises as `record_reading` does."""
    if not measure.scorecard.officer and is_fed(measure.scorecard.unit_id, measure.code):
        raise FedAutomatically
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


def excuse(*, actor: User | None, scorecard: Scorecard, month: Month, reason: str, today: date) -> None:
    """Mark as not applicable whatever is due in the month and has no reading yet; nothing where the month is closed."""
    if is_closed(scorecard.pk, month):
        return
    told = Reading.objects.filter(measure__scorecard=scorecard, month=int(month)).values("measure")
    for measure in scorecard.measures.exclude(pk__in=told).select_related("scorecard__unit"):
        if measure.is_due_in(month):
            record_reading(actor=actor, measure=measure, month=month, today=today, not_applicable=reason)


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
    return {**(held(reading) or {}), **({"not_applicable": reading.not_applicable} if reading.not_applicable else {})}


def facts(reading: Reading) -> dict[str, Any]:
    """What a reading holds, for the audit line."""
    return {"code": reading.measure.code, "month": str(reading.month), **says(reading), "state": str(reading.state)}


def _fill(reading: Reading, parts: Mapping[str, float], not_applicable: str, state: str, actor: User | None) -> None:
    for name in PARTS:
        setattr(reading, name, parts.get(name))
    reading.not_applicable, reading.state, reading.entered_by = not_applicable, state, actor
    reading.verified_by = reading.verified_at = None
    reading.returned_because = ""


def _seen(measure: Measure, month: Month, seen: int | None) -> Reading | None:
    wait_for(measure.scorecard)
    found: Any = Reading.objects.raw(STORED, [measure.scorecard_id, int(month), measure.pk, int(month)])[0]
    if found.is_closed:
        raise MonthClosed(month_text(month))
    reading: Reading | None = None if found.pk is None else found
    if reading is not None:
        reading.measure = measure
    if seen is not None and seen != (reading.version if reading else 0):
        raise _changed(reading)
    return reading


def _store(reading: Reading) -> None:
    """As `save` does; a row that is there by a statement that is written once, not each time."""
    if reading.pk is None:
        reading.save()
        return
    database = connections[DEFAULT_DB_ALIAS]
    with database.cursor() as cursor:
        cursor.execute(STORE, [*(field.get_db_prep_save(field.pre_save(reading, False), database) for field in COLUMNS), reading.pk])


def _last_version(measure: Measure, month: Month) -> int:
    """The version at which the month was last emptied, so that a version never stands for two different values."""
    cleared = AuditEntry.objects.filter(target_kind="measure", target_id=str(measure.pk), verb="clear", before__month=str(month))
    last = cleared.first()
    return int((last.before or {}).get("version", 0)) if last else 0


def lock(scorecard: Scorecard, month: Month) -> None:
    """Wait for the scorecard. Raises MonthClosed."""
    wait_for(scorecard)
    if is_closed(scorecard.pk, month):
        raise MonthClosed(month_text(month))


def wait_for(scorecard: Scorecard) -> None:
    """Wait for imports, recomputes, closings and other savers of the same scorecard, all of which take this row first; its version is
    then that of the row."""
    scorecard.version = lock_cards(scorecard.pk)[scorecard.pk]


def lock_cards(*scorecards: int) -> dict[int, int]:
    """Lock scorecards (ids), in the order in which everybody locks them. Returns their versions."""
    waiting = " FOR UPDATE" if connection.features.has_select_for_update else ""
    condition, ids = among(scorecards).condition("id", connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, version FROM scorecards_scorecard WHERE {condition} ORDER BY id{waiting}", [ids])
        return dict(cursor.fetchall())


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
        recompute.ask_above(measure.scorecard_id, [measure.pk], month=reading.month)
