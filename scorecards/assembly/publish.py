"""Scores loaded scorecards in many windows at once and writes the published rows."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from math import isnan
from typing import Any

import numpy as np

from scorecards.assembly.load import Loaded, Node, load
from scorecards.choices import BAND_LETTERS, INSUFFICIENT, INSUFFICIENT_LETTER, NO_BAND, NOTHING_LETTER, REASON_LETTERS
from scorecards.models import Layout, Month, Score
from scoring import bands
from scoring.engine import score
from scoring.explain import number
from scoring.numbers import Floats
from scoring.plan import Ints, Level, Reason, Results, Windows
from scoring.tree import printed_shares

Cell = tuple[Month, str]
REASONS = [NOTHING_LETTER] + [REASON_LETTERS[reason.name.lower()] for reason in Reason if reason]


def window_start(period: Month, window: str) -> Month:
    """The first month of the window that ends in the period (rule book §1)."""
    back = {"month": 0, "quarter": (period.number - 1) % 3, "year": period.number - 1}[window]
    return period - back


def score_cells(loaded: Loaded, cells: list[Cell], today: date) -> Results:
    """Score every card in every cell (period and window); cell i of card j is card i · cards + j of the results."""
    times, cards = len(cells), len(loaded.scorecards)
    windows = Windows(
        first=np.repeat(np.array([int(window_start(period, window)) for period, window in cells]), cards),
        last=np.repeat(np.array([int(period) for period, _ in cells]), cards),
        today=today.toordinal(),
    )
    return score(loaded.plan.tile(times), loaded.facts.tile(times), windows)


def publish(ids: list[int], year: int, cells: list[Cell], *, today: date, now: datetime) -> None:
    """Compute the cells of the scorecards from their source rows and write them, replacing what was published."""
    loaded = load(ids, year)
    if not loaded.scorecards or not cells:
        return
    results = score_cells(loaded, cells, today)
    rows = list(_rows(loaded, cells, results, now))
    columns = [field.attname for field in Score._meta.concrete_fields if not field.primary_key]
    keys = ["scorecard_id", "period", "window", "revision"]
    Score.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["scorecard", "period", "window", "revision"],
        update_fields=[name.removesuffix("_id") for name in columns if name not in keys],
    )


@dataclass(frozen=True)
class _Slices:
    """Where one card stands in each level of the results."""

    perspectives: slice
    objectives: slice
    measures: slice


def card_slices(loaded: Loaded, cells: int) -> list[_Slices]:
    """For each card of the tiled plan, where its nodes stand."""
    plan, cards = loaded.plan, len(loaded.scorecards)
    levels = (plan.card_of, plan.card_of[plan.perspective_of], plan.card_of_measure)
    bounds = []
    for card in levels:
        counts = np.tile(np.bincount(card, minlength=cards), cells)
        ends = np.cumsum(counts)
        bounds.append(list(zip(ends - counts, ends, strict=True)))
    return [_Slices(slice(*p), slice(*o), slice(*m)) for p, o, m in zip(*bounds, strict=True)]


def _rows(loaded: Loaded, cells: list[Cell], results: Results, now: datetime) -> Iterator[Score]:
    cards = len(loaded.scorecards)
    slices = card_slices(loaded, len(cells))
    layouts = _Layouts(loaded, results)
    for i, (period, window) in enumerate(cells):
        for j in range(cards):
            at, place = i * cards + j, slices[i * cards + j]
            yield Score(
                scorecard_id=loaded.scorecards[j],
                unit_id=loaded.units[j],
                layout_id=layouts.layout_of(j, place, slices[j]),
                period=period,
                window=window,
                score=number(results.score[at]),
                base=number(results.base[at]),
                completeness=number(results.completeness[at]),
                band=band_name(int(results.band[at]), loaded.bands[j]),
                node_scores=_joined(results, place, "score"),
                node_completeness=_joined(results, place, "completeness"),
                node_bands=_letters(results, place),
                values=numbers(results.value[place.measures]),
                reasons="".join(REASONS[r] for r in results.reason[place.measures]),
                goals=numbers(results.goals[place.measures].ravel()),
                lost=numbers(results.lost[place.measures]),
                computed_at=now,
            )


def numbers(array: Floats) -> list[float | None]:
    """Floats for a column: None for NaN."""
    return [None if isnan(x) else x for x in array.tolist()]


def band_name(band: int, names: list[str]) -> str:
    return {bands.NO_BAND: NO_BAND, bands.INSUFFICIENT: INSUFFICIENT}.get(band) or names[band]


def levels(results: Results, place: _Slices) -> list[tuple[Level, slice]]:
    return [(results.perspectives, place.perspectives), (results.objectives, place.objectives), (results.measures, place.measures)]


def _joined(results: Results, place: _Slices, column: str) -> list[float | None]:
    return [x for level, where in levels(results, place) for x in numbers(getattr(level, column)[where])]


def _letters(results: Results, place: _Slices) -> str:
    special = {bands.NO_BAND: NOTHING_LETTER, bands.INSUFFICIENT: INSUFFICIENT_LETTER}
    found: list[Ints] = [level.band[where] for level, where in levels(results, place)]
    return "".join(special.get(int(band)) or BAND_LETTERS[band] for band in np.concatenate(found))


class _Layouts:
    """Finds or writes the layout of each card; cards and cells that share one ask the database once."""

    def __init__(self, loaded: Loaded, results: Results) -> None:
        self.loaded, self.results = loaded, results
        self.known: dict[tuple[int, bytes], int] = {}
        self.stored = {
            (s, c): pk for pk, s, c in Layout.objects.filter(scorecard__in=loaded.scorecards).values_list("pk", "scorecard", "checksum")
        }

    def layout_of(self, card: int, place: _Slices, first: _Slices) -> int:
        weights = b"".join(level.weight[where].tobytes() for level, where in levels(self.results, place))
        if (card, weights) not in self.known:
            self.known[card, weights] = self._find(card, place, first)
        return self.known[card, weights]

    def _find(self, card: int, place: _Slices, first: _Slices) -> int:
        nodes = self._nodes(card, place, first)
        checksum = hashlib.sha256(json.dumps(nodes).encode()).hexdigest()
        scorecard = self.loaded.scorecards[card]
        if (scorecard, checksum) not in self.stored:
            self.stored[scorecard, checksum] = Layout.objects.create(scorecard_id=scorecard, checksum=checksum, nodes=nodes).pk
        return self.stored[scorecard, checksum]

    def _nodes(self, card: int, place: _Slices, first: _Slices) -> dict[str, Any]:
        plan = self.loaded.plan
        rated = plan.curve_length[first.measures] > 0
        parents = plan.perspective_of[first.objectives] - first.perspectives.start
        grandparents = plan.objective_of[first.measures] - first.objectives.start
        top = np.zeros(first.perspectives.stop - first.perspectives.start, dtype=np.int64)
        perspectives, objectives, measures = levels(self.results, place)
        return {
            "bands": self.loaded.bands[card],
            "perspectives": _entries(self.loaded.perspectives[first.perspectives], top, *perspectives),
            "objectives": _entries(self.loaded.objectives[first.objectives], parents, *objectives),
            "measures": _entries(self.loaded.measures[first.measures], grandparents, *measures, rated=rated.tolist()),
        }


def _entries(nodes: list[Node], parents: Ints, level: Level, where: slice, rated: list[bool] | None = None) -> list[dict[str, Any]]:
    weights, shares = level.weight[where].tolist(), level.share[where].tolist()
    among = [weight if rated is None or rated[i] else 0.0 for i, weight in enumerate(weights)]
    printed = printed_shares(among, parents.tolist())
    return [
        {"id": node.pk, "code": node.code, "parent": int(parent), "weight": weight, "share": share, "printed": shown}
        for node, parent, weight, share, shown in zip(nodes, parents, weights, shares, printed, strict=True)
    ]
