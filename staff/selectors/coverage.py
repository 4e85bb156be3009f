"""Which objectives nobody carries, and which officers carry none."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from organisation.models import Unit, UnitPath
from scorecards.models import Objective, Scorecard
from staff.models import Line, Posting
from staff.selectors.posting import below


@dataclass(frozen=True)
class Coverage:
    """objectives, officers: how many there are; carried, carrying: how many of them are covered."""

    objectives: int
    carried: int
    officers: int
    carrying: int


def objectives(card: Scorecard, text: str) -> "QuerySet[Objective]":
    """The unit's objectives with the number of officers who carry each; those of nobody first."""
    found = card.objectives.select_related("perspective")
    if text:
        found = found.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text))
    return found.order_by("perspective__position", "position")


def carried(card: Scorecard) -> dict[str, int]:
    """By objective's code, how many officers in the unit and below it have a line to it."""
    inside = UnitPath.objects.filter(above=card.unit_id).values("below")
    lines = Line.objects.filter(measure__scorecard__unit__in=inside, measure__scorecard__year=card.year).order_by().values("objective")
    return dict(lines.annotate(n=Count("measure__scorecard__officer", distinct=True)).values_list("objective", "n"))


def officers_without(unit: Unit, card: Scorecard, day: date) -> "QuerySet[Posting]":
    """Who holds a post that day in the unit or below, and carries no objective of the year's."""
    lines = Line.objects.filter(measure__scorecard__officer=OuterRef("person__username"), measure__scorecard__year=card.year)
    return below(unit, day).annotate(carries=Exists(lines)).filter(carries=False)


def coverage(unit: Unit, card: Scorecard, day: date) -> Coverage:
    number = below(unit, day).count()
    codes = set(card.objectives.values_list("code", flat=True))
    return Coverage(len(codes), len(codes & set(carried(card))), number, number - officers_without(unit, card, day).count())


def sheet(found: list[tuple[Objective, int]], without: "QuerySet[Posting]") -> tuple[list[str], list[list[str]]]:
    """Objectives with the number of officers who carry them, then the officers who carry none."""
    rows = [[one.code, one.label, str(number)] for one, number in found]
    rows += [[one.person.username, one.person.label, _("carries no objective")] for one in without]
    return [_("Code or staff number"), _("Name"), _("Officers")], rows
