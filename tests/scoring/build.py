"""Plans and facts written down shortly, for tests of the arithmetic."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from scoring.engine import score
from scoring.plan import MAX_POINTS, NEVER, Better, Dated, Facts, Method, Plan, Results, Windows

JANUARY = 12 * 2026
LATE = date(2027, 6, 1).toordinal()


@dataclass
class Measure:
    """values: by month number; a pair for ratio and weighted; None marks not applicable."""

    values: dict[int, object] = field(default_factory=dict)
    points: list[float] = field(default_factory=lambda: [0.0, 100.0])
    curve: list[float] = field(default_factory=lambda: [0.0, 100.0])
    method: Method = Method.AVERAGE
    factor: float = 1.0
    better: Better = Better.HIGHER
    step: int = 1
    weight: float = 1.0
    targets: dict[int, list[float]] | None = None
    veto_cap: float | None = None
    minimum_count: float | None = None


@dataclass
class Node:
    weight: float = 1.0
    children: list = field(default_factory=list)


@dataclass
class Card:
    perspectives: list[Node]
    missing_zero: bool = False
    minimum_completeness: float = 0.5


def flat(*measures: Measure, **settings: object) -> Card:
    """One perspective with one objective that holds the measures."""
    return Card([Node(1.0, [Node(1.0, list(measures))])], **settings)  # type: ignore[arg-type]


def scored(*cards: Card, first: int = 1, last: int = 1, today: int = LATE) -> Results:
    """Score the cards in the window of those months of 2026."""
    plan, facts = arrays(*cards)
    windows = Windows(np.full(len(cards), JANUARY + first - 1), np.full(len(cards), JANUARY + last - 1), today)
    return score(plan, facts, windows)


def arrays(*cards: Card) -> tuple[Plan, Facts]:
    perspectives = [(c, node) for c, card in enumerate(cards) for node in card.perspectives]
    objectives = [(p, node) for p, (_, above) in enumerate(perspectives) for node in above.children]
    measures = [(o, node) for o, (_, above) in enumerate(objectives) for node in above.children]
    only = [measure for _, measure in measures]
    return _plan(cards, perspectives, objectives, measures), _facts(only)


def _plan(cards, perspectives, objectives, measures) -> Plan:
    only = [measure for _, measure in measures]
    rows = [(i, JANUARY + month - 1, points) for i, m in enumerate(only) for month, points in (m.targets or {1: m.points}).items()]
    return Plan(
        missing_zero=np.array([card.missing_zero for card in cards]),
        minimum_completeness=np.array([card.minimum_completeness for card in cards], dtype=float),
        adjustment_limit=np.full(len(cards), 10.0),
        deadline_day=np.full(len(cards), 10),
        band_floors=np.array([[0.0, 60.0, 85.0]] * len(cards)),
        card_of=ints([c for c, _ in perspectives]),
        perspective_of=ints([p for p, _ in objectives]),
        objective_of=ints([o for o, _ in measures]),
        perspective_weights=always([node.weight for _, node in perspectives]),
        objective_weights=always([node.weight for _, node in objectives]),
        measure_weights=always([measure.weight for measure in only]),
        method=ints([measure.method for measure in only]),
        factor=np.array([measure.factor for measure in only], dtype=float),
        step=ints([measure.step for measure in only]),
        due_from=np.zeros(len(only), dtype=np.int64),
        due_until=np.full(len(only), NEVER - 1),
        better=ints([measure.better for measure in only]),
        curve_length=ints([len(measure.curve) for measure in only]),
        curves=padded([measure.curve for measure in only]),
        curve_of=np.arange(len(only)),
        veto_cap=np.array([np.nan if measure.veto_cap is None else measure.veto_cap for measure in only], dtype=float),
        minimum_count=np.array([np.nan if measure.minimum_count is None else measure.minimum_count for measure in only], dtype=float),
        targets=Dated(ints([r[0] for r in rows]), ints([r[1] for r in rows]), padded([r[2] for r in rows])),
        steps=(),
        rests_of=ints([]),
        rests_on=ints([]),
    )


def _facts(only: list[Measure]) -> Facts:
    shape = (len(only), 12)
    value, second = np.full(shape, np.nan), np.full(shape, np.nan)
    reported, excused = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for i, measure in enumerate(only):
        for month, held in measure.values.items():
            at = i, month - 1
            excused[at], reported[at] = held is None, held is not None
            if held is not None:
                pair = held if isinstance(held, tuple) else (held, np.nan)
                value[at], second[at] = pair
    return Facts(np.arange(JANUARY, JANUARY + 12), value, second, reported, excused)


def ints(numbers) -> np.ndarray:
    return np.array(list(numbers), dtype=np.int64)


def always(weights: list[float]) -> Dated:
    return Dated(np.arange(len(weights)), np.zeros(len(weights), dtype=np.int64), np.array(weights, dtype=float))


def padded(rows: list[list[float]]) -> np.ndarray:
    return np.array([list(row) + [np.nan] * (MAX_POINTS - len(row)) for row in rows], dtype=float).reshape(len(rows), MAX_POINTS)
