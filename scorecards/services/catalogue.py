"""Keeps the catalogue of measures."""

from django.db import IntegrityError, transaction
from django.db.models import F

from ledger.services import audit
from organisation.models import Unit, User
from scorecards.errors import CodeUsed, OutOfDate
from scorecards.models import CatalogueMeasure
from scorecards.selectors.document import BLANK_MEASURE, Document

FIELDS = ("name", "name_zh", "topic", "active")
NOT_OFFERED = ("code", "name", "name_zh", "readings", "contributors", "due_from", "due_until", "owner")


@transaction.atomic
def offer(*, actor: User, unit: Unit, measure: Document, topic: str) -> CatalogueMeasure:
    """Offer a measure, as documents write it, to a unit and all below it: its definition and last targets, no readings.
    Raises CodeUsed."""
    definition = {**BLANK_MEASURE, **{name: value for name, value in measure.items() if name not in NOT_OFFERED}, "weight": 0}
    definition["targets"] = (measure.get("targets") or [])[-1:]
    named = {"name": measure["name"], "name_zh": measure.get("name_zh", ""), "topic": topic}
    try:
        with transaction.atomic():
            made = CatalogueMeasure.objects.create(unit=unit, code=measure["code"], definition=definition, **named)
    except IntegrityError as error:
        raise CodeUsed(measure["code"]) from error
    audit.record(actor=actor, verb="create", target=made, place=unit.code, after={"code": made.code, **named})
    return made


@transaction.atomic
def edit(*, actor: User, entry: CatalogueMeasure, version: int, name: str, name_zh: str, topic: str, active: bool) -> None:
    """Change how it is called and found, or stop offering it. Raises OutOfDate."""
    before = {"code": entry.code, **{field: getattr(entry, field) for field in FIELDS}}
    fields = {"name": name, "name_zh": name_zh, "topic": topic, "active": active}
    if not CatalogueMeasure.objects.filter(pk=entry.pk, version=version).update(**fields, version=F("version") + 1):
        raise OutOfDate
    audit.record(actor=actor, verb="edit", target=entry, place=entry.unit.code, before=before, after={"code": entry.code, **fields})
