"""Puts people into posts, moves them, ends their service there, and keeps the days on which they are away."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation

from ledger.services import audit
from organisation.models import Unit, User
from organisation.models.dates import reaching
from scorecards.errors import NothingToDo
from scorecards.models import Month, Scorecard
from scorecards.services.definition import go_on_reporting, stop_reporting
from scorecards.services.reading import excuse
from staff.errors import AbsenceOverlaps, DatesReversed, PostingOverlaps, SamePost, WrongPost
from staff.models import Absence, Post, Posting
from staff.selectors.posting import due_months


@transaction.atomic
def appoint(*, actor: User | None, person: User, unit: Unit, post: Post, from_date: date) -> Posting:
    """Put a person into a post from a day on; the post held until then ends the day before, and its scorecard is due no longer than that.
    Raises WrongPost, PostingOverlaps, SamePost, MonthClosed."""
    User.objects.select_for_update().get(pk=person.pk)
    if not unit.paths_up.filter(above=post.unit_id).exists():
        raise WrongPost
    if Posting.objects.filter(person=person, from_date__gte=from_date).exists():
        raise PostingOverlaps
    for one in Posting.objects.filter(reaching(from_date), person=person).select_related("unit", "post"):
        if (one.unit_id, one.post_id, one.until_date) == (unit.pk, post.pk, None):
            raise SamePost
        _end(actor, one, from_date - timedelta(days=1))
    made = Posting.objects.create(person=person, unit=unit, post=post, from_date=from_date)
    audit.record(actor=actor, verb="appoint", target=person, place=unit.code, after=facts(made))
    return made


@transaction.atomic
def end(*, actor: User, posting: Posting, last_day: date, today: date) -> None:
    """The person leaves the post, for no other one, or another last day is right; a post that has not begun is taken back, and the one
    before goes on. Raises DatesReversed, NothingToDo, PostingOverlaps, MonthClosed."""
    User.objects.select_for_update().get(pk=posting.person_id)
    found = Posting.objects.select_related("person", "unit", "post").filter(pk=posting.pk).first()
    if found is None or found.until_date == last_day:
        raise NothingToDo
    if Posting.objects.filter(person=found.person, from_date__gt=found.from_date).exists():
        raise PostingOverlaps
    if found.from_date > today:
        _take_back(actor, found)
        return
    if last_day < found.from_date:
        raise DatesReversed
    if found.until_date is not None:
        for card in _cards(found, found.until_date.year):
            go_on_reporting(actor=actor, scorecard=card)
    _end(actor, found, last_day)


def _take_back(actor: User, posting: Posting) -> None:
    audit.record(actor=actor, verb="end_posting", target=posting.person, place=posting.unit.code, before=facts(posting))
    posting.delete()
    before = (
        Posting.objects.filter(person=posting.person, until_date=posting.from_date - timedelta(days=1))
        .select_related("unit", "post")
        .first()
    )
    if before is not None:
        was = facts(before)
        before.until_date = None
        before.save(update_fields=["until_date"])
        audit.record(actor=actor, verb="appoint", target=posting.person, place=before.unit.code, before=was, after=facts(before))
        for card in _cards(before, posting.from_date.year):
            go_on_reporting(actor=actor, scorecard=card)


def _cards(posting: Posting, year: int) -> Any:
    return Scorecard.objects.filter(unit=posting.unit, officer=posting.person.username, year__gte=year).select_related("unit")


def _end(actor: User | None, posting: Posting, last_day: date) -> None:
    before = facts(posting)
    posting.until_date = last_day
    posting.save(update_fields=["until_date"])
    audit.record(actor=actor, verb="end_posting", target=posting.person, place=posting.unit.code, before=before, after=facts(posting))
    for card in _cards(posting, last_day.year):
        due = due_months(posting.from_date, last_day, card.year)
        stop_reporting(actor=actor, scorecard=card, last=due[1] if due else Month.of(card.year, 1) - 1)


@transaction.atomic
def be_away(*, actor: User, person: User, kind: str, from_date: date, until_date: date, note: str, today: date) -> Absence:
    """Days that count neither for nor against; months that lie wholly inside are marked as not applicable as they begin.
    Raises DatesReversed, AbsenceOverlaps."""
    if until_date < from_date:
        raise DatesReversed
    User.objects.select_for_update().get(pk=person.pk)
    if Absence.objects.filter(person=person, from_date__lte=until_date, until_date__gte=from_date).exists():
        raise AbsenceOverlaps
    made = Absence.objects.create(person=person, kind=kind, from_date=from_date, until_date=until_date, note=note)
    audit.record(actor=actor, verb="be_away", target=person, after=_days(made))
    excuse_months(actor=actor, absence=made, today=today)
    return made


@transaction.atomic
def come_back(*, actor: User, absence: Absence) -> None:
    """Take an absence back; marks of whole months stay until somebody takes them back or types a value."""
    if Absence.objects.filter(pk=absence.pk).delete()[0]:
        audit.record(actor=actor, verb="come_back", target=absence.person, before=_days(absence))


def excuse_months(*, actor: User | None, absence: Absence, today: date) -> None:
    """Mark what is due in months that lie wholly inside the absence, have begun and say nothing yet."""
    for card in Scorecard.objects.filter(
        officer=absence.person.username, year__gte=absence.from_date.year, year__lte=absence.until_date.year
    ):
        for month in (Month.of(card.year, number) for number in range(1, 13)):
            inside = absence.from_date <= month.first_day and (month + 1).first_day - timedelta(days=1) <= absence.until_date
            if inside and month.first_day <= today:
                excuse(actor=actor, scorecard=card, month=month, reason=in_both(absence.get_kind_display()), today=today)


def excuse_all(*, today: date, now: datetime) -> None:
    """The same for everybody who is away, for what a new day brings."""
    for absence in Absence.objects.filter(until_date__gte=today - timedelta(days=31), from_date__lte=today).select_related("person"):
        with transaction.atomic():
            excuse_months(actor=None, absence=absence, today=today)


def in_both(text: Any) -> str:
    """Words that are stored, in both languages: who reads them is not known."""
    spoken = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            spoken.append(str(text))
    return " ".join(spoken)


def facts(posting: Posting) -> dict[str, Any]:
    until = posting.until_date.isoformat() if posting.until_date else None
    return {"unit": posting.unit.code, "post": posting.post.code, "from": posting.from_date.isoformat(), "until": until}


def _days(absence: Absence) -> dict[str, Any]:
    return {"kind": absence.kind, "from": absence.from_date.isoformat(), "until": absence.until_date.isoformat()}
