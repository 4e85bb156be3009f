"""Reads the audit lines."""

from django.db.models import Q, QuerySet

from ledger.models import AuditEntry


def of_target(kind: str, ids: list[str]) -> QuerySet[AuditEntry]:
    """The lines about those objects, latest first."""
    return AuditEntry.objects.filter(target_kind=kind, target_id__in=ids)


def matching(text: str) -> QuerySet[AuditEntry]:
    """All lines whose verb, target, place or actor contains the text, latest first."""
    entries = AuditEntry.objects.all()
    if text:
        entries = entries.filter(
            Q(verb__icontains=text) | Q(target_kind__icontains=text) | Q(target_id=text) | Q(place__icontains=text) | Q(actor=text)
        )
    return entries
