"""Measures ready to be taken into a scorecard."""

from typing import Any

from django.db.models import Q, QuerySet

from organisation.models import Unit
from scorecards.models import CatalogueMeasure, Month
from scorecards.selectors.document import Document

LONGEST_ID = 18


def offers(unit: Unit, text: str) -> "QuerySet[CatalogueMeasure]":
    """What the unit and those above it offer, whose code, names or topic contain the text."""
    found = CatalogueMeasure.objects.filter(unit__paths_down__below=unit, active=True)
    if text:
        found = found.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text) | Q(topic__icontains=text))
    return found


def offer(unit: Unit, pk: str) -> CatalogueMeasure | None:
    return offers(unit, "").filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < LONGEST_ID else None


def measure_of(offered: CatalogueMeasure, month: Month) -> Document:
    """The measure as documents write it, its target in force from that month."""
    measure: dict[str, Any] = {**offered.definition, "code": offered.code, "name": offered.name, "name_zh": offered.name_zh}
    measure["targets"] = [{"from": str(month), "points": row["points"]} for row in measure.get("targets") or []]
    return measure


def catalogue(units: "QuerySet[Unit]", text: str) -> "QuerySet[CatalogueMeasure]":
    """All measures of the catalogues of those units."""
    found = CatalogueMeasure.objects.filter(unit__in=units).select_related("unit")
    if text:
        found = found.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text) | Q(topic__icontains=text))
    return found
