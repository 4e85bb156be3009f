"""A map of 40 objectives and 60 arrows, laid out and drawn: what the server does for each gesture of the editor."""

import random
from typing import Any

from django.template.loader import render_to_string

from benchmarks.measure import show, timed
from scorecards.assembly.map import map_of
from scorecards.models import Month
from scorecards.selectors.draft import blank

OBJECTIVES, ARROWS = 40, 60
MONTH = Month.of(2026, 3)


def run() -> None:
    document = big()
    show("map of 40 objectives and 60 arrows, laid out", timed(lambda: map_of(document, MONTH, None), 20))
    show("… and drawn", timed(lambda: render_to_string("scorecards/map/drawing.svg", {"map": map_of(document, MONTH, None)}), 20))
    print()


def big() -> dict[str, Any]:
    """The same map in every run."""
    document = blank({"code": "U", "name": "U", "name_zh": "", "parent": None}, 2026)
    for i in range(OBJECTIVES):
        named = {"code": f"O{i}", "name": f"Objective number {i} of the unit", "name_zh": "", "weight": 1}
        document["perspectives"][i % 4]["objectives"].append({**named, "x": None, "row": None, "measures": []})
    chance, ends = random.Random(1), set[tuple[int, int]]()
    while len(ends) < ARROWS:
        cause, effect = chance.sample(range(OBJECTIVES), 2)
        if (effect, cause) not in ends:
            ends.add((cause, effect))
    document["links"] = [{"from": f"O{a}", "to": f"O{b}", "strength": "medium", "lag": 0} for a, b in sorted(ends)]
    return document
