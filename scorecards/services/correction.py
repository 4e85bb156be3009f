"""Asks for values of closed months to be corrected, and decides about it. Two persons are needed."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from communication.services import notice
from ledger.services import audit
from organisation.models import User
from scorecards.choices import CorrectionState
from scorecards.errors import AlreadyAsked, AlreadyDecided, NotClosed, NotDue, SamePerson, SameValue, WrongParts
from scorecards.models import Correction, Measure, Month, Reading
from scorecards.selectors.closing import is_closed
from scorecards.services.reading import facts, lock_cards, refuse_moved, refuse_outside, says


@transaction.atomic
def ask(
    *,
    actor: User,
    measure: Measure,
    month: Month,
    numbers: Mapping[str, float],
    not_applicable: str,
    reason: str,
    evidence: str,
    now: datetime,
) -> Correction:
    """Ask for another value, or the mark that there is none. Raises NotClosed, NotDue, WrongParts, OutsideLimits, SameValue,
    AlreadyAsked."""
    if not is_closed(measure.scorecard_id, month):
        raise NotClosed
    if not measure.is_due_in(month):
        raise NotDue
    if bool(not_applicable) == bool(numbers) or (numbers and set(numbers) != set(measure.parts)):
        raise WrongParts
    refuse_outside(measure, numbers)
    lock_cards(measure.scorecard_id)
    reading = Reading.objects.filter(measure=measure, month=int(month)).select_related("measure").first()
    if reading and says(reading) == {**numbers, **({"not_applicable": not_applicable} if not_applicable else {})}:
        raise SameValue
    told = {"reason": reason, "evidence": evidence, "not_applicable": not_applicable, **numbers}
    try:
        with transaction.atomic():
            made = Correction.objects.create(
                measure=measure, month=month, before=facts(reading) if reading else None, asked_by=actor, asked_at=now, **told
            )
    except IntegrityError as error:
        raise AlreadyAsked from error
    audit.record(actor=actor, verb="ask_correction", target=made, place=measure.scorecard.unit.code, before=made.before, after=_facts(made))
    return made


@transaction.atomic
def decide(*, actor: User, correction: Correction, approve: bool, decision: str, now: datetime) -> None:
    """Approve it, so that the month's reopening writes it, or refuse it with a reason. Raises SamePerson, AlreadyDecided,
    NotClosed, ValueMoved."""
    if correction.asked_by_id == actor.pk:
        raise SamePerson
    if approve and not is_closed(correction.measure.scorecard_id, correction.month):
        raise NotClosed
    if approve:
        refuse_moved(correction)
    state = CorrectionState.APPROVED if approve else CorrectionState.REFUSED
    waiting = Correction.objects.filter(pk=correction.pk, state=CorrectionState.ASKED)
    if not waiting.update(state=state, decided_by=actor, decided_at=now, decision=decision):
        raise AlreadyDecided
    measure = correction.measure
    unit = measure.scorecard.unit
    after = {**_facts(correction), "decision": decision}
    audit.record(actor=actor, verb="approve" if approve else "refuse", target=correction, place=unit.code, after=after)
    about = {"what": [measure.name, measure.name_zh], "month": str(correction.month), "why": decision}
    topic = "correction_approved" if approve else "correction_refused"
    notice.tell([correction.asked_by], topic, slot=f"{correction.pk}", about=about, address=f"/units/{unit.code}/corrections/", now=now)


def _facts(row: Correction) -> dict[str, object]:
    numbers = {name: getattr(row, name) for name in ("value", "volume", "numerator", "denominator") if getattr(row, name) is not None}
    mark = {"not_applicable": row.not_applicable} if row.not_applicable else {}
    return {"code": row.measure.code, "month": str(row.month), **numbers, **mark, "reason": row.reason, "evidence": row.evidence}
