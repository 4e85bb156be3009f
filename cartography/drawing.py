"""Draws a map: rows, places, routes."""

from itertools import pairwise

from cartography.places import boxes_of, strips_of
from cartography.plan import Arrow, Box, Drawing, Lane
from cartography.routes import lines_of
from cartography.rows import ordered, rows_of


def draw(lanes: list[Lane], arrows: list[Arrow]) -> Drawing:
    """lanes: from the top; the same map gives the same drawing. Arrows whose ends are not on the map are left out."""
    rows_by_lane = [rows_of(lane, arrows) for lane in lanes]
    line = ordered([row for rows in rows_by_lane for row in rows], arrows)
    starts = [sum(map(len, rows_by_lane[:i])) for i in range(len(lanes) + 1)]
    rows_by_lane = [line[a:b] for a, b in pairwise(starts)]
    strips = strips_of([(lane.key, len(rows)) for lane, rows in zip(lanes, rows_by_lane, strict=True)])
    placed: dict[str, float] = {}
    boxes: list[Box] = []
    for strip, rows in zip(strips, rows_by_lane, strict=True):
        boxes += boxes_of(strip, rows, arrows, placed)
    by_row: dict[float, list[Box]] = {}
    for box in boxes:
        by_row.setdefault(box.y, []).append(box)
    height = strips[-1].y + strips[-1].height if strips else 0.0
    return Drawing(height, strips, {box.key: box for box in boxes}, lines_of([by_row[y] for y in sorted(by_row)], arrows))
