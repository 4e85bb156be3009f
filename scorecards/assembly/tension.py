"""The states of a scorecard's tension pairs, from its published scores."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from scorecards.choices import TensionState, Window
from scorecards.models import Month, Score, Scorecard, Tension, TensionMember, among
from scoring.tension import Pair, Side, Thresholds, side, state

MONTHS = 13
Shares = dict[str, tuple[float, float | None]]  # of each measure, by code: its share of the whole scorecard, and its score
Rows = dict[tuple[int, str, Month], Shares]  # of a unit or its officer in a month


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


def states_of(cards: Iterable[Scorecard], periods: Iterable[Month]) -> list[PairState]:
    """All pairs of the scorecards in those months. Three queries, however many there are."""
    periods, by_id = list(periods), {card.pk: card for card in cards}
    rows = _rows(by_id.values(), {month for period in periods for month in (period - 1, period)})
    pairs = Tension.objects.filter(scorecard__among=among(by_id)).order_by("scorecard_id", "pk").prefetch_related(_with_measures())
    return [_state(pair, by_id[pair.scorecard_id], rows, period) for period in periods for pair in pairs]


def history_of(tension: Tension, period: Month) -> list[PairState]:
    """The pair in the 13 months up to that one."""
    months = [period - back for back in range(MONTHS - 1, -1, -1)]
    rows = _rows([tension.scorecard], [months[0] - 1, *months])
    return [_state(tension, tension.scorecard, rows, month) for month in months]


def _with_measures() -> "Prefetch[Any]":
    return Prefetch("members", TensionMember.objects.select_related("measure").only("tension", "side", "measure__code"))


def _rows(cards: Iterable[Scorecard], periods: Iterable[Month]) -> Rows:
    owners = {(card.unit_id, card.officer) for card in cards}
    wanted = Score.objects.filter(
        scorecard__unit__among=among({unit for unit, _officer in owners}),
        scorecard__officer__in={officer for _unit, officer in owners},
        revision=0,
        window=Window.MONTH,
        period__in=[int(period) for period in periods],
    )
    return {(row.unit_id, row.officer, row.period): _shares(row) for row in wanted.select_related("layout")}


def _shares(row: Score) -> Shares:
    nodes = row.layout.nodes
    perspectives, objectives, measures = nodes["perspectives"], nodes["objectives"], nodes["measures"]
    first = len(perspectives) + len(objectives)
    found = {}
    for i, node in enumerate(measures):
        objective = objectives[node["parent"]]
        share = node["share"] * objective["share"] * perspectives[objective["parent"]]["share"]
        found[node["code"]] = (share, row.node_scores[first + i])
    return found


def _state(tension: Tension, card: Scorecard, rows: Rows, period: Month) -> PairState:
    members = list(tension.members.all())

    def side_in(month: Month, letter: str) -> float | None:
        found = rows.get((card.unit_id, card.officer, month), {})
        measures: Side = [found[member.measure.code] for member in members if member.side == letter and member.measure.code in found]
        return side(measures)

    pair = Pair(side_in(period, "a"), side_in(period, "b"), side_in(period - 1, "a"), side_in(period - 1, "b"))
    found = state(pair, Thresholds(**card.tension_thresholds))
    return PairState(tension, period, TensionState(found.value), pair.a, pair.b, pair.score, pair.gap)
