"""The layouts of published rows: which node each number stands for, found again or written once."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from scorecards.assembly.load import Loaded, Node
from scorecards.models import Layout
from scoring.plan import Ints, Level, Results
from scoring.tree import printed_shares

Key = tuple[int, str]


@dataclass(frozen=True)
class Slices:
    """Where one card stands in each level of the results."""

    perspectives: slice
    objectives: slice
    measures: slice


def card_slices(loaded: Loaded, cells: int) -> list[Slices]:
    """For each card of the tiled plan, where its nodes stand."""
    plan, cards = loaded.plan, len(loaded.scorecards)
    levels = (plan.card_of, plan.card_of[plan.perspective_of], plan.card_of_measure)
    bounds = []
    for card in levels:
        counts = np.tile(np.bincount(card, minlength=cards), cells)
        ends = np.cumsum(counts)
        bounds.append(list(zip(ends - counts, ends, strict=True)))
    return [Slices(slice(*p), slice(*o), slice(*m)) for p, o, m in zip(*bounds, strict=True)]


def levels(results: Results, place: Slices) -> list[tuple[Level, slice]]:
    return [(results.perspectives, place.perspectives), (results.objectives, place.objectives), (results.measures, place.measures)]


def layout_ids(loaded: Loaded, results: Results, slices: list[Slices]) -> list[int]:
    """For each card in each cell, the id of its layout (0 for cards that only lend); those not there yet are written at once."""
    cards = len(loaded.scorecards)
    shapes = [_shape(loaded, j, slices[j]) for j in range(loaded.own)]
    keys = [
        _key(loaded, results, shapes[at % cards], at % cards, place) if at % cards < loaded.own else None for at, place in enumerate(slices)
    ]
    stored = _stored(loaded)
    wanted = {key: at for at, key in enumerate(keys) if key and key not in stored}
    fresh = ((key, _nodes(loaded, results, at % cards, slices[at], slices[at % cards])) for key, at in wanted.items())
    Layout.objects.bulk_create((Layout(scorecard_id=key[0], checksum=key[1], nodes=nodes) for key, nodes in fresh), batch_size=500)
    stored = _stored(loaded) if wanted else stored
    return [stored[key] if key else 0 for key in keys]


def _stored(loaded: Loaded) -> dict[Key, int]:
    rows = Layout.objects.filter(scorecard__in=loaded.scorecards).values_list("pk", "scorecard", "checksum")
    return {(scorecard, checksum): pk for pk, scorecard, checksum in rows}


def _shape(loaded: Loaded, card: int, first: Slices) -> bytes:
    """What a layout rests on besides the weights: bands, nodes, parents, and which measures are scored."""
    plan = loaded.plan
    nodes = (loaded.perspectives[first.perspectives], loaded.objectives[first.objectives], loaded.measures[first.measures])
    parents = (plan.perspective_of[first.objectives], plan.objective_of[first.measures], plan.curve_length[first.measures] > 0)
    starts = (first.perspectives.start, first.objectives.start)
    inside = (parents[0] - starts[0], parents[1] - starts[1], parents[2])
    return repr((loaded.bands[card], nodes)).encode() + b"".join(array.tobytes() for array in inside)


def _key(loaded: Loaded, results: Results, shape: bytes, card: int, place: Slices) -> Key:
    weights = b"".join(level.weight[where].tobytes() for level, where in levels(results, place))
    return loaded.scorecards[card], hashlib.sha256(shape + weights).hexdigest()


def _nodes(loaded: Loaded, results: Results, card: int, place: Slices, first: Slices) -> dict[str, Any]:
    plan = loaded.plan
    rated = plan.curve_length[first.measures] > 0
    parents = plan.perspective_of[first.objectives] - first.perspectives.start
    grandparents = plan.objective_of[first.measures] - first.objectives.start
    top = np.zeros(first.perspectives.stop - first.perspectives.start, dtype=np.int64)
    perspectives, objectives, measures = levels(results, place)
    return {
        "bands": loaded.bands[card],
        "perspectives": _entries(loaded.perspectives[first.perspectives], top, *perspectives),
        "objectives": _entries(loaded.objectives[first.objectives], parents, *objectives),
        "measures": _entries(loaded.measures[first.measures], grandparents, *measures, rated=rated.tolist()),
    }


def _entries(nodes: list[Node], parents: Ints, level: Level, where: slice, rated: list[bool] | None = None) -> list[dict[str, Any]]:
    weights, shares = level.weight[where].tolist(), level.share[where].tolist()
    among = [weight if rated is None or rated[i] else 0.0 for i, weight in enumerate(weights)]
    printed = printed_shares(among, parents.tolist())
    return [
        {"id": node.pk, "code": node.code, "parent": int(parent), "weight": weight, "share": share, "printed": shown}
        for node, parent, weight, share, shown in zip(nodes, parents, weights, shares, printed, strict=True)
    ]
