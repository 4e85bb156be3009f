"""Keeps the catalogue of bonus and penalty items; proposes and decides adjustments. Two people are needed for one that counts."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from ledger.services import audit
from organisation.models import Unit, User
from scorecards.choices import AdjustmentState
from scorecards.errors import AlreadyDecided, MonthClosed, OutOfDate, SamePerson
from scorecards.models import Adjustment, AdjustmentItem, Month, Scorecard
from scorecards.selectors.closing import is_closed
from scorecards.selectors.text import month_text
from scorecards.services import recompute

ITEM_FIELDS = ("name", "name_zh", "points", "retired")


@transaction.atomic
def create_item(*, actor: User, unit: Unit, code: str, name: str, name_zh: str, points: float) -> AdjustmentItem:
    """Publish an item for a unit and all below it."""
    item = AdjustmentItem.objects.create(unit=unit, code=code, name=name, name_zh=name_zh, points=points)
    audit.record(actor=actor, verb="create", target=item, place=unit.code, after=_item(item))
    return item


@transaction.atomic
def edit_item(*, actor: User, item: AdjustmentItem, version: int, name: str, name_zh: str, points: float, retired: bool) -> None:
    """Change an item for what is proposed from now on. Raises OutOfDate."""
    before = _item(item)
    fields = {"name": name, "name_zh": name_zh, "points": points, "retired": retired}
    if not AdjustmentItem.objects.filter(pk=item.pk, version=version).update(**fields, version=F("version") + 1):
        raise OutOfDate
    audit.record(actor=actor, verb="edit", target=item, place=item.unit.code, before=before, after={"code": item.code, **fields})


@transaction.atomic
def propose(
    *, actor: User, scorecard: Scorecard, item: AdjustmentItem, month: Month, reason: str, evidence: str, now: datetime
) -> Adjustment:
    """Propose the points of an item for a month; nothing counts before another person approves. Raises MonthClosed."""
    if is_closed(scorecard.pk, month):
        raise MonthClosed(month_text(month))
    made = Adjustment.objects.create(
        scorecard=scorecard,
        item=item,
        month=month,
        points=item.points,
        reason=reason,
        evidence=evidence,
        proposed_by=actor,
        proposed_at=now,
    )
    audit.record(actor=actor, verb="propose", target=made, place=scorecard.unit.code, after=_facts(made))
    return made


@transaction.atomic
def decide(*, actor: User, adjustment: Adjustment, approve: bool, decision: str, now: datetime) -> None:
    """Approve, and have it count at once, or refuse with a reason. Raises SamePerson, AlreadyDecided,
    MonthClosed."""
    if adjustment.proposed_by_id == actor.pk:
        raise SamePerson
    card = Scorecard.objects.select_for_update(of=("self",)).order_by().get(pk=adjustment.scorecard_id)
    if approve and is_closed(card.pk, Month(adjustment.month)):
        raise MonthClosed(month_text(Month(adjustment.month)))
    state = AdjustmentState.APPROVED if approve else AdjustmentState.REFUSED
    open_one = Adjustment.objects.filter(pk=adjustment.pk, state=AdjustmentState.PROPOSED)
    if not open_one.update(state=state, decided_by=actor, decided_at=now, decision=decision):
        raise AlreadyDecided
    verb = "approve" if approve else "refuse"
    after = {**_facts(adjustment), "decision": decision}
    audit.record(actor=actor, verb=verb, target=adjustment, place=adjustment.scorecard.unit.code, before=None, after=after)
    if approve:
        recompute.at_once(card, Month(adjustment.month), now)


@transaction.atomic
def withdraw(*, actor: User, adjustment: Adjustment) -> None:
    """Take back what one has proposed oneself, while nobody has decided it. Raises AlreadyDecided."""
    told = _facts(adjustment)
    audit.record(actor=actor, verb="withdraw", target=adjustment, place=adjustment.scorecard.unit.code, before=told)
    open_one = Adjustment.objects.filter(pk=adjustment.pk, state=AdjustmentState.PROPOSED, proposed_by=actor)
    if not open_one.delete()[0]:
        raise AlreadyDecided


def _facts(row: Adjustment) -> dict[str, object]:
    return {"month": str(Month(row.month)), "points": row.points, "reason": row.reason, "evidence": row.evidence}


def _item(item: AdjustmentItem) -> dict[str, object]:
    return {"code": item.code, **{name: getattr(item, name) for name in ITEM_FIELDS}}
