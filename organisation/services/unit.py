"""Creates, changes and moves units; keeps the closure of the tree."""

import re
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from ledger.services import audit
from organisation.errors import CodeTaken, CodeUnfit, DatesReversed, OutOfDate, UnitWouldCircle
from organisation.models import Unit, UnitPath, User

CODE = re.compile(r"[A-Za-z0-9_.\-]{1,40}")
FIELDS = ("name", "name_zh", "kind", "from_date", "until_date")


@transaction.atomic
def create_unit(
    *,
    actor: User | None,
    code: str,
    name: str,
    parent: Unit | None,
    name_zh: str = "",
    kind: str = "other",
    from_date: date | None = None,
    until_date: date | None = None,
) -> Unit:
    """A new unit below its parent. Raises CodeUnfit, CodeTaken, DatesReversed."""
    _check_dates(from_date, until_date)
    _check_code(code)
    _lock_tree()
    unit = Unit(code=code, name=name, name_zh=name_zh, kind=kind, parent=parent, from_date=from_date, until_date=until_date)
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        raise CodeTaken from error
    _connect(unit, parent)
    audit.record(actor=actor, verb="create", target=unit, place=code, after=facts(unit))
    return unit


@transaction.atomic
def edit_unit(*, actor: User | None, unit: Unit, version: int, parent: Unit | None, **changes: Any) -> Unit:
    """Change a unit that still has that version, moving it with everything below it if the parent differs.
    Raises OutOfDate, UnitWouldCircle, DatesReversed."""
    _lock_tree()
    stored = Unit.objects.get(pk=unit.pk)
    if stored.version != version:
        raise OutOfDate
    before = facts(stored)
    _check_dates(changes.get("from_date"), changes.get("until_date"))
    if parent is not None and UnitPath.objects.filter(above=unit, below=parent).exists():
        raise UnitWouldCircle
    values = {name: changes[name] for name in FIELDS if name in changes}
    Unit.objects.filter(pk=unit.pk).update(version=F("version") + 1, parent=parent, **values)
    unit.refresh_from_db()
    if facts(unit)["parent"] != before["parent"]:
        _reconnect(unit, parent)
    if facts(unit) != before:
        audit.record(actor=actor, verb="edit", target=unit, place=unit.code, before=before, after=facts(unit))
    return unit


def facts(unit: Unit) -> dict[str, Any]:
    day = {name: value.isoformat() if (value := getattr(unit, name)) else None for name in ("from_date", "until_date")}
    return {"code": unit.code, "name": unit.name, "name_zh": unit.name_zh, "kind": unit.kind, "parent": unit.parent_id, **day}


def _lock_tree() -> None:
    """One writer at a time: two moves at once could close a circle that neither of them sees."""
    list(Unit.objects.select_for_update().filter(parent__isnull=True).order_by("pk").values_list("pk", flat=True))


def _check_code(code: str) -> None:
    if not CODE.fullmatch(code) or not any(letter.isalnum() for letter in code):
        raise CodeUnfit


def _check_dates(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise DatesReversed


def _connect(unit: Unit, parent: Unit | None) -> None:
    rows = [UnitPath(above=unit, below=unit, distance=0)]
    if parent is not None:
        above = UnitPath.objects.filter(below=parent)
        rows += [UnitPath(above_id=path.above_id, below=unit, distance=path.distance + 1) for path in above]
    UnitPath.objects.bulk_create(rows)


def _reconnect(unit: Unit, parent: Unit | None) -> None:
    inside = list(UnitPath.objects.filter(above=unit))
    below = [path.below_id for path in inside]
    UnitPath.objects.filter(below__in=below).exclude(above__in=below).delete()
    if parent is not None:
        over = list(UnitPath.objects.filter(below=parent))
        UnitPath.objects.bulk_create(
            UnitPath(above_id=up.above_id, below_id=down.below_id, distance=up.distance + down.distance + 1)
            for up in over
            for down in inside
        )
