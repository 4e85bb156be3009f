"""What the rows of a file of people ask for, and what stands in their way."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation.choices import TECHNICAL_ROLES
from organisation.models import Membership, Unit, UnitPath, User
from organisation.models.dates import reaching
from scorecards.choices import FILE_FAULTS, Source
from scorecards.models import Assignment, Measure
from spreadsheets.read import Cell, Table
from staff.choices import EARLIEST, LATEST, PROBLEMS
from staff.models import Post, Posting, Roster

NUMBER = re.compile(r"[A-Za-z0-9_.\-]{1,40}")
COLUMNS = {
    "username": (gettext_lazy("Staff number"), ("staff number", "工号")),
    "name": (gettext_lazy("Name"), ("name", "姓名（英文）")),
    "name_zh": (gettext_lazy("Chinese name"), ("chinese name", "姓名")),
    "unit": (gettext_lazy("Unit"), ("unit", "单位")),
    "post": (gettext_lazy("Post"), ("post", "岗位")),
    "from_date": (gettext_lazy("First day in the post"), ("first day in the post", "任职日期")),
    "measures": (gettext_lazy("Measures reported"), ("measures reported", "填报指标")),
}
LONGEST_NAME = 100
LONGEST = 2_000
EPOCH = date(1899, 12, 30)


@dataclass
class Asked:
    """One row. new: the person does not exist yet; does: what confirming would do, as words; problems: keys with the words of their
    sentences; post_id: of the post meant."""

    number: int
    username: str
    name: str
    name_zh: str
    unit: str
    post: str
    from_date: str
    measures: list[str]
    post_id: int = 0
    new: bool = False
    renames: bool = False
    appoints: bool = False
    assigns: list[str] = field(default_factory=list)
    problems: list[list[Any]] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        return self.new or self.renames or self.appoints or bool(self.assigns)

    @property
    def sentences(self) -> list[str]:
        return [str(PROBLEMS[key]) % words for key, words in self.problems]


def heads() -> list[str]:
    """The names of the columns, in the language of the page."""
    return [str(label) for label, _words in COLUMNS.values()]


def columns_of(table: Table) -> dict[str, int]:
    """Where each column stands; those that are missing are left out."""
    found: dict[str, int] = {}
    for place, head in enumerate(table.header):
        for key, (label, words) in COLUMNS.items():
            if head.strip().casefold() in {str(label).casefold(), *words} and key not in found:
                found[key] = place
    return found


def asked(table: Table, units: dict[str, Unit]) -> list[Asked]:
    """units: those within the person's reach, by code. A fixed number of queries."""
    places = columns_of(table)
    rows = [_row(number, cells, places) for number, cells in table.rows]
    by_code = {code.casefold(): code for code in units}
    known = _known(rows)
    for row in rows:
        row.unit = by_code.get(row.unit.casefold(), row.unit)
        row.username = known[row.username.casefold()].username if row.username.casefold() in known else row.username
    postings: dict[str, Posting] = {}
    for posting in (
        Posting.objects.filter(person__in=[one.pk for one in known.values()]).select_related("person", "unit", "post").order_by("from_date")
    ):
        postings[posting.person.username.casefold()] = posting
    world = _World(
        units=units,
        known=known,
        postings=postings,
        posts=_posts(units),
        technical=set(
            Membership.objects.filter(role__in=TECHNICAL_ROLES, user__in=[one.pk for one in known.values()]).values_list("user", flat=True)
        ),
        foreign=_foreign([one.pk for one in known.values()], {unit.pk for unit in units.values()}),
        measures=set(_measures([units[row.unit] for row in rows if row.unit in units])),
        held=_held(rows, units),
        times=Counter(row.username.casefold() for row in rows),
    )
    for row in rows:
        _judge(row, world)
    return rows


def _known(rows: list[Asked]) -> dict[str, User]:
    """The people of the rows, by staff number, however it is written."""
    wanted = {row.username.lower() for row in rows}
    found = User.objects.annotate(lowered=Lower("username")).filter(lowered__in=wanted)
    return {one.username.casefold(): one for one in found}


@dataclass(frozen=True)
class _World:
    units: dict[str, Unit]
    known: dict[str, User]
    postings: dict[str, Posting]
    posts: dict[tuple[int, str], Post]
    technical: set[int]
    foreign: set[int]
    measures: set[tuple[int, str]]
    held: dict[tuple[int, str], int]
    times: Counter[str]


def _posts(units: dict[str, Unit]) -> dict[tuple[int, str], Post]:
    """By unit (id) and code, those that can be held there; the nearest where several have the code."""
    found: dict[tuple[int, str], Post] = {}
    posts: dict[int, list[Post]] = {}
    for post in Post.objects.all():
        posts.setdefault(post.unit_id, []).append(post)
    paths = UnitPath.objects.filter(below__in=[unit.pk for unit in units.values()], above__in=posts).order_by("distance")
    for above, unit in paths.values_list("above", "below"):
        for post in posts[above]:
            found.setdefault((unit, post.code.casefold()), post)
    return found


def _foreign(people: list[int], reach: set[int]) -> set[int]:
    """Those of the people (ids) who hold a role or a post out of reach."""
    lasting = reaching(timezone.localdate())
    held = [
        *Membership.objects.filter(lasting, user__in=people).values_list("user", "unit"),
        *Posting.objects.filter(lasting, person__in=people).values_list("person", "unit"),
    ]
    return {person for person, unit in held if unit not in reach}


def _measures(units: list[Unit]) -> Iterable[tuple[int, str]]:
    """What is entered on the units' scorecards of this year."""
    year = timezone.localdate().year
    found = Measure.objects.filter(scorecard__unit__in=units, scorecard__officer="", scorecard__year=year, source=Source.ENTERED)
    return found.values_list("scorecard__unit", "code").distinct()


