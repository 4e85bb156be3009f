"""Maps as they are drawn: nothing lies on anything else."""

import itertools
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartography.drawing import draw
from cartography.plan import CARD_HEIGHT, HEAD, WIDTH, Arrow, Card, Drawing, Lane
from cartography.text import width_of, wrapped

ROUNDED = 0.11
STEPS = 20


def points_of(path: str) -> Iterator[tuple[float, float]]:
    """Points along a path of lines and cubic curves."""
    words = re.findall(r"[MLC]|-?[\d.]+", path)
    at, i = (0.0, 0.0), 0
    while i < len(words):
        number = {"M": 2, "L": 2, "C": 6}[words[i]]
        pairs = [float(word) for word in words[i + 1 : i + 1 + number]]
        corners = [at, *zip(pairs[::2], pairs[1::2], strict=True)] if words[i] != "M" else [(pairs[0], pairs[1])]
        for step in range(STEPS + 1):
            yield between(corners, step / STEPS)
        at, i = corners[-1], i + 1 + number


def between(corners: list[tuple[float, float]], share: float) -> tuple[float, float]:
    while len(corners) > 1:
        corners = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in itertools.pairwise(corners)]
    return corners[0]


def crossed(drawing: Drawing) -> list[tuple[str, str, str]]:
    """The arrows that run through a card."""
    return [
        (line.cause, line.effect, box.key)
        for line in drawing.lines
        for box in drawing.boxes.values()
        if any(box.x + ROUNDED < x < box.right - ROUNDED and box.y + ROUNDED < y < box.bottom - ROUNDED for x, y in points_of(line.path))
    ]


def overlapping(drawing: Drawing) -> list[tuple[str, str]]:
    boxes = list(drawing.boxes.values())
    return [
        (a.key, b.key)
        for i, a in enumerate(boxes)
        for b in boxes[i + 1 :]
        if a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom
    ]


@st.composite
def maps(draw_from, cards: int = 40, arrows: int = 60):
    places = [
        (
            draw_from(st.integers(0, 3)),
            draw_from(st.none() | st.floats(0, 1000, allow_nan=False)),
            draw_from(st.none() | st.none() | st.integers(0, 3)),
        )
        for _ in range(draw_from(st.integers(1, cards)))
    ]
    lanes = [Lane(str(lane), [Card(f"o{i}", x, row) for i, (of, x, row) in enumerate(places) if of == lane]) for lane in range(4)]
    ends = st.tuples(st.integers(0, len(places) - 1), st.integers(0, len(places) - 1)).filter(lambda pair: pair[0] != pair[1])
    pairs = draw_from(st.sets(ends, max_size=arrows)) if len(places) > 1 else set()
    return lanes, [Arrow(f"o{a}", f"o{b}") for a, b in sorted(pairs)]


@given(maps())
@settings(max_examples=60)
def test_no_arrow_crosses_a_card_and_no_card_lies_on_another(drawn):
    lanes, arrows = drawn
    drawing = draw(lanes, arrows)
    assert set(drawing.boxes) == {card.key for lane in lanes for card in lane.cards}
    assert [(line.cause, line.effect) for line in drawing.lines] == [(arrow.cause, arrow.effect) for arrow in arrows]
    assert overlapping(drawing) == []
    assert crossed(drawing) == []


@given(maps())
@settings(max_examples=30)
def test_everything_lies_in_its_lane(drawn):
    drawing = draw(*drawn)
    strips = {strip.key: strip for strip in drawing.strips}
    for box in drawing.boxes.values():
        assert HEAD < box.x < box.right < WIDTH
        assert strips[box.lane].y < box.y < box.y + CARD_HEIGHT < strips[box.lane].y + strips[box.lane].height


def big() -> tuple[list[Lane], list[Arrow]]:
    """40 objectives in four lanes, 52 arrows from each lane to those above, and within."""
    lanes = [Lane(str(lane), [Card(f"{lane}.{i}") for i in range(10)]) for lane in range(4)]
    up = [Arrow(f"{lane}.{i}", f"{lane - 1}.{(3 * i + lane) % 10}") for lane in (1, 2, 3) for i in range(10)]
    far = [Arrow(f"3.{i}", f"1.{(7 * i + 2) % 10}") for i in range(10)]
    within = [Arrow(f"2.{i}", f"2.{i + 5}") for i in range(5)] + [Arrow(f"0.{i}", f"0.{i + 1}") for i in range(7)]
    return lanes, up + far + within


def test_a_map_of_40_objectives_and_52_arrows_is_clean():
    lanes, arrows = big()
    drawing = draw(lanes, arrows)
    assert len(drawing.boxes) == 40
    assert len(drawing.lines) == 52
    assert crossed(drawing) == []
    assert overlapping(drawing) == []


def test_the_check_for_crossings_would_find_one():
    drawing = draw([Lane("a", [Card("x")]), Lane("b", [Card("y")])], [Arrow("y", "x")])
    line, box = drawing.lines[0], drawing.boxes["x"]
    through = type(line)(line.cause, line.effect, f"M{box.x - 5},{box.y + 9}L{box.right + 5},{box.y + 9}", line.tip)
    assert crossed(Drawing(drawing.height, drawing.strips, drawing.boxes, [through])) == [("y", "x", "x")]


def test_the_same_map_gives_the_same_drawing():
    assert draw(*big()) == draw(*big())


def test_a_card_stands_where_it_asks_to_be():
    drawing = draw([Lane("a", [Card("left", 0), Card("middle", 500), Card("right", 1000)])], [])
    assert [round(drawing.boxes[key].across) for key in ("left", "middle", "right")] == [0, 500, 1000]


def test_effects_stand_above_their_causes_in_one_lane():
    drawing = draw([Lane("a", [Card("cause"), Card("effect")])], [Arrow("cause", "effect")])
    assert drawing.boxes["effect"].y < drawing.boxes["cause"].y


def test_arrows_to_objectives_that_are_not_there_are_left_out():
    assert draw([Lane("a", [Card("x")])], [Arrow("x", "nowhere")]).lines == []


@pytest.mark.parametrize(
    "name",
    ["Fast, predictable release of goods", "严格监管与高效服务并重，守护国门安全", "A", "", "Post-clearance audit that deters", "W" * 300],
)
def test_a_name_fits_its_card(name):
    lines = wrapped(name, 92, 11, 3)
    assert len(lines) <= 3
    assert all(width_of(line, 11) <= 92 for line in lines)


def test_lines_are_balanced_and_break_after_pauses():
    assert wrapped("执法公正、服务文明", 70, 12, 2) == ["执法公正、", "服务文明"]
