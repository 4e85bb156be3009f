"""Closes months, and opens them again by two persons (rule book §9)."""

import contextlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from communication.services import notice
from ledger.models import JobRun
from ledger.services import audit, job
from organisation.access import roles_with
from organisation.models import Unit, User
from organisation.selectors.person import holders
from scorecards.assembly.publish import ENGINE
from scorecards.choices import CLOSE_MONTH_JOB, CorrectionState, ReopeningState, Window
from scorecards.errors import (
    AlreadyAsked,
    AlreadyDecided,
    ClosedAbove,
    LaterClosed,
    MonthNotOver,
    NotClosed,
    NothingToDo,
    RestsOnOpen,
    SamePerson,
    ScorecardError,
)
from scorecards.models import Closing, Correction, Measure, Month, Reopening, Score, Scorecard, among
from scorecards.permissions import EDIT_READING
from scorecards.selectors import closing as selectors
from scorecards.selectors.correction import waiting
from scorecards.selectors.dependency import cards_above
from scorecards.selectors.document import document_of
from scorecards.selectors.text import month_text
from scorecards.services import recompute
from scorecards.services.reading import write_correction

AT_ONCE = 120
CHUNK = 200


def begin(*, actor: User, unit: Unit, month: Month, below: bool, now: datetime) -> JobRun | None:
    """Close at once where few scorecards are concerned, else start a job, which is returned. Raises as `close` does."""
    months = [Month(at) for at in range(Month.of(month.year, 1), month + 1)]
    if selectors.cards_in(unit, month.year, below).count() * len(months) <= AT_ONCE:
        close(actor=actor, unit=unit, month=month, below=below, now=now)
        return None
    _refuse_running(month, now)
    arguments = {"month": str(month), "below": below}
    common = {"unit": unit.pk, "below": below, "actor": actor.pk}
    parts = [{**common, "month": int(at)} for at in months]
    return job.start(actor=actor, kind=CLOSE_MONTH_JOB, place=unit.code, arguments=arguments, parts=parts)


def handle(_key: str, payloads: list[dict[str, Any]], now: datetime) -> None:
    """The outbox's handler: a month a part. Found closed already, it does nothing."""
    for part in payloads:
        if job.is_wanted(part["job"]):
            unit, actor = Unit.objects.get(pk=part["unit"]), User.objects.get(pk=part["actor"])
            try:
                with contextlib.suppress(NothingToDo), transaction.atomic():
                    close(actor=actor, unit=unit, month=Month(part["month"]), below=part["below"], now=now)
            except RestsOnOpen as refusal:
                about = {"units": ", ".join(refusal.units)}
                notice.tell([actor], "close_refused", slot=f"{part['job']}", about=about, address=f"/units/{unit.code}/months/", now=now)
            job.count(part["job"], now)


@transaction.atomic
def close(*, actor: User | None, unit: Unit, month: Month, below: bool, now: datetime) -> int:
    """Close the month, and earlier ones of its year that are still open, for the unit's scorecards (with those below it if wanted):
    lock the readings, publish the scores, freeze what they rest on. Returns how many scorecards and months were closed.
    Raises MonthNotOver, RestsOnOpen, NothingToDo."""
    _refuse_running(month, now)
    ids = set(selectors.cards_in(unit, month.year, below).values_list("pk", flat=True))
    cards = [card for card in _locked(ids | selectors.cards_below(sorted(ids))) if card.pk in ids]
    made = [_close_month(actor, cards, Month(at), now) for at in range(Month.of(month.year, 1), month + 1)]
    if not sum(made):
        raise NothingToDo
    return sum(made)


def _refuse_running(month: Month, now: datetime) -> None:
    if month >= Month.of_day(timezone.localtime(now).date()):
        raise MonthNotOver


def _locked(ids: Iterable[int]) -> list[Scorecard]:
    """The scorecards, locked in the order that all others lock them in: no edit is under way, none begins before the end."""
    rows = Scorecard.objects.select_for_update(of=("self",)).select_related("unit__parent").order_by("pk")
    return list(rows.filter(pk__among=among(ids)))


