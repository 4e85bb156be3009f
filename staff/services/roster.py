"""Takes files of people in: read, shown, confirmed by one administrator, given roles by another."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from ledger.models import JobRun
from ledger.services import audit, job, outbox
from organisation.choices import Role
from organisation.errors import OrganisationError
from organisation.models import Membership, Unit, User
from organisation.models.dates import reaching
from organisation.services.membership import grant_role
from organisation.services.person import create_person_with, edit_person
from scorecards.errors import NothingToDo, ScorecardError
from scorecards.services.assignment import assign
from staff.choices import RosterState
from staff.errors import RowGone
from staff.models import Post, Roster
from staff.selectors.roster import Asked, rows_of, rows_with_post
from staff.services.posting import appoint

READ, WRITE = "read_roster", "write_roster"
AT_ONCE = 100


@transaction.atomic
def begin(*, actor: User, name: str, content: bytes, now: datetime) -> Roster:
    """Keep the file and have it read."""
    made = Roster.objects.create(actor=actor, name=name, content=content, at=now)
    audit.record(actor=actor, verb="upload", target=made, after={"file": name})
    outbox.put(topic=READ, payloads={str(made.pk): {}})
    return made


def waiting(pk: int) -> Roster | None:
    """The file, if it has not been read yet."""
    return Roster.objects.select_related("actor").filter(pk=pk, state=RosterState.READING).first()


@transaction.atomic
def refuse(*, roster: Roster, fault: str, detail: str) -> None:
    """The file cannot be read."""
    Roster.objects.filter(pk=roster.pk, state=RosterState.READING).update(
        state=RosterState.REFUSED, fault=fault, detail=detail[:200], content=b""
    )


@transaction.atomic
def propose(*, roster: Roster, rows: list[Asked]) -> None:
    """Show what the file asks for."""
    kept = [asdict(row) for row in rows]
    Roster.objects.filter(pk=roster.pk, state=RosterState.READING).update(state=RosterState.PROPOSED, rows=kept, content=b"")


@transaction.atomic
def confirm(*, actor: User, roster: Roster, password: str, now: datetime) -> None:
    """Start writing the rows without problems. password: the first one of all new people, who change it when they sign in.
    Raises NothingToDo."""
    if not Roster.objects.filter(pk=roster.pk, state=RosterState.PROPOSED).update(state=RosterState.WRITING, confirmed_at=now):
        raise NothingToDo
    places = [place for place, row in enumerate(rows_of(roster)) if not row.problems and row.changes]
    if not places:
        raise NothingToDo
    first = make_password(password) if password else ""
    parts = [{"roster": roster.pk, "rows": places[i : i + AT_ONCE], "password": first} for i in range(0, len(places), AT_ONCE)]
    run = job.start(actor=actor, kind=WRITE, place="", arguments={"file": roster.name}, parts=parts)
    audit.record(actor=actor, verb="approve", target=roster, after={"file": roster.name, "number": len(places)})
    Roster.objects.filter(pk=roster.pk).update(job=run)


def handle(_key: str, payloads: list[dict[str, Any]], now: datetime) -> None:
    """The outbox's handler: write one part of the rows."""
    for part in payloads:
        if job.is_wanted(part["job"]):
            roster = Roster.objects.select_for_update(of=("self",)).select_related("actor").get(pk=part["roster"])
            run = JobRun.objects.get(pk=part["job"])
            actor = User.objects.get(pk=int(run.actor))
            rows = rows_of(roster)
            for place in part["rows"]:
                _write_safely(actor, rows[place], part["password"], now)
            roster.rows = [asdict(row) for row in rows]
            roster.save(update_fields=["rows"])
            job.count(run.pk, now)
            if JobRun.objects.get(pk=run.pk).done == run.total:
                Roster.objects.filter(pk=roster.pk).update(state=RosterState.WRITTEN)


def _write_safely(actor: User, row: Asked, password: str, now: datetime) -> None:
    """Write one row whole, or note what has come into its way since it was shown."""
    try:
        with transaction.atomic():
            _write(actor, row, password, now)
    except (ScorecardError, OrganisationError) as refusal:
        row.problems.append(["changed_since", {"why": str(refusal)}])


def _write(actor: User, row: Asked, password: str, now: datetime) -> None:
    unit = Unit.objects.select_related("parent").filter(code=row.unit).first()
    post = Post.objects.filter(pk=row.post_id).first()
    if unit is None or (row.appoints and post is None):
        raise RowGone
    person = User.objects.filter(username__iexact=row.username).first()
    if person is None:
        name = row.name or row.name_zh
        person = create_person_with(actor=actor, username=row.username, name=name, name_zh=row.name_zh, hashed=password)
    elif row.renames:
        name, name_zh = row.name or person.name, row.name_zh or person.name_zh
        told: dict[str, Any] = {"person": person, "version": person.version, "is_active": person.is_active}
        person = edit_person(actor=actor, name=name, name_zh=name_zh, **told)
    if row.appoints and post is not None:
        appoint(actor=actor, person=person, unit=unit, post=post, from_date=date.fromisoformat(row.from_date))
    if row.assigns:
        assign(actor=actor, unit=unit, codes=row.assigns, person=person, today=timezone.localtime(now).date())


@transaction.atomic
def grant(*, actor: User, roster: Roster, today: date, now: datetime) -> int:
    """Let everybody who got a post be an officer in its unit, unless a role is held there or above already. Returns how many roles.
    Raises NothingToDo."""
    if not Roster.objects.filter(pk=roster.pk, state=RosterState.WRITTEN).update(state=RosterState.DONE, granted_by=actor, granted_at=now):
        raise NothingToDo
    granted = 0
    for row in rows_with_post(rows_of(roster)):
        person, unit = User.objects.get(username=row.username), Unit.objects.get(code=row.unit)
        held = Membership.objects.filter(reaching(today), user=person)
        if person.pk != actor.pk and not held.filter(unit__in=unit.paths_up.values("above")).exists():
            grant_role(actor=actor, person=person, unit=unit, role=Role.OFFICER, from_date=date.fromisoformat(row.from_date))
            granted += 1
    audit.record(actor=actor, verb="grant", target=roster, after={"file": roster.name, "number": granted})
    return granted


@transaction.atomic
def cancel(*, actor: User, roster: Roster) -> None:
    """Give the file up before it is confirmed. Raises NothingToDo."""
    open_states = [RosterState.READING, RosterState.PROPOSED]
    if not Roster.objects.filter(pk=roster.pk, state__in=open_states).update(state=RosterState.CANCELLED, content=b""):
        raise NothingToDo
    audit.record(actor=actor, verb="cancel", target=roster, after={"file": roster.name})
