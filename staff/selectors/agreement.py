"""Reads agreements, and what a change of one would make of the scorecard."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from organisation.models import Unit, UnitPath, User
from organisation.models.names import in_language
from scorecards.models import Month, Scorecard
from scorecards.selectors.document import Document, each_measure
from scorecards.selectors.text import input_text
from staff.choices import AgreementState
from staff.models import Agreement
from staff.selectors.cascade import dated, weighed, weight_in


def agreements(unit: Unit, year: int, text: str) -> "QuerySet[Agreement]":
    """Of all officers in the unit and below it; open ones first, the most urgent on top."""
    units = UnitPath.objects.filter(above=unit).values("below")
    found = Agreement.objects.filter(scorecard__unit__in=units, scorecard__year=year).exclude(state=AgreementState.WITHDRAWN)
    if text:
        people = User.objects.filter(Q(username__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text))
        place = Q(scorecard__unit__code__icontains=text) | Q(scorecard__unit__name__icontains=text)
        found = found.filter(place | Q(scorecard__unit__name_zh__icontains=text) | Q(scorecard__officer__in=people.values("username")))
    open_first = Case(When(state=AgreementState.DRAFT, then=Value(0)), default=Value(1))
    return found.select_related("scorecard__unit", "chief").order_by(open_first, "due_on", "scorecard__officer", "-number")


def latest(cards: Iterable[int]) -> dict[int, Agreement]:
    """By scorecard (id), the newest agreement that was not withdrawn. One query."""
    found: dict[int, Agreement] = {}
    rows = Agreement.objects.filter(scorecard__in=list(cards)).exclude(state=AgreementState.WITHDRAWN).order_by("number")
    for row in rows.select_related("chief"):
        found[row.scorecard_id] = row
    return found


def history(card: Scorecard) -> "QuerySet[Agreement]":
    return card.agreements.select_related("chief", "asked_by").order_by("-number")


def people_of(cards: Iterable[Scorecard]) -> dict[str, User]:
    """The officers of these scorecards, by staff number."""
    return {one.username: one for one in User.objects.filter(username__in={card.officer for card in cards})}


@dataclass(frozen=True)
class Changed:
    """What differs of a measure, for people."""

    code: str
    name: str
    weight_before: str
    weight_after: str
    points_before: str
    points_after: str


def changed(agreement: Agreement, document: Document) -> list[Changed]:
    """What the agreement would change, or has changed. document: what the scorecard said before it."""
    names = {node["code"]: in_language(node["name"], node["name_zh"]) for _path, node in each_measure(document)}
    return [
        Changed(
            code,
            names.get(code, code),
            input_text(facts["before"]["weight"]),
            input_text(facts["after"]["weight"]),
            points_text(facts["before"]["points"]),
            points_text(facts["after"]["points"]),
        )
        for code, facts in sorted((agreement.changes or {}).items())
    ]


def points_text(points: Any) -> str:
    return " / ".join(input_text(float(point)) for point in points or [])


def stands(document: Document, month: Month) -> dict[str, dict[str, Any]]:
    """For each measure its weight and points in that month."""
    return {
        node["code"]: {"weight": weight_in(node["weight"], month), "points": _points_in(node["targets"] or [], month)}
        for _path, node in each_measure(document)
    }


def _points_in(targets: list[Document], month: Month) -> list[float] | None:
    begun = [row["points"] for row in targets if row["from"] <= str(month)]
    return begun[-1] if begun else None


def with_changes(document: Document, month: Month, wanted: dict[str, dict[str, Any]]) -> Document:
    """The document with these weights and points from that month until the next ones that are planned; objectives and perspectives weigh as
    much as what lies in them."""
    made = copy.deepcopy(document)
    for _path, node in each_measure(made):
        facts = wanted.get(node["code"])
        if facts:
            node["weight"] = dated(node["weight"], month, facts["weight"], made["year"])
            _retarget(node, month, facts["points"])
    return weighed(made, month)


def _retarget(node: Document, month: Month, points: list[float] | None) -> None:
    if points is not None and points != _points_in(node["targets"] or [], month):
        before, after = (
            [row for row in node["targets"] if row["from"] < str(month)],
            [row for row in node["targets"] if row["from"] > str(month)],
        )
        node["targets"] = [*before, {"from": str(month), "points": points}, *after]


def sheet(rows: list[Agreement], people: dict[str, User]) -> tuple[list[str], list[list[str]]]:
    """Agreements as a table: names of the columns, and rows."""
    header = [_("Staff number"), _("Name"), _("Unit"), _("Version"), _("State"), _("Sign until"), _("Talked over on")]
    return header, [
        [
            *(
                one.scorecard.officer,
                people[one.scorecard.officer].label if one.scorecard.officer in people else "",
                one.scorecard.unit.label,
            ),
            *(str(one.number), str(one.get_state_display()), one.due_on.isoformat(), one.talked_on.isoformat() if one.talked_on else ""),
        ]
        for one in rows
    ]
