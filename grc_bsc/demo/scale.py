"""A national database for tests of scale, written by sets in the database itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from grc_bsc.demo.people import PASSWORD
from organisation.choices import Role
from organisation.models import Unit
from organisation.services.membership import grant_role
from organisation.services.person import create_person
from scorecards.models import Month

SQL = Path(__file__).with_suffix(".sql")
TABLES = (
    "organisation_unit",
    "organisation_user",
    *(f"scorecards_{name}" for name in ("scorecard", "perspective", "objective", "measure")),
)
PEOPLE = [
    ("director", Role.DIRECTOR),
    ("scorecards", Role.SCORECARD_ADMINISTRATOR),
    ("auditor", Role.AUDITOR),
    ("manager", Role.UNIT_MANAGER),
]


@dataclass(frozen=True)
class Size:
    """Of the country: units, officers, months up to the last whole one, and the seed from which all chance comes."""

    districts: int
    houses: int
    officers: int
    months: int
    seed: int = 1


def seed(size: Size, today: date, tell: Callable[[str], None]) -> None:
    """Fill an empty PostgreSQL database. tell: what is being written, for people."""
    last = Month.of_day(today) - 1
    months = [int(last - back) for back in range(size.months)]
    years = sorted({Month(month).year for month in months})
    numbers = {**vars(size), "months": months, "years": years, "first_year": years[0], "last_month": int(last)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in _statements():
            tell(" ".join(statement.split()[:4]))
            cursor.execute(statement, numbers)
        for table in TABLES:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608  our own names
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    _people(date(years[0], 1, 1))


def _statements() -> Iterator[str]:
    """The statements of the file, its comments left out."""
    text = "\n".join(line for line in SQL.read_text(encoding="utf-8").splitlines() if not line.startswith("--"))
    yield from (statement for statement in text.split(";\n") if statement.strip())


def _people(since: date) -> None:
    root = Unit.objects.get(parent=None)
    for username, role in PEOPLE:
        person = create_person(
            actor=None, username=username, name=username.title(), name_zh="", password=PASSWORD, must_change_password=False
        )
        grant_role(actor=None, person=person, unit=root, role=role, from_date=since)
