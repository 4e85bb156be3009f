"""Scores loaded scorecards in many windows at once and writes the published rows."""

from collections.abc import Iterator
from datetime import date, datetime
from math import isnan

import numpy as np

from scorecards.assembly.layout import Slices, card_slices, layout_ids, levels
from scorecards.assembly.load import Loaded, load
from scorecards.choices import BAND_LETTERS, INSUFFICIENT, INSUFFICIENT_LETTER, NO_BAND, NOTHING_LETTER, REASON_LETTERS
from scorecards.models import Month, Score
from scoring import bands
from scoring.engine import score
from scoring.explain import number
from scoring.numbers import Floats
from scoring.plan import Ints, Reason, Results, Windows

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
    return score(loaded.plan.tile(times), loaded.facts.tile(times, cards), windows)


def publish(ids: list[int], year: int, cells: list[Cell], *, today: date, now: datetime) -> None:
    """Compute the cells of the scorecards from their source rows and write them, replacing what was published."""
    loaded = load(ids, year)
    if not loaded.own or not cells:
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


def _rows(loaded: Loaded, cells: list[Cell], results: Results, now: datetime) -> Iterator[Score]:
    cards = len(loaded.scorecards)
    slices = card_slices(loaded, len(cells))
    layouts = layout_ids(loaded, results, slices)
    for i, (period, window) in enumerate(cells):
        for j in range(loaded.own):
            at, place = i * cards + j, slices[i * cards + j]
            yield Score(
                scorecard_id=loaded.scorecards[j],
                unit_id=loaded.units[j],
                officer=loaded.officers[j],
                layout_id=layouts[at],
                period=period,
                window=window,
                score=number(results.score[at]),
                base=number(results.base[at]),
                adjustment=float(results.adjustment[at]),
                cap=number(results.cap[at]),
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


def _joined(results: Results, place: Slices, column: str) -> list[float | None]:
    return [x for level, where in levels(results, place) for x in numbers(getattr(level, column)[where])]


def _letters(results: Results, place: Slices) -> str:
    special = {bands.NO_BAND: NOTHING_LETTER, bands.INSUFFICIENT: INSUFFICIENT_LETTER}
    found: list[Ints] = [level.band[where] for level, where in levels(results, place)]
    return "".join(special.get(int(band)) or BAND_LETTERS[band] for band in np.concatenate(found))