def _held(rows: list[Asked], units: dict[str, Unit]) -> dict[tuple[int, str], int]:
    wanted = {units[row.unit].pk for row in rows if row.unit in units and row.measures}
    open_ones = Assignment.objects.filter(unit__in=wanted, until_date__isnull=True)
    return {(unit, code): person for unit, code, person in open_ones.values_list("unit", "code", "person")}


def _row(number: int, cells: list[Cell | None], places: dict[str, int]) -> Asked:
    def text(key: str) -> str:
        cell = cells[places[key]] if key in places and places[key] < len(cells) else None
        return cell.text.strip()[:LONGEST] if cell else ""

    return Asked(
        number=number,
        username=text("username"),
        name=text("name"),
        name_zh=text("name_zh"),
        unit=text("unit"),
        post=text("post"),
        from_date=_day(text("from_date")),
        measures=[code for code in re.split(r"[\s,;，；、]+", text("measures")) if code],
    )


def _day(text: str) -> str:
    """As 2026-03-01; a day that Excel counts is one too. Left as it is where it is none."""
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?", text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        if re.fullmatch(r"\d{5}(\.0+)?", text):
            return (EPOCH + timedelta(days=int(float(text)))).isoformat()
    except ValueError:
        return text
    return text


def _judge(row: Asked, world: _World) -> None:
    person, unit = world.known.get(row.username.casefold()), world.units.get(row.unit)
    told = row.problems.append
    if not NUMBER.fullmatch(row.username):
        told(["no_number", {}])
        return
    if world.times[row.username.casefold()] > 1:
        told(["twice", {}])
    if person is None and not (row.name or row.name_zh):
        told(["no_name", {}])
    if max(len(row.name), len(row.name_zh)) > LONGEST_NAME:
        told(["long_name", {"most": LONGEST_NAME}])
    if person is not None and person.pk in world.technical:
        told(["technical", {}])
    if person is not None and person.pk in world.foreign:
        told(["foreign", {}])
    if unit is None:
        told(["no_unit", {"unit": row.unit or "–"}])
        return
    row.new = person is None
    row.renames = person is not None and bool((row.name and row.name != person.name) or (row.name_zh and row.name_zh != person.name_zh))
    _judge_post(row, unit, world)
    for code in row.measures:
        if (unit.pk, code) not in world.measures:
            told(["no_measure", {"code": code, "unit": row.unit}])
        elif person is None or world.held.get((unit.pk, code)) != person.pk:
            row.assigns.append(code)


def _judge_post(row: Asked, unit: Unit, world: _World) -> None:
    if not row.post:
        return
    post, before = world.posts.get((unit.pk, row.post.casefold())), world.postings.get(row.username.casefold())
    if post is None:
        row.problems.append(["no_post", {"post": row.post, "unit": row.unit}])
    elif before is None or (before.unit_id, before.post_id, before.until_date) != (unit.pk, post.pk, None):
        fault = _fault_of_day(row.from_date, before)
        row.problems += [fault] if fault else []
        row.appoints, row.post_id = not fault, post.pk


def _fault_of_day(written: str, before: Posting | None) -> list[Any] | None:
    """What keeps somebody with that last posting from beginning on that day."""
    if not written:
        return ["no_day", {}]
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        return ["bad_day", {"text": written}]
    return ["earlier_posting", {"day": before.from_date.isoformat()}] if before is not None and before.from_date >= day else None


@dataclass(frozen=True)
class Summary:
    """How many rows of each sort."""

    new: int
    changed: int
    same: int
    problems: int

    @property
    def writes(self) -> int:
        return self.new + self.changed


def rows_of(roster: Roster) -> list[Asked]:
    return [Asked(**row) for row in roster.rows]


def rows_with_post(rows: list[Asked]) -> list[Asked]:
    """Those that put somebody into a post."""
    return [row for row in rows if row.appoints and not row.problems]


def summary(rows: list[Asked]) -> Summary:
    sound = [row for row in rows if not row.problems]
    return Summary(
        new=sum(row.new for row in sound),
        changed=sum(row.changes and not row.new for row in sound),
        same=sum(not row.changes for row in sound),
        problems=len(rows) - len(sound),
    )


TABS = ("problems", "new", "changed", "same")


def in_tab(rows: list[Asked], tab: str) -> list[Asked]:
    return {
        "problems": [row for row in rows if row.problems],
        "new": [row for row in rows if not row.problems and row.new],
        "changed": [row for row in rows if not row.problems and row.changes and not row.new],
        "same": [row for row in rows if not row.problems and not row.changes],
    }[tab]


def rejected_sheet(rows: list[Asked]) -> tuple[list[str], list[list[str]]]:
    """The rows with problems, in the layout of the template, with what is wrong."""
    header = [*heads(), _("What is wrong")]
    return header, [
        [row.username, row.name, row.name_zh, row.unit, row.post, row.from_date, " ".join(row.measures), " ".join(row.sentences)]
        for row in in_tab(rows, "problems")
    ]


def rosters(person: User, text: str) -> "QuerySet[Roster]":
    """The person's own files, latest first, without their content."""
    found = Roster.objects.filter(actor=person).defer("content", "rows")
    return found.filter(name__icontains=text) if text else found


def fault_text(roster: Roster) -> str:
    """Why the file was refused, in words."""
    if roster.fault == "no_columns":
        return _("The columns “%(number)s” and “%(unit)s” are needed; take the template.") % {"number": heads()[0], "unit": heads()[3]}
    return str(FILE_FAULTS[roster.fault]) % {"detail": roster.detail} if roster.fault else ""
