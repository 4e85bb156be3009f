"""Whether the arrows of a map hold: their hypotheses beside what the months say."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from organisation.models import Unit
from organisation.models.names import in_language
from scorecards.choices import Window
from scorecards.models import Month
from scorecards.selectors.document import Document, each_objective
from scorecards.selectors.score import months_up_to, series, trend
from scorecards.selectors.text import value_text
from scoring.agreement import FEWEST, Verdict, agreement

MONTHS = 36


@dataclass(frozen=True)
class ArrowCheck:
    """One arrow. tone: of the verdict; correlation: two decimals, or nothing."""

    cause: str
    effect: str
    lag: int
    hypothesis: str
    number: int
    correlation: str
    verdict: str
    tone: str


def checks_of(document: Document, unit: Unit, month: Month) -> list[ArrowCheck]:
    """In the order of the document, from the monthly scores of the last three years."""
    rows = trend(unit, month, Window.MONTH, MONTHS)
    months = months_up_to(month, MONTHS)
    names = {node["code"]: in_language(node["name"], node["name_zh"]) for _lane, node in each_objective(document)}

    def scores(code: str) -> "np.typing.NDArray[np.float64]":
        found = series(rows, months, lambda row: row.objectives[code].score if code in row.objectives else None)
        return np.array([np.nan if score is None else score for score in found], dtype=float)

    known = {code: scores(code) for code in names}
    found = []
    for link in document["links"]:
        seen = agreement(known[link["from"]], known[link["to"]], link["lag"])
        told = {
            Verdict.TOO_FEW: (_("too early to say: %(number)d of %(needed)d months") % {"number": seen.number, "needed": FEWEST}, "none"),
            Verdict.UNCLEAR: (_("no clear relation"), "warn"),
            Verdict.AGREES: (_("the months agree"), "good"),
            Verdict.CONTRADICTS: (_("the months contradict"), "bad"),
        }[seen.verdict]
        found.append(
            ArrowCheck(
                names[link["from"]],
                names[link["to"]],
                link["lag"],
                in_language(link["hypothesis"], link["hypothesis_zh"]),
                seen.number,
                value_text(round(seen.correlation, 2)) if np.isfinite(seen.correlation) else "–",
                *told,
            )
        )
    return found
