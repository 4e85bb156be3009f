"""Doors of work that nobody waits for."""

import logging
from datetime import datetime
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone, translation

from organisation.access import units_for
from scorecards.services import feed
from spreadsheets.faults import Fault, Refused
from spreadsheets.read import Table, read
from staff.permissions import IMPORT_ROSTER
from staff.selectors.roster import asked, columns_of
from staff.services import posting, reminder, roster

log = logging.getLogger(__name__)


@shared_task(name="staff.tasks.day")
def day() -> None:
    """What a new day brings: values that the system counts, months of people who are away, agreements that are overdue."""
    today, now = timezone.localdate(), timezone.now()
    feed.ask_all()
    posting.excuse_all(today=today, now=now)
    reminder.remind(today=today, now=now)


def read_roster(key: str, _payloads: list[dict[str, Any]], _now: datetime, found: Table | Refused | None) -> None:
    """The outbox's handler: show what the file asks for, or why it cannot be read. found: as `prepare` read it."""
    waiting = roster.waiting(int(key))
    if waiting is None or found is None:
        return
    if isinstance(found, Refused):
        roster.refuse(roster=waiting, fault=found.fault, detail=found.detail)
        return
    with translation.override(waiting.actor.language or settings.LANGUAGE_CODE):
        missing = {"username", "unit"} - set(columns_of(found))
        if missing:
            roster.refuse(roster=waiting, fault="no_columns", detail="")
            return
        units = {unit.code: unit for unit in units_for(waiting.actor, IMPORT_ROSTER)}
        roster.propose(roster=waiting, rows=asked(found, units))


def _read(key: str) -> Table | Refused | None:
    """Read the file while no transaction is open. Whatever a strange file makes fail refuses the file."""
    waiting = roster.waiting(int(key))
    if waiting is None:
        return None
    try:
        return read(waiting.name, bytes(waiting.content))
    except Refused as refusal:
        return refusal
    except Exception:
        log.exception("The file %s could not be read.", key)
        return Refused(Fault.DAMAGED)


read_roster.prepare = _read  # type: ignore[attr-defined]
