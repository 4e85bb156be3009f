"""Changes what a scorecard says: the whole document with the change in it, checked like any other."""

from typing import Any

from django.db import transaction
from django.db.models import F, Q

from ledger.models import AuditEntry
from ledger.services import audit
from organisation.models import User
from scorecards.choices import Source
from scorecards.errors import MonthClosed, OutOfDate
from scorecards.models import Measure, Month, Scorecard
from scorecards.selectors.closing import last_closed
from scorecards.selectors.document import document_of, with_reported
from scorecards.services import recompute
from scorecards.services.document import import_documents, serialise


@transaction.atomic
def redefine(*, actor: User, scorecard: Scorecard, version: int, document: dict[str, Any]) -> None:
    """Replace what is said by the document of the same scorecard, which was made from that version; its readings, adjustments and
    unit stay as they are by now. Raises OutOfDate, DocumentFaults."""
    serialise()
    locked = Scorecard.objects.select_for_update(of=("self",)).order_by().get(pk=scorecard.pk)
    if locked.version != version:
        raise OutOfDate
    now = document_of(Scorecard.objects.select_related("unit__parent").get(pk=scorecard.pk))
    import_documents(actor=actor, documents=[{"file": "", **with_reported(document, now)}], verb="edit")


@transaction.atomic
def stop_reporting(*, actor: User | None, scorecard: Scorecard, last: Month) -> None:
    """Let nothing be due on an officer's scorecard after that month, which may lie before its year. What was reported for later months
    counts no longer. Raises MonthClosed."""
    locked = Scorecard.objects.select_for_update(of=("self",)).select_related("unit").order_by().get(pk=scorecard.pk)
    closed = last_closed(locked.pk)
    if closed is not None and closed > last:
        raise MonthClosed
    entered = Measure.objects.filter(scorecard=locked, source=Source.ENTERED)
    later = entered.filter(Q(due_until__isnull=True) | Q(due_until__gt=int(last)))
    before = [f"{measure.code} {_text(measure.due_from)}–{_text(measure.due_until)}" for measure in later]
    nothing = int(Month.of(locked.year, 1) - 1)
    later.filter(due_from__gt=int(last)).update(due_from=nothing, due_until=nothing)
    later.update(due_until=int(last))
    _tell(actor, locked, {"measures": before}, {"due_until": str(last)})


@transaction.atomic
def go_on_reporting(*, actor: User | None, scorecard: Scorecard) -> None:
    """Let everything be due on an officer's scorecard again as it was before its reporting was stopped."""
    locked = Scorecard.objects.select_for_update(of=("self",)).select_related("unit").order_by().get(pk=scorecard.pk)
    stops = AuditEntry.objects.filter(target_kind="scorecard", target_id=str(locked.pk), verb="edit", after__has_key="due_until")
    was: dict[str, str] = {}
    for line in stops.order_by("-pk"):
        if not line.before:
            break
        was |= dict(text.split(" ") for text in line.before["measures"])
    for measure in Measure.objects.filter(scorecard=locked, source=Source.ENTERED, code__in=was):
        measure.due_from, measure.due_until = (Month.parse(text) if text else None for text in was[measure.code].split("–"))
        measure.save(update_fields=["due_from", "due_until"])
    _tell(actor, locked, None, {"due_until": ""})


def _text(month: Month | None) -> str:
    return "" if month is None else str(month)


def _tell(actor: User | None, card: Scorecard, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    Scorecard.objects.filter(pk=card.pk).update(version=F("version") + 1)
    audit.record(actor=actor, verb="edit", target=card, place=card.unit.code, before=before, after=after)
    entered = Measure.objects.filter(scorecard=card, source=Source.ENTERED)
    recompute.ask(card.pk, above=list(entered.values_list("pk", flat=True)))
