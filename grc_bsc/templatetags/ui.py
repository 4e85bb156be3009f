"""Marks of the pages: icons, status shapes, small charts. Numbers become geometry here; the SVG stands in templates/components/."""

import math
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _

from organisation.models import names
from scorecards.selectors.measure import TrendPoint
from scorecards.selectors.text import score_text, value_text

register = template.Library()

SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 88, 24, 3
BULLET_TOP = 120.0
BULLET_WIDTHS = {False: 124, True: 420}
BULLET_ZONES = (60.0, 85.0)
CHART = {"width": 720, "height": 290, "left": 54, "right": 92, "top": 16, "bottom": 34}
TICKS = 4
LABEL_HEIGHT, LABEL_WIDTH = 16.0, 40.0

Series = Sequence[float | None]


@register.filter
def named(node: dict[str, Any]) -> str:
    """The name of a document's node in the language of the page."""
    return names.in_language(node.get("name") or "", node.get("name_zh") or "")


@register.filter
def talk_key(measure: int, month: Any) -> str:
    """How a reading is called in threads."""
    return f"{measure}.{month}"


@register.filter
def field_of(key: Any, fields: dict[Any, Any]) -> Any:
    """The form field that belongs to a row."""
    return fields.get(key)


@register.inclusion_tag("components/icon.html")
def ic(name: str) -> dict[str, str]:
    """An icon of the sprite; what it means is said by the text beside it."""
    return {"name": name}


@register.inclusion_tag("components/status.html")
def status(state: Any, word: bool = True) -> dict[str, Any]:
    """A status chip: shape, colour and word."""
    return {"state": state, "word": word}


@register.inclusion_tag("components/mark.html")
def mark(tone: str, label: str = "") -> dict[str, str]:
    """The shape of a tone alone; the label is for those who cannot see it."""
    return {"tone": tone, "label": label}


