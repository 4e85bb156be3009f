"""Which measures of other scorecards the computed measures of some scorecards rest on."""

from dataclasses import dataclass, field

from scorecards.choices import Source
from scorecards.models import Contributor, Measure, among


@dataclass
class Closure:
    """refers: for each computed measure what it is computed from, in order; lent: measures of other scorecards that are needed, which
    stand on `lenders`; versions: of these as they were when first met, so never newer than what is read of them; shown: those lent
    measures that stand at the end of a mirror's chain. All by id."""

    refers: dict[int, list[int]] = field(default_factory=dict)
    formulas: dict[int, str] = field(default_factory=dict)
    lent: set[int] = field(default_factory=set)
    lenders: set[int] = field(default_factory=set)
    versions: dict[int, int] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)


def close(cards: list[int]) -> Closure:
    """Follow contributors down to the entered measures, a query for each level."""
    found = Closure()
    own = set(cards)
    columns = ("measure", "source", "source__scorecard", "source__source", "source__formula", "source__scorecard__version")
    wanted = Contributor.objects.filter(measure__scorecard__among=among(cards))
    found.formulas = dict(Measure.objects.filter(scorecard__among=among(cards), source=Source.FORMULA).values_list("pk", "formula"))
    while rows := list(wanted.order_by("measure", "position").values_list(*columns)):
        frontier: set[int] = set()
        for measure, source, card, kind, formula, version in rows:
            found.refers.setdefault(measure, []).append(source)
            if card not in own and source not in found.lent:
                found.lent.add(source)
                found.lenders.add(card)
                found.versions.setdefault(card, version)
                if kind != Source.ENTERED:
                    frontier.add(source)
                if kind == Source.FORMULA:
                    found.formulas[source] = formula
        if not frontier:
            break
        wanted = Contributor.objects.filter(measure__among=among(frontier))
    return found
