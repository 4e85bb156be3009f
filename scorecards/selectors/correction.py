"""Reads corrections."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from organisation.models import Unit
from scorecards.choices import PARTS, CorrectionState
from scorecards.models import Correction, Measure, Month, Reading, among
from scorecards.selectors.text import month_text, reading_text


@dataclass(frozen=True)
class CorrectionRow:
    row: Correction
    month: str
    before: str
    after: str


def corrections(unit: Unit, text: str, officer: str | None = None) -> "QuerySet[Correction]":
    """Of the unit's own scorecards and of that officer's there (None: of all officers'); what waits for a decision first."""
    found = Correction.objects.filter(measure__scorecard__unit=unit)
    if officer is not None:
        found = found.filter(measure__scorecard__officer__in=["", officer])
    if text:
        named = Q(measure__code__icontains=text) | Q(measure__name__icontains=text) | Q(measure__name_zh__icontains=text)
        found = found.filter(named | Q(reason__icontains=text))
    waiting_first = Case(When(state=CorrectionState.ASKED, then=Value(0)), default=Value(1))
    return found.select_related("measure", "asked_by", "decided_by").order_by(waiting_first, "-pk")


def row(found: Correction) -> CorrectionRow:
    after = {name: getattr(found, name) for name in PARTS}
    return CorrectionRow(
        found, month_text(found.month), _told(found.before or {}), _told({**after, "not_applicable": found.not_applicable})
    )


def stored(measure: Measure, month: Month) -> str:
    """What the month says now."""
    reading = Reading.objects.filter(measure=measure, month=int(month)).first()
    return _told({name: getattr(reading, name) for name in (*PARTS, "not_applicable")}) if reading else ""


def _told(facts: dict[str, Any]) -> str:
    return reading_text(facts) or "–"


def sheet(found: list[CorrectionRow]) -> tuple[list[str], list[list[str]]]:
    """The corrections as a table: names of the columns, and rows."""
    header = [_("Month"), _("Code"), _("Measure"), _("Before"), _("After"), _("Reason"), _("Evidence"), _("Asked by"), _("Decision")]
    rows = [
        [
            *(one.month, one.row.measure.code, one.row.measure.label, one.before, one.after, one.row.reason, one.row.evidence),
            *(one.row.asked_by.label, str(one.row.get_state_display())),
        ]
        for one in found
    ]
    return header, rows


def waiting(cards: Iterable[int], month: Month) -> "QuerySet[Correction]":
    """Those approved that a reopening of these scorecards would write."""
    waiting = Correction.objects.filter(measure__scorecard__among=among(list(cards)), month=int(month), state=CorrectionState.APPROVED)
    return waiting.select_related("measure__scorecard__unit", "asked_by").order_by("pk")
