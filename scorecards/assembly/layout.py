"""The layouts of published rows: which node each number stands for, found again or written once."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Model

from scorecards.assembly.load import Loaded, Structure
from scorecards.models import Layout, Measure, Objective, Perspective, among
from scoring.plan import Ints, Level, Results
from scoring.tree import printed_shares

Key = tuple[int, str]
Codes = tuple[dict[int, str], dict[int, str], dict[int, str]]
LEVELS: tuple[type[Model], ...] = (Perspective, Objective, Measure)


@dataclass(frozen=True)
class Slices:
    """Where one card stands in each level of the results."""

    perspectives: slice
    objectives: slice
    measures: slice


def bounds(structure: Structure, cells: int) -> tuple[Ints, Ints, Ints]:
    """For each level where each card of the tiled plan begins, and where the last one ends. c + 1 numbers each."""
    plan, cards = structure.plan, len(structure.scorecards)
    found = []
    for card in (plan.card_of, plan.card_of[plan.perspective_of], plan.card_of_measure):
        counts = np.tile(np.bincount(card, minlength=cards), cells)
        found.append(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
    return found[0], found[1], found[2]


def card_slices(structure: Structure, cells: int) -> list[Slices]:
    """For each card of the tiled plan, where its nodes stand."""
    pairs = [list(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)) for ends in bounds(structure, cells)]
    return [Slices(slice(*p), slice(*o), slice(*m)) for p, o, m in zip(*pairs, strict=True)]


def levels(results: Results, place: Slices) -> list[tuple[Level, slice]]:
    return [(results.perspectives, place.perspectives), (results.objectives, place.objectives), (results.measures, place.measures)]


def codes_of(structure: Structure) -> Codes:
    """The codes of the nodes of the cards that were asked for, by id: perspectives, objectives, measures."""
    own = structure.scorecards[: structure.own].tolist()
    perspectives, objectives, measures = (
        dict(m._default_manager.filter(scorecard__among=among(own)).values_list("pk", "code")) for m in LEVELS
    )
    return perspectives, objectives, measures


def layout_ids(loaded: Loaded, results: Results, cells: int) -> Ints:
    """For each card in each cell, the id of its layout (0 for cards that only lend); those not there yet are written at once."""
    slices, cards = card_slices(loaded, cells), len(loaded.scorecards)
    shapes = [_shape(loaded, j, slices[j]) for j in range(loaded.own)]
    keys = [
        _key(loaded, results, shapes[at % cards], at % cards, place) if at % cards < loaded.own else None for at, place in enumerate(slices)
    ]
    stored = _stored(loaded)
    wanted = {key: at for at, key in enumerate(keys) if key and key not in stored}
    if wanted:
        codes = codes_of(loaded)
        fresh = ((key, nodes_of(loaded, results, codes, at % cards, slices[at], slices[at % cards])) for key, at in wanted.items())
        Layout.objects.bulk_create((Layout(scorecard_id=key[0], checksum=key[1], nodes=nodes) for key, nodes in fresh), batch_size=500)
        stored = _stored(loaded)
    return np.array([stored[key] if key else 0 for key in keys], dtype=np.int64)


def _stored(loaded: Loaded) -> dict[Key, int]:
    rows = Layout.objects.filter(scorecard__among=among(loaded.scorecards[: loaded.own].tolist())).values_list(
        "pk", "scorecard", "checksum"
    )
    return {(scorecard, checksum): pk for pk, scorecard, checksum in rows}


def _shape(loaded: Loaded, card: int, first: Slices) -> bytes:
    """What a layout rests on besides the weights: bands, nodes, parents, and which measures are scored."""
    plan = loaded.plan
    nodes = (loaded.perspectives[first.perspectives], loaded.objectives[first.objectives], loaded.measures[first.measures])
    parents = (plan.perspective_of[first.objectives], plan.objective_of[first.measures], plan.curve_length[first.measures] > 0)
    starts = (first.perspectives.start, first.objectives.start)
    inside = (*nodes, parents[0] - starts[0], parents[1] - starts[1], parents[2])
    return repr(loaded.bands[card]).encode() + b"".join(array.tobytes() for array in inside)


def _key(loaded: Loaded, results: Results, shape: bytes, card: int, place: Slices) -> Key:
    weights = b"".join(level.weight[where].tobytes() for level, where in levels(results, place))
    return int(loaded.scorecards[card]), hashlib.sha256(shape + weights).hexdigest()


def nodes_of(loaded: Loaded, results: Results, codes: Codes, card: int, place: Slices, first: Slices) -> dict[str, Any]:
    """What a layout tells of its nodes. place: the card in its cell; first: the same card in the first cell."""
    plan = loaded.plan
    rated = plan.curve_length[first.measures] > 0
    parents = plan.perspective_of[first.objectives] - first.perspectives.start
    grandparents = plan.objective_of[first.measures] - first.objectives.start
    top = np.zeros(first.perspectives.stop - first.perspectives.start, dtype=np.int64)
    perspectives, objectives, measures = levels(results, place)
    return {
        "bands": loaded.bands[card],
        "perspectives": _entries(loaded.perspectives[first.perspectives], codes[0], top, *perspectives),
        "objectives": _entries(loaded.objectives[first.objectives], codes[1], parents, *objectives),
        "measures": _entries(loaded.measures[first.measures], codes[2], grandparents, *measures, rated=rated.tolist()),
    }


def _entries(
    nodes: Ints, codes: dict[int, str], parents: Ints, level: Level, where: slice, rated: list[bool] | None = None
) -> list[dict[str, Any]]:
    weights, shares = level.weight[where].tolist(), level.share[where].tolist()
    counting = [weight if rated is None or rated[i] else 0.0 for i, weight in enumerate(weights)]
    printed = printed_shares(counting, parents.tolist())
    return [
        {"id": pk, "code": codes[pk], "parent": int(parent), "weight": weight, "share": share, "printed": shown}
        for pk, parent, weight, share, shown in zip(nodes.tolist(), parents, weights, shares, printed, strict=True)
    ]