def _close_month(actor: User | None, cards: list[Scorecard], month: Month, now: datetime) -> int:
    closed = set(selectors.in_force_closings(card.pk for card in cards).filter(month=int(month)).values_list("scorecard", flat=True))
    fresh = [card for card in cards if card.pk not in closed]
    _refuse_open_sources([card.pk for card in cards], month)
    for start in range(0, len(fresh), CHUNK):
        _freeze(actor, fresh[start : start + CHUNK], month, now)
    return len(fresh)


def _refuse_open_sources(cards: list[int], month: Month) -> None:
    """The readings that the scores rest on are those of scorecards in this act, or closed already."""
    outside = selectors.cards_below(cards) - set(cards)
    open_ones = outside - set(selectors.in_force_closings(outside).filter(month=int(month)).values_list("scorecard", flat=True))
    if open_ones:
        raise RestsOnOpen(sorted(set(Scorecard.objects.filter(pk__in=open_ones).values_list("unit__code", flat=True))))


def _freeze(actor: User | None, cards: list[Scorecard], month: Month, now: datetime) -> None:
    ids = [card.pk for card in cards]
    recompute.publish_locked(ids, month.year, [(month, window) for window in Window.values], now)
    last = dict(
        Closing.objects.filter(scorecard__in=ids, month=int(month))
        .values("scorecard")
        .annotate(n=Max("revision"))
        .values_list("scorecard", "n")
    )
    closings = [
        Closing(
            scorecard=card,
            month=month,
            revision=last.get(card.pk, 0) + 1,
            frozen=selectors.frozen_document(document_of(card), month),
            engine=ENGINE,
            closed_by=actor,
            closed_at=now,
        )
        for card in cards
    ]
    by_revision: dict[int, list[int]] = {}
    for closing in closings:
        by_revision.setdefault(closing.revision, []).append(closing.scorecard_id)
    for revision, of_cards in by_revision.items():
        Score.objects.filter(scorecard__in=of_cards, period=int(month), revision=0).update(published_as=revision)
    Closing.objects.bulk_create(closings)
    _tell_enterers(closings, now)
    for closing in closings:
        facts = {"month": str(month), "number": closing.revision}
        audit.record(actor=actor, verb="close", target=closing.scorecard, place=closing.scorecard.unit.code, after=facts)


def _tell_enterers(closings: list[Closing], now: datetime) -> None:
    """Whoever enters values in the units learns that the month is closed."""
    people = holders([one.scorecard.unit_id for one in closings], roles_with(EDIT_READING), timezone.localtime(now).date())
    for one in closings:
        unit = one.scorecard.unit
        about = {"month": str(one.month), "unit": [unit.name, unit.name_zh]}
        told: dict[str, Any] = {"about": about, "address": f"/units/{unit.code}/months/{one.month}/", "now": now}
        if not one.scorecard.officer:
            notice.tell(people.get(unit.pk, []), "month_closed", slot=f"{unit.pk}.{one.month}.{one.revision}", **told)


@transaction.atomic
def ask_reopening(*, actor: User, unit: Unit, month: Month, below: bool, reason: str, now: datetime) -> Reopening:
    """Ask another person to open a closed month. Raises NotClosed, LaterClosed, ClosedAbove, AlreadyAsked."""
    _scope(unit, month, below)
    try:
        with transaction.atomic():
            made = Reopening.objects.create(unit=unit, month=month, below=below, reason=reason, asked_by=actor, asked_at=now)
    except IntegrityError as error:
        raise AlreadyAsked from error
    audit.record(actor=actor, verb="ask_reopening", target=made, place=unit.code, after={"month": str(month), "reason": reason})
    return made


