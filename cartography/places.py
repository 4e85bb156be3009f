"""The place of each card: its row's height, and across as near to what it asks for as its neighbours let it be."""

from statistics import median

from cartography.plan import ACROSS, CARD_HEIGHT, CARD_WIDTH, CHANNEL, HEAD, LANE_GAP, LANE_PAD, WIDTH, Arrow, Box, Strip
from cartography.rows import Row

MARGIN = 24.0
LEAST_GAP = 26.0
PULL = 0.45
FIRST, LAST = HEAD + MARGIN + CARD_WIDTH / 2, WIDTH - MARGIN - CARD_WIDTH / 2


def strips_of(lanes: list[tuple[str, int]]) -> list[Strip]:
    """lanes: key and number of rows."""
    found: list[Strip] = []
    y = 0.0
    for key, rows in lanes:
        height = 2 * LANE_PAD + rows * CARD_HEIGHT + (rows - 1) * CHANNEL
        found.append(Strip(key, y, height, rows))
        y += height + LANE_GAP
    return found


def boxes_of(strip: Strip, rows: list[Row], arrows: list[Arrow], placed: dict[str, float]) -> list[Box]:
    """The cards of a lane in their order. placed: the middles of cards of other lanes, as far as they are known."""
    found: list[Box] = []
    for r, row in enumerate(rows):
        y = strip.y + LANE_PAD + r * (CARD_HEIGHT + CHANNEL)
        wanted = []
        for i, card in enumerate(row):
            even = FIRST + (LAST - FIRST) * (i + 0.5) / len(row)
            ends = [arrow.effect if arrow.cause == card.key else arrow.cause for arrow in arrows if card.key in {arrow.cause, arrow.effect}]
            near = [placed[end] for end in ends if end in placed]
            asked = None if card.x is None else FIRST + (LAST - FIRST) * card.x / ACROSS
            wanted.append(asked if asked is not None else even + PULL * (median(near) - even) if near else even)
        middles = apart(wanted, CARD_WIDTH + LEAST_GAP, FIRST, LAST)
        for card, middle in zip(row, middles, strict=True):
            placed[card.key] = middle
            across = ACROSS * (middle - FIRST) / (LAST - FIRST)
            found.append(Box(card.key, strip.key, middle - CARD_WIDTH / 2, y, across, r))
    return found


def apart(wanted: list[float], gap: float, first: float, last: float) -> list[float]:
    """The numbers in their order, at least a gap apart and between first and last, each near to what is wanted.
    Where they do not fit, they stand closer, evenly."""
    if not wanted:
        return []
    gap = min(gap, (last - first) / max(1, len(wanted) - 1))
    blocks: list[tuple[float, int]] = []
    for i, number in enumerate(wanted):
        blocks.append((number - i * gap, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, n), (b, m) = blocks[-2:]
            blocks[-2:] = [((a * n + b * m) / (n + m), n + m)]
    starts = [mean for mean, number in blocks for _ in range(number)]
    highest = last - gap * (len(wanted) - 1)
    return [min(max(start, first), highest) + i * gap for i, start in enumerate(starts)]
