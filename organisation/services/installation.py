"""Begins an empty installation."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from organisation.choices import UnitKind
from organisation.errors import AlreadyBegun
from organisation.models import Unit, User
from organisation.services.membership import grant_role
from organisation.services.person import create_person
from organisation.services.unit import create_unit


@transaction.atomic
def begin(*, code: str, name: str, people: Mapping[str, tuple[str, str]], today: date) -> Unit:
    """The top unit, and a person (staff number, first password) for each role. Raises AlreadyBegun where units exist."""
    if Unit.objects.exists() or User.objects.exists():
        raise AlreadyBegun
    top = create_unit(actor=None, code=code, name=name, kind=UnitKind.ADMINISTRATION, parent=None)
    for role, (username, password) in people.items():
        person = create_person(actor=None, username=username, name=username, password=password)
        grant_role(actor=None, person=person, unit=top, role=role, from_date=today)
    return top
