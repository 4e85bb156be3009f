"""Posts, holders and their scorecards, made as people make them."""

from datetime import date
from typing import Any

from django.utils import timezone

from ledger.services import outbox
from organisation.choices import Role
from organisation.models import Unit, User
from organisation.services.membership import grant_role
from organisation.services.person import create_person
from scorecards.models import Scorecard
from staff.models import Post, Posting
from staff.services import cascade
from staff.services.post import create_post, edit_post
from staff.services.posting import appoint
from tests import cast

NEW_YEAR = date(2026, 1, 1)
DUTY = {
    "name": "Records in time",
    "name_zh": "记录及时率",
    "unit": "%",
    "better": "higher",
    "preset": "target",
    "curve_scores": [0, 100],
    "method": "ratio",
    "factor": 100,
    "frequency": "monthly",
    "source": "entered",
    "targets": [{"from": "2026-01", "points": [0, 100]}],
}


def line(code: str, kind: str = "contributory", **fields: Any) -> dict[str, Any]:
    """A line of a template, a quarter of the whole unless said otherwise."""
    own = {"measure": DUTY} if kind == "own" else {"measure": None}
    return {
        "kind": kind,
        "objective": "O1",
        "code": code,
        "weight": 25.0,
        "share": None,
        "minimum_count": None,
        "points": None,
        **own,
        **fields,
    }


def post(actor: User, unit: Unit, lines: list[dict[str, Any]], **fields: Any) -> Post:
    names = {"name": "Inspector", "name_zh": "查验岗", "category": "front_line", "minimum_service": 0.5, **fields}
    made = create_post(actor=actor, unit=unit, code="INSPECTOR", **names)
    return edit_post(actor=actor, post=made, version=1, lines=lines, **names)


def person(username: str, unit: Unit) -> User:
    """An officer of the unit."""
    made = create_person(
        actor=None, username=username, name=username.title(), name_zh="关员", password=cast.PASSWORD, must_change_password=False
    )
    grant_role(actor=None, person=made, unit=unit, role=Role.OFFICER, from_date=cast.FIRST_DAY)
    return made


def drain() -> None:
    """Do all that is asked, and what that asks for."""
    while outbox.drain(now=timezone.now()):
        pass


def give(actor: User, made: Post, *, tie: bool = False, year: int = 2026) -> None:
    """The template to all holders, and all that follows from it."""
    holders = list(Posting.objects.filter(post=made).select_related("person", "unit").order_by("unit__code", "person__username"))
    cascade.give(actor=actor, post=made, year=year, postings=holders, tie=tie, today=cast.TODAY)
    drain()


def clerk(people: dict[str, User], card: Scorecard, chief: User, part: str = "M1", same: str = "M2") -> User:
    """An officer of the card's unit with a scorecard that carries a part of one measure and the same as another."""
    made = person(f"clerk-{card.unit.code}", card.unit)
    lines = [line(part), line(same, "same"), line("D1", "own"), line("D2", "own")]
    template = post(people["manager"], card.unit, lines)
    appoint(actor=chief, person=made, unit=card.unit, post=template, from_date=NEW_YEAR)
    give(people["manager"], template)
    return made


def card_of(username: str, unit: str = "HOUSE", year: int = 2026) -> Scorecard:
    return Scorecard.objects.select_related("unit").get(officer=username, unit__code=unit, year=year)
