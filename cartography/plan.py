"""The shapes that go into and come out of drawing a map. Lengths are in pixels of a drawing that is WIDTH wide."""

from dataclasses import dataclass

WIDTH = 1300.0
HEAD = 116.0
CARD_WIDTH = 164.0
CARD_HEIGHT = 58.0
CHANNEL = 46.0
LANE_PAD = 26.0
LANE_GAP = 7.0
MOST_IN_ROW = 6
ACROSS = 1000.0


@dataclass(frozen=True)
class Card:
    """x: from 0 to 1000 across the lane; row: from the top of the lane; None: where there is room."""

    key: str
    x: float | None = None
    row: int | None = None


@dataclass(frozen=True)
class Lane:
    key: str
    cards: list[Card]


@dataclass(frozen=True)
class Arrow:
    """From a cause to its effect, both keys of cards."""

    cause: str
    effect: str


@dataclass(frozen=True)
class Box:
    """A card in its place. x, y: its upper left corner; across: its middle as a Card says it; row: in its lane."""

    key: str
    lane: str
    x: float
    y: float
    across: float
    row: int

    @property
    def middle(self) -> float:
        return self.x + CARD_WIDTH / 2

    @property
    def right(self) -> float:
        return self.x + CARD_WIDTH

    @property
    def bottom(self) -> float:
        return self.y + CARD_HEIGHT


@dataclass(frozen=True)
class Strip:
    """A lane in its place."""

    key: str
    y: float
    height: float
    rows: int


@dataclass(frozen=True)
class Line:
    """An arrow in its place. path: an SVG path of lines and cubic curves; tip: the three corners of its head."""

    cause: str
    effect: str
    path: str
    tip: str


@dataclass(frozen=True)
class Drawing:
    height: float
    strips: list[Strip]
    boxes: dict[str, Box]
    lines: list[Line]
