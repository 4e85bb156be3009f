"""Reads published scores and gives their numbers back to the nodes they belong to, by code, across years."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from organisation.models import Unit
from scorecards.choices import BAND_LETTERS, INSUFFICIENT, INSUFFICIENT_LETTER, NO_BAND, NOTHING_LETTER, REASON_LETTERS, Reason, Window
from scorecards.models import Measure, Month, Score, Scorecard
from scorecards.selectors.moment import Moment
from scorecards.selectors.status import Status, status_of, status_without
from scorecards.selectors.text import input_text, score_text, signed_text

TREND_MONTHS = 13
REASONS = {letter: Reason(reason) for reason, letter in REASON_LETTERS.items()}
SCORE_DECIMALS = 9
NEGLIGIBLE = 0.05
FULL_MARKS = 100


class NodeScore(NamedTuple):
    """A node's published numbers. weight: printed percentage among its siblings."""

    score: float | None
    completeness: float | None
    status: Status
    weight: str
    band: str = NO_BAND
    value: float | None = None
    reason: Reason | None = None
    goal: tuple[float | None, float | None] = (None, None)
    lost: float = 0.0


@dataclass(frozen=True)
class CardScore:
    """One published row, its nodes by code. adjustment: what is added to the base; cap: of the veto that holds; revision: as which the
    month is closed, 0 where it is open."""

    period: Month
    score: float | None
    adjustment: float
    cap: float | None
    completeness: float | None
    status: Status
    computed_at: Any
    revision: int
    perspectives: dict[str, NodeScore] = field(default_factory=dict)
    objectives: dict[str, NodeScore] = field(default_factory=dict)
    measures: dict[str, NodeScore] = field(default_factory=dict)

    def among(self, perspectives: Container[str], measures: Container[str]) -> "CardScore":
        """The same without nodes that are no longer there: a removal shows at once, its scores a moment later."""
        return replace(
            self,
            perspectives={code: node for code, node in self.perspectives.items() if code in perspectives},
            measures={code: node for code, node in self.measures.items() if code in measures},
        )


Trend = dict[Month, CardScore]


def trend(unit: Unit, period: Month, window: str, months: int = TREND_MONTHS, officer: str = "") -> Trend:
    """The published rows of the months up to the period, by month: of the unit's own scorecard, or of an officer's there. One query."""
    wanted = Score.objects.filter(**_of(unit, officer), revision=0, window=window, period__gt=int(period) - months, period__lte=int(period))
    return {row.period: decode(row) for row in wanted.select_related("layout")}


def published_score(card: Scorecard, period: Month, window: str, level: str, node: str) -> str:
    """The score that is shown of the scorecard (level `card`), or of one of its nodes."""
    row = trend(card.unit, period, window, months=1, officer=card.officer).get(period)
    if row is None or level == "card":
        return score_text(row.score if row else None)
    found = {"perspective": row.perspectives, "objective": row.objectives, "measure": row.measures}[level].get(node)
    return score_text(found.score if found else None)


def decode(row: Score) -> CardScore:
    """Give the numbers of a row back to its nodes."""
    nodes = row.layout.nodes
    bands: list[str] = nodes["bands"]
    found_bands = {letter: _band(letter, bands) for letter in set(row.node_bands)}
    statuses = {band: status_of(band, bands) for band in {*found_bands.values(), row.band}}
    decoded: list[dict[str, NodeScore]] = []
    at = 0
    for level in ("perspectives", "objectives", "measures"):
        entries = nodes[level]
        found = {}
        for i, entry in enumerate(entries):
            band = found_bands[row.node_bands[at + i]]
            found[entry["code"]] = NodeScore(
                row.node_scores[at + i],
                row.node_completeness[at + i],
                statuses[band],
                entry["printed"],
                band,
                *(_measure(row, i) if level == "measures" else ()),
            )
        decoded.append(found)
        at += len(entries)
    return CardScore(
        row.period, row.score, row.adjustment, row.cap, row.completeness, statuses[row.band], row.computed_at, row.published_as, *decoded
    )


