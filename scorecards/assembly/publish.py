"""Scores loaded scorecards in many windows at once and writes the published rows."""

from collections.abc import Mapping
from datetime import date, datetime

import numpy as np

from scorecards.assembly.cache import Kept, kept_structure
from scorecards.assembly.load import Loaded, with_facts
from scorecards.assembly.write import write
from scorecards.choices import INSUFFICIENT, NO_BAND
from scorecards.models import Month
from scoring import VERSION, bands
from scoring.engine import score
from scoring.plan import Plan, Results, Windows

Cell = tuple[Month, str]
ENGINE = VERSION


def score_cells(loaded: Loaded, cells: list[Cell], today: date, tiled: Plan | None = None) -> Results:
    """Score every card in every cell (period and window); cell i of card j is card i · cards + j of the results.
    tiled: the plan as many times over as there are cells, if it is there."""
    times, cards = len(cells), len(loaded.scorecards)
    windows = Windows(
        first=np.repeat(np.array([int(period.opening(window)) for period, window in cells]), cards),
        last=np.repeat(np.array([int(period) for period, _ in cells]), cards),
        today=today.toordinal(),
    )
    return score(tiled or loaded.plan.tile(times), loaded.facts.tile(times, cards), windows)


def publish(versions: Mapping[int, int], year: int, cells: list[Cell], *, today: date, now: datetime) -> list[int]:
    """Compute the cells of the scorecards from their source rows and write them, replacing what was published.
    versions: of the scorecards by id, as they are under the caller's lock. Returns those that have tension pairs."""
    kept: Kept = kept_structure(list(versions), year, versions)
    if not kept.structure.own or not cells:
        return []
    months = min(int(period.opening(window)) for period, window in cells), max(int(period) for period, _ in cells)
    loaded = with_facts(kept.structure, months)
    results = score_cells(loaded, cells, today, kept.plan(len(cells)))
    write(loaded, cells, results, kept.layouts(loaded, cells, results), now)
    return kept.structure.paired


def band_name(band: int, names: list[str]) -> str:
    return {bands.NO_BAND: NO_BAND, bands.INSUFFICIENT: INSUFFICIENT}.get(band) or names[band]
