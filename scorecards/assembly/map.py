"""A strategy map as it is drawn: a document's objectives and arrows, with published scores where there are any."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cartography.drawing import draw
from cartography.plan import CARD_HEIGHT, CARD_WIDTH, HEAD, WIDTH, Arrow, Box, Card, Drawing, Lane
from cartography.text import width_of, wrapped
from organisation.models.names import in_language
from scorecards.choices import Strength
from scorecards.models import Month
from scorecards.selectors.document import Document
from scorecards.selectors.draft import weight_in
from scorecards.selectors.score import CardScore, NodeScore
from scorecards.selectors.status import Status
from scorecards.selectors.text import score_text

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
SIZE, LEADING = 12.0, 14.5
SMALL, SMALL_LEADING = 11.0, 13.0
MARK, SCORE, EDGE = 26.0, 54.0, 10.0
HEAD_SIZE, HEAD_LEADING, HEAD_EDGE = 12.5, 15.0, 12.0


@dataclass(frozen=True)
class Words:
    """A line of text and where it begins."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class MapLane:
    code: str
    name: str
    y: float
    height: float
    rows: int
    lines: list[Words]
    weight: Words
    score: Words
    tone: str


@dataclass(frozen=True)
class MapCard:
    """small: whether its name is set in smaller letters. label: what a screen reader says of it."""

    code: str
    name: str
    lane: str
    x: float
    y: float
    across: float
    row: int
    lines: list[Words]
    small: bool
    score: str
    tone: str
    word: str
    label: str


@dataclass(frozen=True)
class MapArrow:
    """off: whether its cause is off target."""

    cause: str
    effect: str
    path: str
    tip: str
    strength: str
    off: bool
    label: str


@dataclass(frozen=True)
class Map:
    """Lengths in pixels of a drawing of that width and height."""

    width: float
    height: float
    head: float
    card_width: float
    card_height: float
    score_x: float
    lanes: list[MapLane]
    cards: list[MapCard]
    arrows: list[MapArrow]


def printable(text: str) -> str:
    """The text without characters that a drawing cannot hold."""
    return UNPRINTABLE.sub("", text)


def placed(document: Document) -> Drawing:
    """Where everything stands. document: sound."""
    lanes = [
        Lane(perspective["code"], [Card(one["code"], one["x"], one["row"]) for one in perspective["objectives"]])
        for perspective in document["perspectives"]
    ]
    return draw(lanes, [Arrow(link["from"], link["to"]) for link in document["links"]])


def map_of(document: Document, month: Month, scores: CardScore | None) -> Map:
    """month: whose weights are told; scores: of that month, None where nothing is published."""
    drawing = placed(document)
    nodes = {node["code"]: node for perspective in document["perspectives"] for node in perspective["objectives"]}
    known = scores.objectives if scores else {}
    lane_scores = scores.perspectives if scores else {}
    cards = [_card(nodes[key], box, known.get(key)) for key, box in drawing.boxes.items()]
    tones = {card.code: card.tone for card in cards}
    names = {card.code: card.name for card in cards}
    total = sum(weight_in(node, month) for node in document["perspectives"])
    lanes = [
        _lane(node, strip.y, strip.height, strip.rows, lane_scores.get(node["code"]), weight_in(node, month), total)
        for node, strip in zip(document["perspectives"], drawing.strips, strict=True)
    ]
    said = {(link["from"], link["to"]): link for link in document["links"]}
    arrows = [
        MapArrow(
            line.cause,
            line.effect,
            line.path,
            line.tip,
            said[line.cause, line.effect]["strength"],
            tones[line.cause] == "bad",
            _arrow_label(names, said[line.cause, line.effect]),
        )
        for line in drawing.lines
    ]
    return Map(WIDTH, drawing.height, HEAD, CARD_WIDTH, CARD_HEIGHT, CARD_WIDTH - EDGE - 2, lanes, cards, arrows)


def _arrow_label(names: dict[str, str], link: Document) -> str:
    told = {"cause": names[link["from"]], "effect": names[link["to"]], "strength": Strength(link["strength"]).label, "lag": link["lag"]}
    if link["lag"]:
        return _("%(cause)s drives %(effect)s (%(strength)s, after %(lag)d months)") % told
    return _("%(cause)s drives %(effect)s (%(strength)s)") % told


def _card(node: Document, box: Box, score: NodeScore | None) -> MapCard:
    name = printable(in_language(node["name"], node["name_zh"]))
    room = CARD_WIDTH - MARK - SCORE
    lines = wrapped(name, room, SIZE, 2)
    small = any(line.endswith("…") for line in lines) or max(width_of(line, SIZE) for line in lines) > room
    if small:
        lines = wrapped(name, room, SMALL, 3)
    leading = SMALL_LEADING if small else LEADING
    first = box.y + CARD_HEIGHT / 2 - leading * (len(lines) - 1) / 2 + (SMALL if small else SIZE) * 0.36
    status = score.status if score else Status("none", _("No score"))
    shown = score_text(score.score if score else None)
    return MapCard(
        code=node["code"],
        name=name,
        lane=box.lane,
        x=box.x,
        y=box.y,
        across=round(box.across, 1),
        row=box.row,
        lines=[Words(line, box.x + MARK, first + i * leading) for i, line in enumerate(lines)],
        small=small,
        score=shown,
        tone=status.tone,
        word=status.word,
        label=f"{node['code']} {name}, {status.word} {shown}",
    )


def _lane(node: Document, y: float, height: float, rows: int, score: NodeScore | None, weight: float, total: float) -> MapLane:
    name = printable(in_language(node["name"], node["name_zh"]))
    lines = wrapped(name, HEAD - 2 * HEAD_EDGE, HEAD_SIZE, 3)
    tone = score.status.tone if score else "none"
    first = y + height / 2 - (len(lines) * HEAD_LEADING + 34) / 2 + HEAD_SIZE
    after = first + len(lines) * HEAD_LEADING
    share = _("weight %(share)s%%") % {"share": f"{100 * weight / total:.4g}" if total else "0"}
    return MapLane(
        code=node["code"],
        name=name,
        y=y,
        height=height,
        rows=rows,
        lines=[Words(line, HEAD_EDGE, first + i * HEAD_LEADING) for i, line in enumerate(lines)],
        weight=Words(share, HEAD_EDGE, after + 1),
        score=Words(score_text(score.score if score else None), HEAD_EDGE + 15, after + 19),
        tone=tone,
    )


def frozen(document: Document, lane: str) -> Callable[[Document], None]:
    """What keeps the objectives of a lane where they are drawn now, whatever else moves. Made from the document as it is, done to the
    one that is to be."""
    boxes = {key: box for key, box in placed(document).boxes.items() if box.lane == lane}

    def keep(objective: Document) -> None:
        box = boxes.get(objective["code"])
        if box is not None:
            objective["x"], objective["row"] = round(min(max(box.across, 0), 1000), 1), box.row

    return keep
