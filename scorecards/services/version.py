"""The life of a version: begun as a draft, changed in steps that can be undone, submitted, approved by another person, in force."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from ledger.services import audit
from organisation.models import Unit, User
from scorecards.choices import VersionState
from scorecards.errors import DraftChanged, LockedPart, NoSuchStep, NotInState, OutOfDate, OwnWork, VersionOpen
from scorecards.models import Month, Remark, Scorecard, Step, Version
from scorecards.selectors.document import Document, definition_of
from scorecards.selectors.draft import begun, broken_locks
from scorecards.selectors.scorecard import scorecard_of
from scorecards.services.definition import redefine
from scorecards.services.document import import_documents

MOST_STEPS = 200


@transaction.atomic
def begin(
    *,
    actor: User,
    unit: Unit,
    year: int,
    from_month: Month,
    source: Document,
    reason: str,
    now: datetime,
    template: Version | None = None,
    locked: list[list[str]] | None = None,
) -> Version:
    """A new draft that says what the source says, which is a document of that unit and year. Without a template of its own it keeps
    that of the version before, and its locks. Raises VersionOpen, LockedPart."""
    card = scorecard_of(unit.code, year)
    base = begun(definition_of(card), from_month) if card else None
    highest = Version.objects.filter(unit=unit, year=year).aggregate(number=Max("number"))["number"] or 0
    document = begun(source, from_month)
    if template is None:
        template, locked = _inherited(unit, year)
        broken = broken_locks(base, document, locked) if base else []
        if broken:
            raise LockedPart(broken)
    try:
        with transaction.atomic():
            version = Version.objects.create(
                unit=unit,
                year=year,
                number=highest + 1,
                from_month=from_month,
                reason=reason,
                document=document,
                base=base,
                template=template,
                locked=locked or [],
                begun_by=actor,
                begun_at=now,
                changed_by=actor,
                changed_at=now,
            )
    except IntegrityError as error:
        raise VersionOpen from error
    Step.objects.create(version=version, number=0, document=document, verb="begin", actor=actor, at=now)
    _tell(actor, "begin", version, after={"from": str(from_month), "reason": reason})
    return version


def _inherited(unit: Unit, year: int) -> tuple[Version | None, list[list[str]]]:
    """The template of the unit's last approved version of that year, and what it locks."""
    last = Version.objects.filter(unit=unit, year=year, state=VersionState.APPROVED).select_related("template").order_by("-number").first()
    return (last.template, last.locked) if last else (None, [])


@transaction.atomic
def change(
    *, actor: User, version: Version, seen: int, verb: str, about: str, edit: Callable[[Document], Document], now: datetime
) -> Version:
    """One step more. seen: the edits that the person's page knew; edit: makes the newer document of a copy of the present one.
    Raises NotInState, DraftChanged, LockedPart, and what the edit raises."""
    found = _seen(version, seen)
    document = edit(Step.objects.get(version=found, number=found.step).document)
    if document == found.document:
        return found
    broken = broken_locks(found.document, document, found.locked)
    if broken:
        raise LockedPart(broken)
    Step.objects.filter(version=found, number__gt=found.step).delete()
    Step.objects.filter(version=found, number__lte=found.step - MOST_STEPS).delete()
    found.step += 1
    found.document = document
    _save(found, actor, now)
    Step.objects.create(version=found, number=found.step, document=document, verb=verb, about=about[:200], actor=actor, at=now)
    _tell(actor, verb, found, after={"about": about, "step": found.step})
    return found


@transaction.atomic
def undo(*, actor: User, version: Version, seen: int, now: datetime) -> Version:
    """Go one step back. Raises NotInState, DraftChanged, NoSuchStep."""
    return _go(actor, version, seen, -1, now)


@transaction.atomic
def redo(*, actor: User, version: Version, seen: int, now: datetime) -> Version:
    """Go one step forth again. Raises NotInState, DraftChanged, NoSuchStep."""
    return _go(actor, version, seen, 1, now)


