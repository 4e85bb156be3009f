"""Instructions from above: lists, and what is not answered yet."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from organisation.models import Unit
from scorecards.models import Clause, Instruction, Measure, Objective, Scorecard


def instructions(unit: Unit, text: str) -> "QuerySet[Instruction]":
    """Those of the unit whose number, title or clauses contain the text, latest first."""
    found = Instruction.objects.filter(unit=unit).annotate(number_of_clauses=Count("clauses", distinct=True))
    if text:
        own = Q(number__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text)
        found = found.filter(own | Q(clauses__text__icontains=text) | Q(clauses__text_zh__icontains=text)).distinct()
    return found.order_by("-issued_on", "number")


def known_codes(unit: Unit) -> tuple[set[str], set[str]]:
    """The codes of objectives and measures on the unit's latest scorecard."""
    card = _latest(unit)
    if card is None:
        return set(), set()
    return (
        set(Objective.objects.filter(scorecard=card).values_list("code", flat=True)),
        set(Measure.objects.filter(scorecard=card).values_list("code", flat=True)),
    )


def _latest(unit: Unit) -> Scorecard | None:
    return Scorecard.objects.filter(unit=unit, officer="").order_by("-year").first()


@dataclass(frozen=True)
class Trace:
    """year: of the scorecard that was looked at; unanswered: clauses without a measure on it; untold: objectives without a clause."""

    year: int | None
    unanswered: list[Clause]
    untold: list[Objective]


def trace(unit: Unit) -> Trace:
    card = _latest(unit)
    if card is None:
        return Trace(None, [], [])
    _objectives, measures = known_codes(unit)
    clauses = list(Clause.objects.filter(instruction__unit=unit).select_related("instruction"))
    told = {code for clause in clauses for code in clause.objectives}
    of_measure = dict(Measure.objects.filter(scorecard=card).values_list("code", "objective__code"))
    told |= {of_measure[code] for clause in clauses for code in clause.measures if code in of_measure}
    return Trace(
        card.year,
        [clause for clause in clauses if not measures & set(clause.measures)],
        [objective for objective in Objective.objects.filter(scorecard=card) if objective.code not in told],
    )
