"""Templates: approved versions that are given to other units."""

from dataclasses import dataclass

from django.db.models import QuerySet

from organisation.models import Unit
from scorecards.choices import VersionState
from scorecards.models import Month, Version
from scorecards.selectors.document import Document, definition_of
from scorecards.selectors.draft import begun, of_unit, upgraded
from scorecards.selectors.scorecard import scorecard_of
from scorecards.selectors.version import differences, unit_of


def proposal(template: Version, unit: Unit, month: Month) -> Document:
    """What the template proposes to a unit from that month on."""
    card = scorecard_of(unit.code, template.year)
    own = begun(definition_of(card), month) if card else of_unit(template.document, unit_of(unit))
    return upgraded(own, _taken(template, unit), template.document)


def _taken(template: Version, unit: Unit) -> Document | None:
    """What an earlier version of the same template said when the unit took it; None where it has not."""
    taken = Version.objects.filter(unit=unit, year=template.year, state=VersionState.APPROVED, template__unit=template.unit)
    last = taken.select_related("template").order_by("-number").first()
    return last.template.document if last and last.template else None


@dataclass(frozen=True)
class Preview:
    """What giving the template to a unit would change there. number: of differences; None: the unit has no scorecard of the year."""

    unit: Unit
    number: int | None
    is_upgrade: bool


def previews(template: Version, units: list[Unit], month: Month) -> list[Preview]:
    found = []
    for unit in units:
        card = scorecard_of(unit.code, template.year)
        changes = differences(begun(definition_of(card), month), proposal(template, unit, month)) if card else None
        found.append(Preview(unit, None if changes is None else len(changes), _taken(template, unit) is not None))
    return found


def copies(template: Version) -> "QuerySet[Version]":
    """The versions of other units that come from it, by unit."""
    return Version.objects.filter(template=template).select_related("unit").defer("document", "base").order_by("unit__code", "-number")
