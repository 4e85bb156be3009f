"""Keeps the structures of many scorecards in the process, as long as nothing about them has changed."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from django.db import transaction

from scorecards.assembly.layout import card_slices, codes_of, layout_ids, nodes_of
from scorecards.assembly.load import Loaded, Structure, read_structure, with_facts
from scorecards.models import Month, Scorecard, among
from scoring.plan import Ints, Plan, Results

MOST_MEASURES = 1_200_000
FEW_MEASURES = 500
MOST_KEPT = 500
Key = tuple[int, tuple[int, ...]]


@dataclass
class Kept:
    """A structure, its plan as many times over as it was last wanted, if that is little, and the layouts of its cards for each span of
    months in which no weight changes: in which span a month lies, the ids of those layouts that have been committed, and what the
    layout of a card that was asked for alone says."""

    structure: Structure
    tiled: tuple[int, Plan] | None = None
    span_of: dict[int, int] = field(default_factory=dict)
    spans: dict[int, Ints] = field(default_factory=dict)
    nodes: dict[int, dict[str, Any]] = field(default_factory=dict)

    def plan(self, times: int) -> Plan:
        """The plan of the structure, `times` over."""
        kept = self.tiled
        if kept is None or kept[0] != times:
            kept = times, self.structure.plan.tile(times)
            self.tiled = kept if times * len(self.structure.measures) <= FEW_MEASURES else None
        return kept[1]

    def layouts(self, loaded: Loaded, cells: list[tuple[Month, str]], results: Results) -> Ints:
        """One id a card and cell, in the order of the results."""
        spans = [self._span(int(period)) for period, _window in cells]
        if all(span in self.spans for span in spans):
            return np.concatenate([self.spans[span] for span in spans])
        found = layout_ids(loaded, results, len(cells))
        fresh = dict(zip(spans, found.reshape(len(cells), -1), strict=True))
        transaction.on_commit(lambda: self.spans.update(fresh), robust=True)
        return found

    def nodes_in(self, period: Month, loaded: Loaded, results: Results) -> dict[str, Any]:
        """What the layout of the one card says in that month, of which these are the results."""
        span = self._span(int(period))
        if span not in self.nodes:
            place = card_slices(loaded, 1)[0]
            self.nodes[span] = nodes_of(loaded, results, codes_of(loaded), 0, place, place)
        return self.nodes[span]

    def _span(self, period: int) -> int:
        if period not in self.span_of:
            plan = self.structure.plan
            begun = [
                rows.month[rows.month <= period].max(initial=0)
                for rows in (plan.perspective_weights, plan.objective_weights, plan.measure_weights)
            ]
            self.span_of[period] = int(max(begun))
        return self.span_of[period]


_lock = threading.Lock()
_kept: OrderedDict[Key, Kept] = OrderedDict()


def kept_structure(ids: list[int], year: int, versions: Mapping[int, int] | None = None) -> Kept:
    """The structure of these scorecards: the one kept, if all of them and all that lend to them are of the same version. One that is
    read in a transaction is kept once that is committed. versions: those that the caller has just read, by id."""
    key = (year, tuple(ids))
    with _lock:
        kept = _kept.get(key)
        if kept is not None:
            _kept.move_to_end(key)
    if kept is None or not _is_current(kept.structure, versions or {}):
        kept = Kept(read_structure(ids, year))
        transaction.on_commit(partial(_keep, key, kept), robust=True)
    return kept


def _keep(key: Key, kept: Kept) -> None:
    with _lock:
        _kept[key] = kept
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT or (len(_kept) > 1 and sum(len(one.structure.measures) for one in _kept.values()) > MOST_MEASURES):
            _kept.popitem(last=False)


def load_kept(card: Scorecard) -> Loaded:
    """The scorecard with what was reported in its year."""
    return with_facts(kept_structure([card.pk], card.year).structure, (Month.of(card.year, 1), Month.of(card.year, 12)))


def _is_current(structure: Structure, versions: Mapping[int, int]) -> bool:
    cards = structure.scorecards.tolist()
    unread = [card for card in cards if card not in versions]
    found = dict(Scorecard.objects.filter(pk__among=among(unread)).order_by().values_list("pk", "version")) if unread else {}
    now: list[int | None] = [found.get(card, versions.get(card)) for card in cards]
    return now == list(structure.versions.tolist())


def forget() -> None:
    """Keep nothing any more."""
    with _lock:
        _kept.clear()
