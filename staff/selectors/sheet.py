"""A scorecard's document as people sign it: measures, weights and targets."""

from dataclasses import dataclass
from typing import Any

from organisation.models.names import in_language
from scorecards.choices import Source
from scorecards.models import Month
from scorecards.selectors.document import Document
from scorecards.selectors.text import input_text
from staff.selectors.agreement import points_text, stands
from staff.selectors.cascade import placed_measures


@dataclass(frozen=True)
class PaperRow:
    code: str
    name: str
    objective: str
    unit: str
    weight: str
    points: str
    same: bool


def paper(document: Document, month: Month) -> list[PaperRow]:
    """As it is in force in that month."""
    held: dict[str, dict[str, Any]] = stands(document, month)
    return [
        PaperRow(
            code=node["code"],
            name=in_language(node["name"], node["name_zh"]),
            objective=in_language(objective["name"], objective["name_zh"]),
            unit=node["unit"],
            weight=input_text(held[node["code"]]["weight"]),
            points=points_text(held[node["code"]]["points"]),
            same=node["source"] == Source.MIRROR,
        )
        for _lane, objective, node in placed_measures(document)
    ]