def status_in(node: NodeScore | None, measure: Measure, at: Moment) -> Status:
    """How the measure stands, or why it has no score. measure: with its scorecard."""
    if node is None or node.score is not None or node.reason is None:
        return node.status if node else Status("none", _("No score"))
    return status_without(node.reason, at.late_since(measure) is not None)


def reason_in(node: NodeScore | None) -> str:
    """What there is to say about the score beside the status."""
    return str(node.reason.label) if node and node.reason and node.score is not None else ""


def change(now: float | None, before: float | None) -> float | None:
    """score − score of the period before (rule book §6); None if either is."""
    return None if now is None or before is None else round(now - before, SCORE_DECIMALS)


def vetoes(row: CardScore | None, measures: Iterable[Measure]) -> list[str]:
    """A sentence for each measure whose veto caps the scorecard (rule book §5)."""
    return [veto_text(measure, row.cap) for measure in measures if _caps(row, measure)] if row else []


def _caps(row: CardScore, measure: Measure) -> bool:
    node = row.measures.get(measure.code)
    return row.cap is not None and measure.veto_cap == row.cap and node is not None and node.score is not None and node.score < FULL_MARKS


def veto_text(measure: Measure, cap: float | None) -> str:
    """Why the scorecard does not score more."""
    told = {"code": measure.code, "name": measure.label, "cap": input_text(cap)}
    return _("Veto: %(code)s %(name)s scores below 100, so the scorecard scores %(cap)s at most.") % told


def adjusted_text(row: CardScore | None) -> str:
    """What adjustments add to the score; empty where there are none."""
    return _("adjustments %(points)s") % {"points": signed_text(row.adjustment)} if row and row.adjustment else ""


def tone_of_change(delta: float | None) -> str:
    """A fall that can be seen is bad; everything else is plain."""
    return "bad" if delta is not None and delta <= -NEGLIGIBLE else "plain"


def period_before(period: Month, window: str) -> Month | None:
    """The period that a window's change looks back to (rule book §6); None where it looks at none."""
    if window == Window.YEAR:
        return None if period.number == 1 else period - 1
    return period - (3 if window == Window.QUARTER else 1)


def latest_period(unit: Unit | None, year: int | None = None, officer: str = "") -> Month | None:
    """The last month (of that year) that has a score with enough data behind it, else the last with any score. unit: None
    for an officer, in whatever unit."""
    scored = Score.objects.filter(**_of(unit, officer), revision=0, window=Window.MONTH, score__isnull=False).order_by("-period")
    if year is not None:
        scored = scored.filter(scorecard__year=year)
    sound = scored.exclude(band__in=[NO_BAND, INSUFFICIENT])
    found = sound.values_list("period", flat=True).first() or scored.values_list("period", flat=True).first()
    return None if found is None else Month(found)


def _of(unit: Unit | None, officer: str) -> dict[str, Any]:
    return {"scorecard__officer": officer, **({} if unit is None else {"scorecard__unit": unit})}


def series(trend_rows: Trend, months: Iterable[Month], pick: Any) -> list[float | None]:
    """One number a month, None where nothing is published. pick: what to take of a row."""
    return [pick(trend_rows[month]) if month in trend_rows else None for month in months]


def months_up_to(period: Month, number: int = TREND_MONTHS) -> list[Month]:
    return [period - back for back in range(number - 1, -1, -1)]


def _band(letter: str, bands: list[str]) -> str:
    special = {NOTHING_LETTER: NO_BAND, INSUFFICIENT_LETTER: INSUFFICIENT}
    return special.get(letter) or bands[BAND_LETTERS.index(letter)]


def _measure(row: Score, i: int) -> tuple[float | None, Reason | None, tuple[float | None, float | None], float]:
    """value, reason, goal and lost of a measure."""
    return row.values[i], REASONS.get(row.reasons[i]), (row.goals[2 * i], row.goals[2 * i + 1]), row.lost[i] or 0.0