@register.inclusion_tag("components/spark.html")
def spark(series: Series, tone: str = "none", label: str = "") -> dict[str, Any]:
    """A line of months without axes; gaps stay gaps. The last number gets a dot in its tone."""
    known = [number for number in series if number is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    across = (SPARK_WIDTH - 2 * SPARK_EDGE) / max(len(series) - 1, 1)

    def at(i: int, number: float) -> tuple[float, float]:
        share = 0.5 if high == low else (number - low) / (high - low)
        return round(SPARK_EDGE + i * across, 1), round(SPARK_HEIGHT - SPARK_EDGE - share * (SPARK_HEIGHT - 2 * SPARK_EDGE), 1)

    points = [None if number is None else at(i, number) for i, number in enumerate(series)]
    last = next((point for point in reversed(points) if point), None)
    return {
        "lines": _runs(points),
        "dot": last,
        "tone": tone,
        "label": label or _trend_label(known),
        "width": SPARK_WIDTH,
        "height": SPARK_HEIGHT,
    }


@register.inclusion_tag("components/bullet.html")
def bullet(score: float | None, before: float | None, tone: str, large: bool = False) -> dict[str, Any]:
    """A score on its scale from 0 to 120: the bar now, the tick the target (100), the triangle the period before."""

    width = BULLET_WIDTHS[large]

    def x(number: float | None) -> float | None:
        return None if number is None else round(number / BULLET_TOP * width, 1)

    label = _("Score %(score)s, target 100, before %(before)s") % {"score": score_text(score), "before": score_text(before)}
    return {
        "bar": x(score),
        "tick": x(100.0),
        "before": x(before),
        "zones": [x(zone) for zone in BULLET_ZONES],
        "tone": tone,
        "width": width,
        "label": label,
        "large": large,
    }


@register.inclusion_tag("components/counts.html")
def counts(groups: Sequence[tuple[str, str, int]]) -> dict[str, Any]:
    """How many measures stand in each tone, as one bar and in words."""
    total = sum(number for _tone, _word, number in groups) or 1
    bars, x = [], 0.0
    for tone, _word, number in groups:
        width = round(100 * number / total, 1)
        bars.append((tone, x, width))
        x += width
    return {"bars": bars, "groups": groups}


@register.inclusion_tag("components/trend.html")
def trend_chart(points: Sequence[TrendPoint], unit: str) -> dict[str, Any]:
    """Values over months with axes, and the line of what earns 100 (two lines for a range)."""
    known = [n for point in points for n in (point.value, point.low, point.high) if n is not None]
    known_values = [point.value for point in points if point.value is not None]
    ticks = _ticks(min(known), max(known)) if known else [0.0, 1.0]
    right, bottom = CHART["width"] - CHART["right"], CHART["height"] - CHART["bottom"]
    across = (right - CHART["left"]) / max(len(points) - 1, 1)

    def x(i: int) -> float:
        return round(CHART["left"] + i * across, 1)

    def y(number: float) -> float:
        share = (number - ticks[0]) / (ticks[-1] - ticks[0])
        return round(bottom - share * (bottom - CHART["top"]), 1)

    def line(name: str) -> list[str]:
        numbers = [getattr(point, name) for point in points]
        return _runs([None if n is None else (x(i), y(n)) for i, n in enumerate(numbers)])

    dots = [
        {"x": x(i), "y": y(p.value), "tone": p.tone, "title": f"{p.label}: {value_text(p.value)}"}
        for i, p in enumerate(points)
        if p.value is not None
    ]
    goals = [p for p in points if p.low is not None]
    ends = sorted({end for end in (goals[-1].low, goals[-1].high) if end is not None}) if goals else []
    return {
        **CHART,
        "right_edge": right,
        "bottom_edge": bottom,
        "ticks": [{"y": y(tick), "text": value_text(tick)} for tick in ticks],
        "months": [{"x": x(i), "text": str(p.month)} for i, p in enumerate(points) if (len(points) - 1 - i) % 2 == 0],
        "lines": line("value"),
        "goal_lines": line("low") + (line("high") if len(ends) > 1 else []),
        "goal_labels": [{"y": y(end) + 4, "text": value_text(end)} for end in ends],
        "dots": dots,
        "last": dots[-1] if dots else None,
        "last_y": _clear_of(y(known_values[-1]), [y(end) for end in ends]) if known_values else 0,
        "last_text": value_text(known_values[-1] if known_values else None),
        "unit": unit,
        "label": _trend_label(known_values),
    }


@register.simple_tag
def in_language(name: str, name_zh: str) -> str:
    """The name in the language of the page, else the other one."""
    return names.in_language(name, name_zh)


@register.inclusion_tag("components/curve.html")
def curve_chart(points: Sequence[tuple[float, float]], dots: Sequence[tuple[float, float, str]]) -> dict[str, Any]:
    """The polyline from value to score, and where months fall on it. points: value and score; dots: value, score, month."""
    xs = [x for x, _y in points] + [x for x, _y, _month in dots]
    low, high = min(xs), max(xs)
    margin = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    low, high = low - margin, high + margin

    def at(x: float, y: float) -> dict[str, float]:
        return {"x": round(40 + (x - low) / (high - low) * 370, 1), "y": round(190 - y / 120 * 180, 1)}

    written: list[float] = []

    def label(x: float) -> str:
        """Nothing where it would lie on another one."""
        place = at(x, 0)["x"]
        if any(abs(place - other) < LABEL_WIDTH for other in written):
            return ""
        written.append(place)
        return value_text(x)

    ends = sorted(points)
    path = [at(low, ends[0][1]), *(at(x, y) for x, y in ends), at(high, ends[-1][1])]
    return {
        "line": " ".join(f"{p['x']},{p['y']}" for p in path),
        "knots": [{**at(x, y), "title": f"{value_text(x)} → {y:g}", "text": label(x)} for x, y in points],
        "dots": [
            {**at(x, y), "title": f"{month}: {value_text(x)} → {y:.1f}", "tone": "good" if y >= 100 else "none"} for x, y, month in dots
        ],
        "y_ticks": [{**at(low, y), "text": f"{y:g}"} for y in (0, 60, 100, 120)],
        "label": _("The curve from value to score, and where the last months fall on it"),
    }


@register.inclusion_tag("components/quadrant.html")
def quadrant(pairs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Control (side A) to the right, service (side B) up, from 0 to 120, split at 60. pairs: code, name, a, b, tone."""

    def at(score: float) -> float:
        return round(score / 120 * 260, 1)

    dots = [
        {**pair, "x": 30 + at(pair["a"]), "y": round(270 - at(pair["b"]), 1), "title": f"{pair['name']}: {pair['a']:.1f} / {pair['b']:.1f}"}
        for pair in pairs
        if pair["a"] is not None and pair["b"] is not None
    ]
    label = _("Control against service: %(pairs)s") % {"pairs": "; ".join(dot["title"] for dot in dots)}
    return {"dots": dots, "split_x": 30 + at(60), "split_y": 270 - at(60), "label": label}


def _clear_of(y: float, taken: Sequence[float]) -> float:
    """A height for a label near y that does not lie on one of those taken."""
    for other in taken:
        if abs(y - other) < LABEL_HEIGHT:
            return round(other - LABEL_HEIGHT if y <= other else other + LABEL_HEIGHT, 1)
    return y


def _trend_label(known: Sequence[float]) -> str:
    if not known:
        return _("No values yet")
    shown = {"first": value_text(known[0]), "last": value_text(known[-1]), "low": value_text(min(known)), "high": value_text(max(known))}
    return _("From %(first)s to %(last)s, lowest %(low)s, highest %(high)s") % shown


def _runs(points: Sequence[tuple[float, float] | None]) -> list[str]:
    """The points of each unbroken stretch, as SVG wants them."""
    runs: list[list[str]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(f"{point[0]},{point[1]}")
    return [" ".join(run) for run in runs if len(run) > 1]


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers around the range."""
    span = (high - low) or abs(high) or 1.0
    rough = span * 1.15 / TICKS
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(m * scale for m in (1, 2, 2.5, 5, 10) if m * scale >= rough)
    first = math.floor((low - span * 0.05) / step) * step
    if low >= 0:
        first = max(first, 0.0)
    return [round(first + i * step, 10) for i in range(math.ceil((high + span * 0.05 - first) / step) + 1)]
