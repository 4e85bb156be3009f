"""Keeps files that prove a reading, and gives them up while its month is open."""

import secrets
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Sum

from ledger.services import audit
from organisation.models import Unit, User
from scorecards.errors import EvidenceRefused, OwnFileOnly
from scorecards.models import Evidence, Measure, Month
from scorecards.services.reading import lock

MEGABYTE = 1024 * 1024


@transaction.atomic
def add(*, actor: User, measure: Measure, month: Month, name: str, media: str, content: bytes, now: datetime) -> Evidence:
    """Keep a file under a random name. media: as its content shows. Raises EvidenceRefused when the unit's space is used up."""
    unit = measure.scorecard.unit
    Unit.objects.select_for_update(of=("self",)).order_by().get(pk=unit.pk)
    used = Evidence.objects.filter(measure__scorecard__unit=unit).aggregate(total=Sum("size"))["total"] or 0
    if used + len(content) > settings.EVIDENCE_QUOTA_MEGABYTES * MEGABYTE:
        raise EvidenceRefused("quota", settings.EVIDENCE_QUOTA_MEGABYTES)
    made = Evidence(measure=measure, month=month, name=name, media=media, size=len(content), uploaded_by=actor, uploaded_at=now)
    made.file.save(secrets.token_hex(24), ContentFile(content), save=True)
    audit.record(actor=actor, verb="attach", target=measure, place=unit.code, after=_facts(made))
    return made


@transaction.atomic
def remove(*, actor: User, evidence: Evidence) -> None:
    """Give up a file of one's own. Raises OwnFileOnly, MonthClosed."""
    if evidence.uploaded_by_id != actor.pk:
        raise OwnFileOnly
    lock(evidence.measure.scorecard, evidence.month)
    storage, path = evidence.file.storage, str(evidence.file.name)
    audit.record(actor=actor, verb="detach", target=evidence.measure, place=evidence.measure.scorecard.unit.code, before=_facts(evidence))
    Evidence.objects.filter(pk=evidence.pk).delete()
    transaction.on_commit(lambda: storage.delete(path), robust=True)


def _facts(row: Evidence) -> dict[str, object]:
    return {"code": row.measure.code, "month": str(row.month), "file": row.name}