def _go(actor: User, version: Version, seen: int, by: int, now: datetime) -> Version:
    found = _seen(version, seen)
    step = Step.objects.filter(version=found, number=found.step + by).first()
    if step is None:
        raise NoSuchStep
    found.step, found.document = step.number, step.document
    _save(found, actor, now)
    _tell(actor, "undo" if by < 0 else "redo", found, after={"step": found.step})
    return found


@transaction.atomic
def submit(*, actor: User, version: Version, seen: int, now: datetime) -> None:
    """Ask another person for approval. Raises NotInState, DraftChanged."""
    found = _seen(version, seen)
    found.state, found.submitted_by, found.submitted_at = VersionState.IN_REVIEW, actor, now
    found.save()
    _tell(actor, "submit", found)


@transaction.atomic
def send_back(*, actor: User, version: Version, reason: str, now: datetime) -> None:
    """Make it a draft again, with the reason as a remark. Raises NotInState."""
    found = _locked(version, VersionState.IN_REVIEW)
    found.state = VersionState.DRAFT
    found.save()
    Remark.objects.create(version=found, text=reason, author=actor, at=now)
    _tell(actor, "return", found, after={"reason": reason})


@transaction.atomic
def approve(*, actor: User, version: Version, edits: int, document: Document, seen: int | None, now: datetime) -> None:
    """Put the version in force from its month. edits: of the version as the person saw it; document: what the scorecard is to say, as
    `selectors.version.outlook` made it of that and as it was read; seen: the version of the scorecard that this was made from, None
    where there was none. Raises NotInState, OwnWork, OutOfDate, DocumentFaults."""
    found = _locked(version, VersionState.IN_REVIEW)
    if actor.pk in {found.submitted_by_id, found.begun_by_id, *found.editors}:
        raise OwnWork
    if found.edits != edits:
        raise OutOfDate
    card = Scorecard.objects.filter(unit=found.unit, officer="", year=found.year).first()
    if card is not None and seen is not None:
        redefine(actor=actor, scorecard=card, version=seen, document=document)
    elif card is None and seen is None:
        import_documents(actor=actor, documents=[document], verb="edit")
    else:
        raise OutOfDate
    found.state, found.decided_by, found.decided_at = VersionState.APPROVED, actor, now
    found.save()
    _tell(actor, "approve", found, after={"from": str(found.from_month)})


@transaction.atomic
def postpone(*, actor: User, version: Version, seen: int, from_month: Month, now: datetime) -> None:
    """Let a draft be in force from another month of its year. Raises NotInState, DraftChanged."""
    found = _seen(version, seen)
    before = found.from_month
    found.from_month = from_month
    _save(found, actor, now)
    _tell(actor, "edit", found, after={"from": str(from_month), "before": str(before)})


@transaction.atomic
def discard(*, actor: User, version: Version) -> None:
    """Give up a draft; it stays readable. Raises NotInState."""
    found = _locked(version, VersionState.DRAFT)
    found.state = VersionState.DISCARDED
    found.save()
    _tell(actor, "discard", found)


@transaction.atomic
def remark(*, actor: User, version: Version, text: str, now: datetime) -> None:
    """Say something of a version."""
    Remark.objects.create(version=version, text=text, author=actor, at=now)
    _tell(actor, "remark", version, after={"text": text})


def _locked(version: Version, state: str) -> Version:
    found = Version.objects.select_for_update(of=("self",)).select_related("unit", "changed_by").order_by().get(pk=version.pk)
    if found.state != state:
        raise NotInState
    return found


def _seen(version: Version, seen: int) -> Version:
    """The draft, locked, if nobody has changed it since."""
    found = _locked(version, VersionState.DRAFT)
    if found.edits != seen:
        raise DraftChanged(found.changed_by.label if found.changed_by else "–", found.changed_at)
    return found


def _save(version: Version, actor: User, now: datetime) -> None:
    version.edits += 1
    version.editors = sorted({*version.editors, actor.pk})
    version.changed_by, version.changed_at = actor, now
    version.save()


def _tell(actor: User, verb: str, version: Version, after: Document | None = None) -> None:
    facts = {"year": version.year, "number": version.number, **(after or {})}
    audit.record(actor=actor, verb=verb, target=version, place=version.unit.code, after=facts)
