"""Where arrows run: between cards, never across one. An arrow leaves a card by its top or bottom, turns only in the channels between
rows, and crosses a row that lies in its way straight through a gap between two cards."""

from collections import defaultdict
from dataclasses import dataclass, field

from cartography.places import apart
from cartography.plan import CARD_HEIGHT, CARD_WIDTH, HEAD, WIDTH, Arrow, Box, Line

TRACK = 6.0
CLEAR = 7.0
PORTS = 0.62
ARC = 15.0
TIP_LENGTH, TIP_HALF = 7.0, 3.6
Rows = list[list[Box]]
Point = tuple[float, float]


@dataclass
class _Way:
    """An arrow on its way. rows: those that it crosses, in order; xs: where."""

    arrow: Arrow
    cause: Box
    effect: Box
    rows: list[int]
    leaves: float = 0.0
    enters: float = 0.0
    xs: list[float] = field(default_factory=list)


def lines_of(rows: Rows, arrows: list[Arrow]) -> list[Line]:
    """rows: all rows of the map from the top, the cards of each from the left."""
    at = {box.key: (r, box) for r, row in enumerate(rows) for box in row}
    ways = [_way(arrow, at) for arrow in arrows if arrow.cause in at and arrow.effect in at]
    _ports(ways)
    _tracks(rows, ways)
    return [_line(way, rows) for way in ways]


def _way(arrow: Arrow, at: dict[str, tuple[int, Box]]) -> _Way:
    (low, cause), (high, effect) = at[arrow.cause], at[arrow.effect]
    step = -1 if high < low else 1
    return _Way(arrow, cause, effect, list(range(low + step, high, step)) if high != low else [])


def _side(way: _Way, box: Box) -> str:
    """top or bottom: where the arrow touches the card."""
    level = way.effect.y == way.cause.y
    upward = way.effect.y < way.cause.y
    return "top" if level or (box is way.cause) == upward else "bottom"


def _ports(ways: list[_Way]) -> None:
    """Spread the ends of the arrows over each side of each card, in the order of their far ends."""
    ends: dict[tuple[str, str], list[tuple[float, int, _Way]]] = defaultdict(list)
    for i, way in enumerate(ways):
        ends[way.cause.key, _side(way, way.cause)].append((way.effect.middle, i, way))
        ends[way.effect.key, _side(way, way.effect)].append((way.cause.middle, i, way))
    for (key, _side_name), touching in ends.items():
        for i, (_far, _order, way) in enumerate(sorted(touching, key=lambda end: end[:2])):
            box = way.cause if way.cause.key == key else way.effect
            x = box.middle + CARD_WIDTH * PORTS * ((i + 0.5) / len(touching) - 0.5)
            if box is way.cause:
                way.leaves = x
            else:
                way.enters = x


def _tracks(rows: Rows, ways: list[_Way]) -> None:
    """Give each arrow a gap in each row that it crosses, and each gap a track for each effect that is led through it."""
    for way in ways:
        way.xs = [0.0] * len(way.rows)
    for r, row in enumerate(rows):
        gaps = _gaps(row)
        through: dict[int, dict[str, list[tuple[float, _Way, int]]]] = defaultdict(lambda: defaultdict(list))
        for way in ways:
            if r in way.rows:
                i = way.rows.index(r)
                wanted = way.leaves + (way.enters - way.leaves) * (i + 1) / (len(way.rows) + 1)
                through[_nearest(gaps, through, wanted)][way.effect.key].append((wanted, way, i))
        for gap, tracks in through.items():
            first, last = gaps[gap]
            led = sorted(tracks.values(), key=lambda track: sum(wanted for wanted, _w, _i in track) / len(track))
            wishes = [sum(wanted for wanted, _w, _i in track) / len(track) for track in led]
            for track, x in zip(led, apart(wishes, TRACK, first, last), strict=True):
                for _wanted, way, i in track:
                    way.xs[i] = x


def _gaps(row: list[Box]) -> list[tuple[float, float]]:
    edges = [HEAD + CLEAR, *(x for box in row for x in (box.x - CLEAR, box.right + CLEAR)), WIDTH - CLEAR]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b >= a]


def _nearest(gaps: list[tuple[float, float]], through: dict[int, dict[str, list[tuple[float, _Way, int]]]], wanted: float) -> int:
    """The gap that is least out of the way, one that is full being a last resort."""

    def cost(gap: int) -> tuple[bool, float]:
        first, last = gaps[gap]
        full = len(through[gap]) * TRACK > last - first if gap in through else False
        return full, abs(wanted - min(max(wanted, first), last))

    return min(range(len(gaps)), key=cost)


def _line(way: _Way, rows: Rows) -> Line:
    if way.cause.y == way.effect.y:
        return _level(way, rows)
    upward = way.effect.y < way.cause.y
    sign = -1 if upward else 1
    start: Point = (way.leaves, way.cause.y if upward else way.cause.bottom)
    end: Point = (way.enters, way.effect.bottom if upward else way.effect.y)
    points = [start]
    for r, x in zip(way.rows, way.xs, strict=True):
        top = rows[r][0].y if rows[r] else start[1]
        points += [(x, top + CARD_HEIGHT), (x, top)] if upward else [(x, top), (x, top + CARD_HEIGHT)]
    points.append((end[0], end[1] - sign * TIP_LENGTH))
    path = f"M{_xy(points[0])}"
    for i in range(0, len(points) - 1, 2):
        a, b = points[i], points[i + 1]
        turn = (a[1] + b[1]) / 2
        path += f"C{_xy((a[0], turn))} {_xy((b[0], turn))} {_xy(b)}"
        if i + 2 < len(points):
            path += f"L{_xy(points[i + 2])}"
    return Line(way.arrow.cause, way.arrow.effect, path, _tip(end, (0, sign)))


def _level(way: _Way, rows: Rows) -> Line:
    """Within a row: straight to a neighbour, in an arc above the row to one farther away."""
    row = next(row for row in rows if way.cause in row)
    rightward = way.effect.x > way.cause.x
    sign = 1 if rightward else -1
    if abs(row.index(way.cause) - row.index(way.effect)) == 1:
        y = way.cause.y + CARD_HEIGHT / 2
        start, end = (way.cause.right, way.effect.x) if rightward else (way.cause.x, way.effect.right)
        return Line(way.arrow.cause, way.arrow.effect, f"M{_xy((start, y))}L{_xy((end - sign * TIP_LENGTH, y))}", _tip((end, y), (sign, 0)))
    top = way.cause.y
    bend = min(ARC, abs(way.enters - way.leaves) / 2)
    crest, before_tip = top - ARC, top - TIP_LENGTH
    path = (
        f"M{_xy((way.leaves, top))}C{_xy((way.leaves, crest))} {_xy((way.leaves, crest))} {_xy((way.leaves + sign * bend, crest))}"
        f"L{_xy((way.enters - sign * bend, crest))}C{_xy((way.enters, crest))} {_xy((way.enters, crest))} {_xy((way.enters, before_tip))}"
    )
    return Line(way.arrow.cause, way.arrow.effect, path, _tip((way.enters, top), (0, 1)))


def _tip(end: Point, towards: tuple[int, int]) -> str:
    (x, y), (dx, dy) = end, towards
    back = (x - dx * TIP_LENGTH, y - dy * TIP_LENGTH)
    return " ".join(
        _xy(p) for p in (end, (back[0] + dy * TIP_HALF, back[1] + dx * TIP_HALF), (back[0] - dy * TIP_HALF, back[1] - dx * TIP_HALF))
    )


def _xy(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
