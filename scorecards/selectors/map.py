"""What the pages of strategy maps show besides the drawing."""

from dataclasses import dataclass
from typing import Any

from organisation.models import Unit
from organisation.models.names import in_language
from scorecards.models import Month, Step, Version
from scorecards.selectors.document import Document, definition_of, each_objective
from scorecards.selectors.draft import in_force
from scorecards.selectors.score import CardScore, latest_period, trend
from scorecards.selectors.scorecard import scorecard_of


def published(unit: Unit, month: Month, window: str) -> tuple[Document | None, CardScore | None]:
    """What the unit's scorecard of that year says of the month, without what has ended before, and its scores."""
    card = scorecard_of(unit.code, month.year)
    return (in_force(definition_of(card), month) if card else None), scores_of(unit, month, window)


def scores_of(unit: Unit, month: Month, window: str) -> CardScore | None:
    return trend(unit, month, window, 1).get(month)


def latest_scores(unit: Unit) -> CardScore | None:
    """Those of the last month that has enough data, beside a draft."""
    month = latest_period(unit)
    return scores_of(unit, month, "month") if month else None


@dataclass(frozen=True)
class Saved:
    """Where a draft stands: its edits, the step, when it was changed, and whether one can go back or forth."""

    seen: int
    step: int
    at: Any
    may_undo: bool
    may_redo: bool


def saved(version: Version) -> Saved:
    steps = set(Step.objects.filter(version=version).values_list("number", flat=True))
    return Saved(version.edits, version.step, version.changed_at, version.step - 1 in steps, version.step + 1 in steps)


@dataclass(frozen=True)
class Link:
    """An arrow seen from one of its ends. name: of the other end."""

    cause: str
    effect: str
    name: str


@dataclass(frozen=True)
class MapRow:
    """An objective with its perspective and arrows, for the table and the inspector."""

    code: str
    name: str
    description: str
    perspective: str
    node: Document
    effects: list[Link]
    causes: list[Link]
    others: list[tuple[str, str]]


def rows_of(document: Document) -> list[MapRow]:
    """In the order of the document. others: the objectives to which no arrow runs yet."""
    names = {node["code"]: in_language(node["name"], node["name_zh"]) for _code, node in each_objective(document)}
    found = []
    for perspective, node in each_objective(document):
        code = node["code"]
        ends = [(link["from"], link["to"]) for link in document["links"]]
        joined = {code, *(effect for cause, effect in ends if cause == code), *(cause for cause, effect in ends if effect == code)}
        found.append(
            MapRow(
                code,
                names[code],
                in_language(node["description"], node["description_zh"]),
                perspective,
                node,
                [Link(cause, effect, names[effect]) for cause, effect in ends if cause == code],
                [Link(cause, effect, names[cause]) for cause, effect in ends if effect == code],
                [(other, f"{other} {name}") for other, name in names.items() if other not in joined],
            )
        )
    return found


def lanes_of(document: Document) -> list[tuple[str, str]]:
    return [(node["code"], in_language(node["name"], node["name_zh"])) for node in document["perspectives"]]
