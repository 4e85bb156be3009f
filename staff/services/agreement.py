"""The life of an agreement: talked over, signed by both, frozen; later changed by request, which both sign too."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from communication.services import notice
from ledger.services import audit
from organisation.models import User
from scorecards.errors import NothingToDo
from scorecards.models import Month, Scorecard
from scorecards.selectors.document import definition_of
from scorecards.services import feed
from scorecards.services.definition import redefine
from staff.choices import AGREE_WITHIN_DAYS, AgreementState
from staff.errors import AlreadySigned, ChangeOpen, NotAgreed, NothingChanged, TalkFirst
from staff.models import Agreement
from staff.selectors.agreement import stands, with_changes
from staff.selectors.leader import chiefs_of

SOURCE = "agreements"


@transaction.atomic
def begin(*, actor: User, scorecard: Scorecard, today: date, now: datetime) -> Agreement:
    """Lay an officer's scorecard that nobody has agreed to before the officer and whoever leads her. Raises ChangeOpen."""
    Scorecard.objects.select_for_update(of=("self",)).order_by().get(pk=scorecard.pk)
    if scorecard.agreements.exists():
        raise ChangeOpen
    told = {"due_on": today + timedelta(days=AGREE_WITHIN_DAYS), "asked_by": actor, "asked_at": now}
    made = Agreement.objects.create(scorecard=scorecard, number=1, from_month=Month.of(scorecard.year, 1), **told)
    _tell(actor, "begin", made)
    return made


@transaction.atomic
def talk_over(*, actor: User, agreement: Agreement, day: date) -> None:
    """Say on which day the two talked it over; signatures given before it are asked for anew. Raises NothingToDo."""
    found = _open(agreement)
    if found.talked_on == day:
        return
    found.talked_on = day
    found.officer_signed_at = found.chief_signed_at = found.chief = None
    found.save()
    _tell(actor, "talk_over", found, {"day": day.isoformat()})


@transaction.atomic
def sign(*, actor: User, agreement: Agreement, now: datetime, today: date) -> Agreement:
    """Sign as the officer whose scorecard it is, or as whoever leads her; with the second signature it is in force and frozen. Raises
    NothingToDo, TalkFirst, AlreadySigned, OutOfDate, DocumentFaults."""
    found = _open(agreement)
    if found.talked_on is None:
        raise TalkFirst
    own = actor.username == found.scorecard.officer
    if found.officer_signed_at if own else found.chief_signed_at:
        raise AlreadySigned
    if own:
        found.officer_signed_at = now
    else:
        found.chief, found.chief_signed_at = actor, now
    if found.officer_signed_at and found.chief_signed_at:
        _put_in_force(actor, found)
    found.save()
    _tell(actor, "sign", found)
    _tell_the_other(actor, found, today, now)
    feed.ask(SOURCE, found.scorecard.unit)
    return found


def _put_in_force(actor: User, agreement: Agreement) -> None:
    card = Scorecard.objects.select_related("unit__parent").get(pk=agreement.scorecard_id)
    if agreement.changes:
        wanted = {code: facts["after"] for code, facts in agreement.changes.items()}
        document = with_changes(definition_of(card), agreement.from_month, wanted)
        redefine(actor=actor, scorecard=card, version=card.version, document=document)
        card = Scorecard.objects.select_related("unit__parent").get(pk=card.pk)
    agreement.state, agreement.document = AgreementState.AGREED, definition_of(card)


@transaction.atomic
def ask_change(
    *, actor: User, scorecard: Scorecard, from_month: Month, wanted: dict[str, dict[str, Any]], reason: str, today: date, now: datetime
) -> Agreement:
    """Ask for other weights and points from a month on, which both have to sign. wanted: for each measure's code its `weight` and `points`.
    Raises ChangeOpen, NotAgreed, NothingChanged."""
    card = Scorecard.objects.select_for_update(of=("self",)).select_related("unit__parent").order_by().get(pk=scorecard.pk)
    if card.agreements.filter(state=AgreementState.DRAFT).exists():
        raise ChangeOpen
    if not card.agreements.filter(state=AgreementState.AGREED).exists():
        raise NotAgreed
    document = definition_of(card)
    before = stands(document, from_month)
    changes = {code: {"before": before[code], "after": facts} for code, facts in wanted.items() if before.get(code) != facts}
    if not changes:
        raise NothingChanged
    number = (card.agreements.aggregate(last=Max("number"))["last"] or 1) + 1
    made = Agreement.objects.create(
        scorecard=card,
        number=number,
        from_month=from_month,
        reason=reason,
        changes=changes,
        document=document,
        due_on=today + timedelta(days=AGREE_WITHIN_DAYS),
        asked_by=actor,
        asked_at=now,
    )
    _tell(actor, "ask_change", made, {"reason": reason, "from": str(from_month)})
    about = {"whose": _names(card), "why": reason}
    notice.tell(_others(actor, card, today), "change_asked", slot=f"{made.pk}", about=about, address=f"/agreements/{made.pk}/", now=now)
    return made


@transaction.atomic
def withdraw(*, actor: User, agreement: Agreement, today: date, now: datetime) -> None:
    """Give up a change that is not in force. Raises NothingToDo."""
    found = _open(agreement)
    if not found.changes:
        raise NothingToDo
    found.state = AgreementState.WITHDRAWN
    found.save(update_fields=["state"])
    _tell(actor, "withdraw", found)
    others, about = _others(actor, found.scorecard, today), {"whose": _names(found.scorecard)}
    notice.tell(others, "change_withdrawn", slot=f"{found.pk}", about=about, address=f"/agreements/{found.pk}/", now=now)


def _open(agreement: Agreement) -> Agreement:
    found = Agreement.objects.select_for_update(of=("self",)).select_related("scorecard__unit").order_by().get(pk=agreement.pk)
    if not found.is_open:
        raise NothingToDo
    return found


def _officer(card: Scorecard) -> User | None:
    return User.objects.filter(username=card.officer).first()


def _names(card: Scorecard) -> list[str]:
    officer = _officer(card)
    return [officer.name, officer.name_zh] if officer else [card.officer, card.officer]


def _others(actor: User, card: Scorecard, today: date) -> list[User]:
    """The officer and whoever leads her, without the actor."""
    officer = _officer(card)
    people = [officer, *chiefs_of(officer, card.unit, today)] if officer else []
    return [one for one in people if one.pk != actor.pk]


def _tell_the_other(actor: User, agreement: Agreement, today: date, now: datetime) -> None:
    about = {"who": [actor.name, actor.name_zh], "whose": _names(agreement.scorecard)}
    slot, address = f"{agreement.pk}.{actor.pk}.{agreement.talked_on}", f"/agreements/{agreement.pk}/"
    notice.tell(_others(actor, agreement.scorecard, today), "agreement_signed", slot=slot, about=about, address=address, now=now)


def _tell(actor: User, verb: str, agreement: Agreement, after: dict[str, Any] | None = None) -> None:
    card = agreement.scorecard
    facts = {"officer": card.officer, "year": card.year, "number": agreement.number, **(after or {})}
    audit.record(actor=actor, verb=verb, target=agreement, place=card.unit.code, after=facts)
