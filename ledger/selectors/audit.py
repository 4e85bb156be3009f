"""Reads the audit lines."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from ledger.models import AuditEntry


def of_target(kind: str, ids: list[str]) -> QuerySet[AuditEntry]:
    """The lines about those objects, latest first."""
    return AuditEntry.objects.filter(target_kind=kind, target_id__in=ids)


def of_actor(actor: str, places: list[str], verbs: list[str], kinds: list[str]) -> QuerySet[AuditEntry]:
    """The lines of that actor, latest first; with any of the others given, those about one of the places or of these verbs or kinds."""
    entries = AuditEntry.objects.filter(actor=actor)
    if places or verbs or kinds:
        entries = entries.filter(Q(place__in=places) | Q(verb__in=verbs) | Q(target_kind__in=kinds))
    return entries


@dataclass(frozen=True)
class Wish:
    """What a reader of the log looks for: a text, and the verbs, kinds and people that the text may mean."""

    text: str
    verbs: list[str]
    kinds: list[str]
    people: list[str]


def matching(wish: Wish, places: list[str] | None) -> QuerySet[AuditEntry]:
    """The lines that fit, latest first. places: codes of the units that may be seen, None for all."""
    entries = AuditEntry.objects.all() if places is None else AuditEntry.objects.filter(place__in=places)
    if wish.text:
        about = Q(place__icontains=wish.text) | Q(verb__in=wish.verbs) | Q(target_kind__in=wish.kinds) | Q(actor__in=wish.people)
        entries = entries.filter(about | Q(target_kind="user", target_id__in=wish.people))
    return entries
