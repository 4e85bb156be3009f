"""Versions of a unit's scorecard: lists of them, what differs between two, what approving one would do."""

import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit
from scorecards.choices import VersionState
from scorecards.models import Month, Step, Version
from scorecards.selectors.document import Document, definition_of, document_of, with_reported, without_readings
from scorecards.selectors.draft import adopted, begun, blank, flat, for_year, lost_readings, merged, of_unit, undated
from scorecards.selectors.scorecard import scorecard_of

MOST_OTHERS = 20
NOT_TOLD = {"readings", "code"}


@dataclass(frozen=True)
class Difference:
    """One node, link, pair or setting that two documents say differently. kind: added, removed or changed; fields: name, old, new."""

    kind: str
    level: str
    code: str
    node: Document
    fields: list[tuple[str, Any, Any]]


def differences(old: Document, new: Document) -> list[Difference]:
    """In the order of the newer document, what it does not hold any more last."""
    before, after = flat(old), flat(new)
    found: list[Difference] = []
    for key, node in after.items():
        was = before.get(key)
        if was is None:
            found.append(Difference("added", *key, node, []))
            continue
        names = [name for name in {**was, **node} if name not in NOT_TOLD and was.get(name) != node.get(name)]
        if names:
            found.append(Difference("changed", *key, node, [(name, was.get(name), node.get(name)) for name in names]))
    return found + [Difference("removed", *key, node, []) for key, node in before.items() if key not in after]


def unit_of(unit: Unit) -> Document:
    """A unit as documents write it."""
    return {"code": unit.code, "name": unit.name, "name_zh": unit.name_zh, "parent": unit.parent.code if unit.parent else None}


@dataclass(frozen=True)
class Outlook:
    """What approving a version would do. before: what the scorecard says from that month on now, None where there is none; after: what it
    would say from that month on; document: the whole, to be read and written; undated: the codes of what would change for earlier
    months too; lost: the codes of measures whose values would go; card_version: of the scorecard as it was read."""

    before: Document | None
    after: Document
    document: Document
    undated: list[str]
    lost: list[str]
    card_version: int | None


def outlook(version: Version) -> Outlook:
    """As things stand now, with what has changed on the scorecard since the draft began."""
    card = scorecard_of(version.unit.code, version.year)
    if card is None:
        document = {**adopted(version.document, None, version.from_month), "unit": unit_of(version.unit)}
        return Outlook(None, version.document, document, [], [], None)
    live = document_of(card)
    before = begun(without_readings(copy.deepcopy(live)), version.from_month)
    draft = merged(version.base, before, version.document) if version.base else version.document
    wanted = with_reported(adopted(draft, live, version.from_month), live)
    told = [code or str(_("the rules of the scorecard")) for _level, code in undated(live, wanted)]
    return Outlook(
        before, begun(without_readings(copy.deepcopy(wanted)), version.from_month), wanted, told, lost_readings(live, wanted), card.version
    )


def source_of(kind: str, unit: Unit, year: int, other: Unit | None) -> Document | None:
    """What a draft of that unit and year begins with. kind: now, before, unit (the other one's) or blank. None where there is none."""
    if kind == "blank":
        return blank(unit_of(unit), year)
    from_unit, from_year = (other or unit), year - 1 if kind == "before" else year
    card = scorecard_of(from_unit.code, from_year)
    if card is None and kind == "unit":
        card = scorecard_of(from_unit.code, year - 1)
    if card is None:
        return None
    document = definition_of(card)
    document = document if card.year == year else for_year(document, year)
    return document if from_unit == unit else of_unit(document, unit_of(unit))


def state_text(version: Version, newest: dict[int, int], this_month: Month) -> str:
    """What a version is to people: an approved one is to come, in force, followed by another one, or closed with its year.
    newest: the highest number of the approved versions that have begun, by year."""
    if version.state != VersionState.APPROVED:
        return str(version.get_state_display())
    if version.year < this_month.year:
        return gettext("Closed")
    if version.from_month > this_month:
        return gettext("Approved, still to come")
    return gettext("In force") if newest.get(version.year) == version.number else gettext("Followed by another")


def newest_begun(unit: Unit, this_month: Month) -> dict[int, int]:
    """By year, the highest number of the unit's approved versions that have begun."""
    begun_ones = Version.objects.filter(unit=unit, state=VersionState.APPROVED, from_month__lte=int(this_month))
    return dict(begun_ones.order_by().values_list("year").annotate(Max("number")))


def versions(unit: Unit, text: str) -> "QuerySet[Version]":
    """All versions of the unit whose reason or people contain the text, latest first."""
    found = Version.objects.filter(unit=unit).select_related("begun_by", "decided_by").defer("document", "base")
    if text:
        people = Q(begun_by__name__icontains=text) | Q(decided_by__name__icontains=text)
        found = found.filter(Q(reason__icontains=text) | people)
    return found


def steps(version: Version) -> "QuerySet[Step]":
    """What was done to the draft, latest first."""
    return Step.objects.filter(version=version).select_related("actor").defer("document").order_by("-number")


def others(version: Version) -> list[Version]:
    """The other versions of the unit that were not discarded, to compare with, the latest ones."""
    found = Version.objects.filter(unit=version.unit_id).exclude(pk=version.pk).exclude(state=VersionState.DISCARDED)
    return list(found.defer("document", "base")[:MOST_OTHERS])
