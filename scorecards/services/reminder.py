"""Reminds people before and after the deadline, tells their superiors, and names measures that nobody reports. Each is told once."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from communication.services import notice
from organisation.access import roles_with
from organisation.models import UnitPath, User
from organisation.selectors.delegation import deputies
from organisation.selectors.person import holders
from scorecards.models import Month, Scorecard
from scorecards.permissions import EDIT_READING, VERIFY_READING
from scorecards.selectors.missing import OpenMonth, open_months

SOON = timedelta(days=3)
ESCALATED = timedelta(days=5)
SILENT_MONTHS = 2
CHUNK = 200


def remind(*, today: date, now: datetime) -> None:
    """For all units with a scorecard of last month's year; doing it again on the same day tells nothing new."""
    year = (Month.of_day(today) - 1).year
    units = list(Scorecard.objects.filter(officer="", year=year).order_by("unit").values_list("unit", flat=True))
    for start in range(0, len(units), CHUNK):
        _remind(units[start : start + CHUNK], today, now)


def _remind(units: list[int], today: date, now: datetime) -> None:
    months = open_months(units, today)
    enterers = holders(units, roles_with(EDIT_READING), today)
    assigned = User.objects.in_bulk({person for month in months for person in month.reporters.values()})
    standing_in = deputies(list(assigned), today)
    superiors = _superiors(units, today)
    for month in months:
        if month.missing:
            for person, number in _owed(month, enterers.get(month.card.unit_id, []), assigned, standing_in).items():
                _tell_owner(month, person, number, today, now)
            if today > month.deadline + ESCALATED:
                people = superiors.get(month.card.unit_id, [])
                notice.tell(
                    people, "escalated", slot=_slot(month), about=_about(month, len(month.missing)), address=_address(month), now=now
                )
    _tell_of_silence(months, superiors, today, now)


def _owed(month: OpenMonth, enterers: list[User], assigned: dict[int, User], standing_in: dict[int, list[User]]) -> dict[User, int]:
    """How many values each person owes: those of her own measures, and those of nobody in particular."""
    owed: Counter[User] = Counter()
    for measure in month.missing:
        reporter = assigned.get(month.reporters.get(measure.code, 0))
        for person in [reporter, *standing_in.get(reporter.pk, [])] if reporter else enterers:
            owed[person] += 1
    return owed


def _tell_owner(month: OpenMonth, person: User, number: int, today: date, now: datetime) -> None:
    topic = "overdue" if today > month.deadline else "due_soon" if today >= month.deadline - SOON else ""
    if topic:
        notice.tell([person], topic, slot=_slot(month), about=_about(month, number), address=_address(month), now=now)


def _tell_of_silence(months: Iterable[OpenMonth], superiors: dict[int, list[User]], today: date, now: datetime) -> None:
    """Measures of which two or more months are past their deadline and empty."""
    empty: dict[tuple[int, str], list[OpenMonth]] = defaultdict(list)
    for month in months:
        for measure in month.missing if today > month.deadline else []:
            empty[month.card.unit_id, measure.code].append(month)
    for (unit, code), found in empty.items():
        if len(found) >= SILENT_MONTHS:
            card = found[-1].card
            measure = next(one for one in found[-1].missing if one.code == code)
            about = {"what": [measure.name, measure.name_zh], "unit": [card.unit.name, card.unit.name_zh]}
            slot = f"{unit}.{code}.{found[-1].month}"
            notice.tell(superiors.get(unit, []), "silent", slot=slot, about=about, address=f"/units/{card.unit.code}/reporters/", now=now)


def _superiors(units: list[int], today: date) -> dict[int, list[User]]:
    """For each unit whoever verifies there, else in the nearest unit above where somebody does."""
    paths = list(UnitPath.objects.filter(below__in=units).order_by("distance").values_list("below", "above"))
    found = holders([above for _below, above in paths], roles_with(VERIFY_READING), today)
    nearest: dict[int, list[User]] = {}
    for below, above in paths:
        if found.get(above):
            nearest.setdefault(below, found[above])
    return nearest


def _slot(month: OpenMonth) -> str:
    return f"{month.card.pk}.{month.month}"


def _about(month: OpenMonth, number: int) -> dict[str, Any]:
    unit = month.card.unit
    return {"unit": [unit.name, unit.name_zh], "month": str(month.month), "day": month.deadline.isoformat(), "number": str(number)}


def _address(month: OpenMonth) -> str:
    return f"/entry/{month.card.unit.code}/{month.month}/"
