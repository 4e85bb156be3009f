"""Creates and changes people, their language and their look."""

from typing import Any

from axes.utils import reset
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F

from ledger.services import audit
from organisation.errors import NameTaken, NotYourself, OutOfDate
from organisation.models import User


@transaction.atomic
def create_person(
    *, actor: User | None, username: str, name: str, password: str, name_zh: str = "", must_change_password: bool = True
) -> User:
    """A new person, who changes the given password at the first sign-in. Raises NameTaken."""
    hashed, must = make_password(password), must_change_password
    return create_person_with(actor=actor, username=username, name=name, name_zh=name_zh, hashed=hashed, must_change_password=must)


@transaction.atomic
def create_person_with(
    *, actor: User | None, username: str, name: str, hashed: str, name_zh: str = "", must_change_password: bool = True
) -> User:
    """The same with a password that is hashed already, so that many people may share a first one. Raises NameTaken."""
    person = User(username=username, name=name, name_zh=name_zh, must_change_password=must_change_password, password=hashed)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise NameTaken from error
    audit.record(actor=actor, verb="create", target=person, after=facts(person))
    return person


@transaction.atomic
def edit_person(*, actor: User | None, person: User, version: int, name: str, name_zh: str, is_active: bool) -> User:
    """Change a person who still has that version. Raises OutOfDate, NotYourself."""
    if actor is not None and actor.pk == person.pk and not is_active:
        raise NotYourself
    before = facts(User.objects.get(pk=person.pk))
    same = User.objects.filter(pk=person.pk, version=version)
    if not same.update(version=F("version") + 1, name=name, name_zh=name_zh, is_active=is_active):
        raise OutOfDate
    person.refresh_from_db()
    if facts(person) != before:
        audit.record(actor=actor, verb="edit", target=person, before=before, after=facts(person))
    return person


@transaction.atomic
def set_password(*, actor: User, person: User, password: str) -> None:
    """Set a password and lift the lock of wrong ones; somebody else's must be changed at the next sign-in."""
    person.set_password(password)
    person.must_change_password = actor.pk != person.pk
    person.save(update_fields=["password", "must_change_password"])
    audit.record(actor=actor, verb="set_password", target=person)
    reset(username=person.username)


@transaction.atomic
def set_preferences(*, actor: User, **preferences: str) -> None:
    """Keep the actor's own language or theme."""
    before = {name: getattr(actor, name) for name in preferences}
    for name, value in preferences.items():
        setattr(actor, name, value)
    actor.save(update_fields=list(preferences))
    if before != preferences:
        audit.record(actor=actor, verb="set_preferences", target=actor, before=before, after=dict(preferences))


def facts(person: User) -> dict[str, Any]:
    return {"username": person.username, "name": person.name, "name_zh": person.name_zh, "is_active": person.is_active}
