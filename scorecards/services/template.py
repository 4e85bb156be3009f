"""Gives an approved version to other units, as drafts that each of them accepts or not."""

from dataclasses import dataclass
from datetime import datetime

from organisation.models import Unit, User
from scorecards.errors import ScorecardError
from scorecards.models import Month, Version
from scorecards.selectors.template import proposal
from scorecards.services.version import begin


@dataclass(frozen=True)
class Given:
    """What became of one unit: its new draft, or why there is none."""

    unit: Unit
    version: Version | None
    refusal: str = ""


def give(
    *, actor: User, template: Version, units: list[Unit], from_month: Month, locked: list[list[str]], reason: str, now: datetime
) -> list[Given]:
    """A draft for each unit, which says what the template says and keeps what the unit has changed since it took an earlier version of
    it. Units with an open draft are left out and told."""
    found = []
    for unit in units:
        try:
            version = begin(
                actor=actor,
                unit=unit,
                year=template.year,
                from_month=from_month,
                source=proposal(template, unit, from_month),
                reason=reason,
                now=now,
                template=template,
                locked=locked,
            )
            found.append(Given(unit, version))
        except ScorecardError as refusal:
            found.append(Given(unit, None, str(refusal)))
    return found
