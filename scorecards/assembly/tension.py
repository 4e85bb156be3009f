"""The states of a scorecard's tension pairs, from its published scores."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from scorecards.choices import TensionState, Window
from scorecards.models import Month, Score, Scorecard, Tension, TensionMember
from scoring.tension import Pair, Side, Thresholds, side, state

MONTHS = 13


@dataclass(frozen=True)
class PairState:
    """One pair in one month: both sides' scores (None: none), its own score and gap, and the state."""

    tension: Tension
    period: Month
    state: TensionState
    a: float | None
    b: float | None
    score: float | None
    gap: float | None


def states_of(card: Scorecard, periods: Iterable[Month]) -> list[PairState]:
    """All pairs of the scorecard in those months. Three queries."""
    periods = list(periods)
    rows = _rows(card, {month for period in periods for month in (period - 1, period)})
    members = TensionMember.objects.select_related("measure").only("tension", "side", "measure__code")
    pairs = list(card.tensions.prefetch_related(Prefetch("members", members)))
    return [_state(pair, card, rows, period) for period in periods for pair in pairs]


def history_of(tension: Tension, period: Month) -> list[PairState]:
    """The pair in the 13 months up to that one."""
    months = [period - back for back in range(MONTHS - 1, -1, -1)]
    rows = _rows(tension.scorecard, [months[0] - 1, *months])
    return [_state(tension, tension.scorecard, rows, month) for month in months]


def _rows(card: Scorecard, periods: Iterable[Month]) -> dict[Month, dict[str, tuple[float, float | None]]]:
    """Of each month and measure (by code) the share of the whole scorecard, and the score."""
    wanted = Score.objects.filter(
        unit=card.unit_id, officer=card.officer, revision=0, window=Window.MONTH, period__in=[int(p) for p in periods]
    )
    return {row.period: _shares(row) for row in wanted.select_related("layout")}


def _shares(row: Score) -> dict[str, tuple[float, float | None]]:
    nodes = row.layout.nodes
    perspectives, objectives, measures = nodes["perspectives"], nodes["objectives"], nodes["measures"]
    first = len(perspectives) + len(objectives)
    found = {}
    for i, node in enumerate(measures):
        objective = objectives[node["parent"]]
        share = node["share"] * objective["share"] * perspectives[objective["parent"]]["share"]
        found[node["code"]] = (share, row.node_scores[first + i])
    return found


def _state(tension: Tension, card: Scorecard, rows: dict[Month, dict[str, tuple[float, float | None]]], period: Month) -> PairState:
    members = list(tension.members.all())

    def side_in(month: Month, letter: str) -> float | None:
        measures: Side = [rows[month][m.measure.code] for m in members if m.side == letter and m.measure.code in rows.get(month, {})]
        return side(measures) if month in rows else None

    pair = Pair(side_in(period, "a"), side_in(period, "b"), side_in(period - 1, "a"), side_in(period - 1, "b"))
    found = state(pair, Thresholds(**card.tension_thresholds))
    return PairState(tension, period, TensionState(found.value), pair.a, pair.b, pair.score, pair.gap)