@transaction.atomic
def decide_reopening(*, actor: User, reopening: Reopening, approve: bool, decision: str, now: datetime) -> None:
    """Open the month: its revision stays readable, approved corrections are written, scores follow the readings again; or refuse.
    Raises SamePerson, AlreadyDecided, and when it opens what `ask_reopening` raises."""
    if reopening.asked_by_id == actor.pk:
        raise SamePerson
    state = ReopeningState.APPROVED if approve else ReopeningState.REFUSED
    waiting = Reopening.objects.filter(pk=reopening.pk, state=ReopeningState.ASKED)
    if not waiting.update(state=state, decided_by=actor, decided_at=now, decision=decision):
        raise AlreadyDecided
    facts = {"month": str(reopening.month), "reason": reopening.reason, "decision": decision}
    audit.record(actor=actor, verb="approve" if approve else "refuse", target=reopening, place=reopening.unit.code, after=facts)
    if approve:
        _open(actor, reopening, now)
    about = {"month": str(reopening.month), "unit": [reopening.unit.name, reopening.unit.name_zh], "why": decision}
    topic = "reopened" if approve else "reopening_refused"
    notice.tell([reopening.asked_by], topic, slot=f"{reopening.pk}", about=about, address=f"/units/{reopening.unit.code}/months/", now=now)


def _scope(unit: Unit, month: Month, below: bool) -> list[int]:
    """The scorecards (ids) that would be opened, if nothing stands in the way."""
    inside = list(selectors.cards_in(unit, month.year, below).values_list("pk", flat=True))
    closed = selectors.in_force_closings(inside)
    ids = sorted(closed.filter(month=int(month)).values_list("scorecard", flat=True))
    if not ids:
        raise NotClosed
    later = selectors.in_force_closings(ids).filter(month__gt=int(month)).aggregate(last=Max("month"))["last"]
    if later is not None:
        raise LaterClosed(month_text(Month(later)))
    measures = Measure.objects.filter(scorecard__among=among(ids)).values_list("pk", flat=True)
    above = cards_above(measures) - set(ids)
    resting = selectors.in_force_closings(above).filter(month=int(month)).values_list("scorecard__unit__code", flat=True)
    if resting:
        raise ClosedAbove(sorted(set(resting)))
    return ids


def _open(actor: User, reopening: Reopening, now: datetime) -> None:
    month = reopening.month
    cards = _locked(selectors.cards_in(reopening.unit, month.year, reopening.below).values_list("pk", flat=True))
    ids = _scope(reopening.unit, month, reopening.below)
    selectors.in_force_closings(ids).filter(month=int(month)).update(reopening=reopening, reopened_at=now)
    put_aside = Score.objects.filter(scorecard__among=among(ids), period=int(month), revision=0, published_as__gt=0)
    put_aside.update(revision=F("published_as"))
    for card in (card for card in cards if card.pk in set(ids)):
        audit.record(actor=actor, verb="reopen", target=card, place=card.unit.code, after={"month": str(month), "reason": reopening.reason})
    for start in range(0, len(ids), CHUNK):
        recompute.publish_locked(ids[start : start + CHUNK], month.year, [(month, window) for window in Window.values], now)
    for correction in waiting(ids, month):
        _write_or_refuse(actor, correction, now)


def _write_or_refuse(actor: User, correction: Correction, now: datetime) -> None:
    """Write an approved correction; one whose month says something else by now, or that no longer fits, is refused."""
    try:
        with transaction.atomic():
            write_correction(actor=actor, correction=correction, now=now)
        correction.state = CorrectionState.APPLIED
    except ScorecardError as refusal:
        correction.state, correction.decision = CorrectionState.REFUSED, str(refusal)
        about = {"what": [correction.measure.name, correction.measure.name_zh], "month": str(correction.month), "why": str(refusal)}
        address = f"/units/{correction.measure.scorecard.unit.code}/corrections/"
        notice.tell([correction.asked_by], "correction_refused", slot=f"{correction.pk}", about=about, address=address, now=now)
    correction.save(update_fields=["state", "decision"])
