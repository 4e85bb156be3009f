"""Reads the units that have scorecards, with their latest scores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models import Window as Over
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from organisation.models import Unit
from scorecards.choices import INSUFFICIENT, NO_BAND, Window
from scorecards.models import Month, Score, Scorecard
from scorecards.selectors.score import change
from scorecards.selectors.status import Status, status_of
from scorecards.selectors.text import change_text, month_text, score_text

OWN_MONTHS = Score.objects.filter(scorecard__officer="", revision=0, window=Window.MONTH).order_by()


@dataclass(frozen=True)
class UnitRow:
    """One unit of the list, with its score of the month; period: that month, none without a score."""

    unit: Unit
    years: str
    score: str
    change: str
    status: Status | None
    period_text: str
    period: Month | None = None


def with_scorecards(units: "QuerySet[Unit]", text: str) -> "QuerySet[Unit]":
    """Those of the units that have a scorecard and whose code or name contains the text."""
    found = units.filter(pk__in=Scorecard.objects.filter(officer="").values("unit"))
    if text:
        found = found.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text))
    return found.order_by("code")


def rows(units: list[Unit]) -> list[UnitRow]:
    """The units with their latest monthly score that has enough data behind it, else the latest, and its change. Three queries, however
    many they are."""
    sound = Case(When(band__in=[NO_BAND, INSUFFICIENT], then=Value(1)), default=Value(0))
    place = Over(RowNumber(), partition_by="unit", order_by=[sound, F("period").desc()])
    latest = OWN_MONTHS.filter(scorecard__unit__in=units, score__isnull=False).annotate(place=place).filter(place=1)
    now = {row.unit_id: row for row in latest.select_related("layout").defer("node_scores", "lost")}
    before = {(unit, period): score for unit, period, score in _before(units, now)}
    years: dict[int, list[int]] = {}
    for unit, year in Scorecard.objects.filter(unit__in=units, officer="").order_by("year").values_list("unit", "year"):
        years.setdefault(unit, []).append(year)
    return [_row(unit, now.get(unit.pk), before, years.get(unit.pk, [])) for unit in units]


def _before(units: list[Unit], now: Mapping[int, Score]) -> Iterable[tuple[int, int, float | None]]:
    periods = {int(row.period) - 1 for row in now.values()}
    return OWN_MONTHS.filter(scorecard__unit__in=units, period__in=periods).values_list("unit", "period", "score")


def _row(unit: Unit, row: Score | None, before: dict[tuple[int, int], float | None], years: list[int]) -> UnitRow:
    span = "" if not years else str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    if row is None:
        return UnitRow(unit, span, score_text(None), "", None, "")
    earlier = before.get((unit.pk, row.period - 1))
    status = status_of(row.band, row.layout.nodes["bands"])
    return UnitRow(unit, span, score_text(row.score), change_text(change(row.score, earlier)), status, month_text(row.period), row.period)


def sheet(found: list[UnitRow]) -> tuple[list[str], list[list[str]]]:
    """The units as a table: names of the columns, and rows."""
    header = [_("Code"), _("Unit"), _("Month"), _("Score"), _("Change"), _("Status")]
    rows = [[row.unit.code, row.unit.label, row.period_text, row.score, row.change, row.status.word if row.status else ""] for row in found]
    return header, rows
