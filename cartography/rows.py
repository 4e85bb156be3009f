"""Which row of its lane each card stands in, and in which order the cards of a row stand."""

from itertools import combinations
from statistics import fmean

from cartography.plan import ACROSS, MOST_IN_ROW, Arrow, Card, Lane

SWEEPS = 24
MANY = 200
DEEPEST = 3
SAME_ROW_COST = 2.0
Row = list[Card]


def rows_of(lane: Lane, arrows: list[Arrow]) -> list[Row]:
    """The rows of a lane from the top: where a card asks for one, there; else effects above their causes, 6 in a row."""
    rows: dict[int, Row] = {}
    depths = _depths(lane, arrows)
    for card in lane.cards:
        rows.setdefault(depths[card.key] if card.row is None else card.row, []).append(card)
    found: list[Row] = []
    for _number, row in sorted(rows.items()):
        parts = -(-len(row) // MOST_IN_ROW)
        size = -(-len(row) // parts)
        found += [row[i : i + size] for i in range(0, len(row), size)]
    return found or [[]]


def _depths(lane: Lane, arrows: list[Arrow]) -> dict[str, int]:
    """How many effects of the same lane stand above each card, in a chain, DEEPEST at the most."""
    depths = dict.fromkeys((card.key for card in lane.cards), 0)
    inside = [arrow for arrow in arrows if arrow.cause in depths and arrow.effect in depths]
    both_ways = {(arrow.effect, arrow.cause) for arrow in inside}
    for _ in range(DEEPEST):
        for arrow in inside:
            if (arrow.cause, arrow.effect) not in both_ways:
                depths[arrow.cause] = min(DEEPEST, max(depths[arrow.cause], depths[arrow.effect] + 1))
    return depths


def ordered(rows: list[Row], arrows: list[Arrow]) -> list[Row]:
    """The same rows, each in the order of what its cards ask for, and where they ask for nothing in one with few crossings;
    with more arrows than MANY, which no order makes legible, as they come."""
    places = {card.key: (r, _asked(card, i, len(row))) for r, row in enumerate(rows) for i, card in enumerate(row)}
    if all(card.x is not None for row in rows for card in row):
        return _sorted(rows, places)
    joined = [arrow for arrow in arrows if arrow.cause in places and arrow.effect in places]
    neighbours: dict[str, list[str]] = {key: [] for key in places}
    for arrow in joined:
        neighbours[arrow.cause].append(arrow.effect)
        neighbours[arrow.effect].append(arrow.cause)
    best, least = dict(places), _cost(places, joined) if len(joined) <= MANY else 0.0
    for sweep in range(SWEEPS if len(joined) <= MANY else 0):
        for row in rows if sweep % 2 else rows[::-1]:
            wanted = {card.key: _wanted(card, places, neighbours[card.key]) for card in row}
            line = sorted(row, key=lambda card: (wanted[card.key], places[card.key][1]))
            places |= {card.key: (places[card.key][0], _asked(card, i, len(row))) for i, card in enumerate(line)}
        cost = _cost(places, joined)
        if cost < least:
            best, least = dict(places), cost
    return _sorted(rows, best)


def _asked(card: Card, i: int, cards: int) -> float:
    return ACROSS * (i + 0.5) / cards if card.x is None else card.x


def _sorted(rows: list[Row], places: dict[str, tuple[int, float]]) -> list[Row]:
    return [sorted(row, key=lambda card: places[card.key][1]) for row in rows]


def _wanted(card: Card, places: dict[str, tuple[int, float]], neighbours: list[str]) -> float:
    if card.x is not None:
        return card.x
    return fmean(places[key][1] for key in neighbours) if neighbours else places[card.key][1]


def _cost(places: dict[str, tuple[int, float]], arrows: list[Arrow]) -> float:
    ends = [(places[arrow.cause], places[arrow.effect]) for arrow in arrows]
    lengths = sum(abs(a[1] - b[1]) / ACROSS + (SAME_ROW_COST if a[0] == b[0] else 0) for a, b in ends)
    crossings = sum(_cross(*one, *other) for one, other in combinations(ends, 2))
    return crossings + lengths


def _cross(a: tuple[int, float], b: tuple[int, float], c: tuple[int, float], d: tuple[int, float]) -> bool:
    """Whether two straight lines cross, x being told at the rows that both of them span."""
    (top_1, x_1), (low_1, u_1) = sorted((a, b))
    (top_2, x_2), (low_2, u_2) = sorted((c, d))
    top, low = max(top_1, top_2), min(low_1, low_2)
    if top >= low:
        return False

    def at(row: int, first: int, x: float, last: int, u: float) -> float:
        return x + (u - x) * (row - first) / (last - first)

    before = at(top, top_1, x_1, low_1, u_1) - at(top, top_2, x_2, low_2, u_2)
    after = at(low, top_1, x_1, low_1, u_1) - at(low, top_2, x_2, low_2, u_2)
    return before * after < 0
