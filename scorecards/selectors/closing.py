"""What is closed, what was frozen, and what that forbids."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from organisation.models import Unit, UnitPath
from scorecards.models import Closing, Month, Scorecard, among
from scorecards.selectors.document import Document, each_measure
from scorecards.selectors.draft import each_node, in_force, weight_in
from scorecards.selectors.score import CardScore

BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT c.source_id FROM scorecards_contributor c JOIN scorecards_measure m ON m.id = c.measure_id WHERE m.scorecard_id IN (%s)
    UNION SELECT c.source_id FROM scorecards_contributor c JOIN below ON c.measure_id = below.id
)
SELECT DISTINCT m.scorecard_id FROM below JOIN scorecards_measure m ON m.id = below.id WHERE m.source = 'entered'
"""
CLOSED = "SELECT 1 FROM scorecards_closing WHERE scorecard_id = %s AND month = %s AND reopened_at IS NULL"
IDS_AT_ONCE = 500


def in_force_closings(cards: Iterable[int]) -> "QuerySet[Closing]":
    """The closings of these scorecards (ids) that have not been reopened."""
    return Closing.objects.filter(scorecard__among=among(list(cards)), reopened_at__isnull=True)


def is_closed(card: int, month: Month) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(CLOSED, [card, int(month)])
        return cursor.fetchone() is not None


def revision_of(card: Scorecard | None, month: Month) -> int:
    """As which revision the scorecard's month is closed, 0 where it is open."""
    closed = Closing.objects.filter(scorecard=card, month=int(month), reopened_at__isnull=True)
    return closed.values_list("revision", flat=True).first() or 0


def bands_in(card: Scorecard, row: CardScore | None) -> list[list[Any]]:
    """The bands that the row was published with: of a closed month those that were frozen with it."""
    bands: list[list[Any]] = card.bands
    if row is None or not row.revision:
        return bands
    frozen = Closing.objects.filter(scorecard=card, month=int(row.period), revision=row.revision).values_list("frozen__bands", flat=True)
    return frozen.first() or bands


def last_closed(card: int) -> Month | None:
    """The last closed month of the scorecard; all earlier ones of its year are closed too."""
    found = Closing.objects.filter(scorecard=card, reopened_at__isnull=True).aggregate(last=Max("month"))["last"]
    return None if found is None else Month(found)


def cards_in(unit: Unit, year: int, below: bool) -> "QuerySet[Scorecard]":
    """The scorecards of the unit and its officers, with those of all units below it if wanted."""
    units: Any = UnitPath.objects.filter(above=unit).values("below") if below else [unit.pk]
    return Scorecard.objects.filter(unit__in=units, year=year).order_by("pk")


def cards_below(cards: list[int]) -> set[int]:
    """The scorecards (ids) whose readings these rest on."""
    found: set[int] = set()
    for start in range(0, len(cards), IDS_AT_ONCE):
        ids = cards[start : start + IDS_AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(BELOW % ", ".join(["%s"] * len(ids)), ids)
            found |= {card for (card,) in cursor.fetchall()}
    return found


def frozen_document(document: Document, month: Month) -> Document:
    """What a revision keeps of a scorecard: the month's readings, the weights and points in force in it, its adjustments."""
    shown = in_force(document, month)
    shown["adjustments"] = [row for row in document["adjustments"] if row["month"] == str(month)]
    for _level, node in each_node(shown):
        node["weight"] = weight_in(node, month)
    for _path, measure in each_measure(shown):
        begun = [row for row in measure["targets"] or [] if row["from"] <= str(month)]
        measure["targets"] = begun[-1:]
        measure["readings"] = [row for row in measure["readings"] if row["month"] == str(month)]
    return shown


def reaches_into(before: Document, after: Document, last: Month) -> Iterator[tuple[str, str]]:
    """The path and sentence of whatever the newer document would change in the closed months, up to the last of them (rule book §10)."""
    months = [str(Month.of(last.year, number)) for number in range(1, last.number + 1)]
    old = {key: node for key, _path, node in _nodes(before)}
    given = {key: (path, node) for key, path, node in _nodes(after)}
    for key, node in old.items():
        if key not in given:
            reported = any(row["month"] in months for row in node.get("readings") or [])
            if reported or any(weight_in(node, Month.parse(month)) or _points_in(node, month) for month in months):
                yield "", _("%(code)s counts in closed months and cannot be left out.") % {"code": key[1]}
            continue
        path, new = given[key]
        if any(weight_in(node, Month.parse(month)) != weight_in(new, Month.parse(month)) for month in months):
            yield f"{path}.weight", _("This weight is in force in a closed month.")
        if any(_points_in(node, month) != _points_in(new, month) for month in months):
            yield f"{path}.targets", _("This target is in force in a closed month.")
        if _reported(node, months) != _reported(new, months):
            yield f"{path}.readings", _("This would change a value of a closed month.")
    if _adjusted(before, months) != _adjusted(after, months):
        yield "adjustments", _("This would change an adjustment of a closed month.")


def _nodes(document: Document) -> Iterator[tuple[tuple[str, str], str, Document]]:
    for p, perspective in enumerate(document["perspectives"]):
        yield ("perspective", perspective["code"]), f"perspectives[{p}]", perspective
        for o, objective in enumerate(perspective.get("objectives", [])):
            yield ("objective", objective["code"]), f"perspectives[{p}].objectives[{o}]", objective
            for m, measure in enumerate(objective.get("measures", [])):
                yield ("measure", measure["code"]), f"perspectives[{p}].objectives[{o}].measures[{m}]", measure


def _points_in(node: Document, month: str) -> Any:
    begun = sorted((row for row in node.get("targets") or [] if row["from"] <= month), key=lambda row: str(row["from"]))
    return [float(point) for point in begun[-1]["points"]] if begun else None


def _reported(node: Document, months: list[str]) -> list[Document]:
    rows = [{**row, **{k: float(v) for k, v in row.items() if isinstance(v, int | float)}} for row in node.get("readings") or []]
    return sorted((row for row in rows if row["month"] in months), key=lambda row: str(row["month"]))


def _adjusted(document: Document, months: list[str]) -> list[tuple[str, float, str]]:
    rows = document.get("adjustments") or []
    return sorted((row["month"], float(row["points"]), row["reason"]) for row in rows if row["month"] in months)
