"""Reads scorecards of one year from the database into the engine's arrays."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.db.models import Model, QuerySet

from scorecards.choices import COUNTED_STATES, STEPS, Better, Method
from scorecards.models import (
    Measure,
    MeasureWeight,
    Month,
    Objective,
    ObjectiveWeight,
    Perspective,
    PerspectiveWeight,
    Reading,
    Scorecard,
    Target,
)
from scoring.numbers import Floats
from scoring.plan import MAX_POINTS, NEVER, Dated, Facts, Ints, Plan

METHODS = {word: number for number, word in enumerate(Method.values)}
DIRECTIONS = {word: number for number, word in enumerate([*Better.values, ""])}


class Node(NamedTuple):
    """The row behind an index."""

    pk: int
    code: str


@dataclass(frozen=True)
class Loaded:
    """A plan with its facts, and which nodes its indices stand for. bands: the names of each card's bands."""

    year: int
    scorecards: list[int]
    units: list[int]
    bands: list[list[str]]
    perspectives: list[Node]
    objectives: list[Node]
    measures: list[Node]
    plan: Plan
    facts: Facts


def load(ids: Iterable[int], year: int) -> Loaded:
    """All of the scorecards with those ids, which must be of that year. Nine queries, however many there are."""
    cards = list(Scorecard.objects.filter(pk__in=list(ids), year=year).order_by("pk"))
    index = {card.pk: i for i, card in enumerate(cards)}
    own = {"scorecard__in": list(index)}
    perspectives = list(Perspective.objects.filter(**own).order_by("scorecard", "position", "pk").values_list("pk", "scorecard", "code"))
    objectives = _children(Objective.objects.filter(**own), perspectives, "perspective")
    columns = ("method", "factor", "frequency", "due_from", "due_until", "better", "curve_scores")
    measures = _children(Measure.objects.filter(**own), objectives, "objective", *columns)
    at_perspective, at_objective = _index(perspectives), _index(objectives)
    at_measure = _index(measures)
    plan = Plan(
        missing_zero=np.array([card.missing_policy == "zero" for card in cards], dtype=bool),
        minimum_completeness=np.array([card.minimum_completeness for card in cards], dtype=float),
        deadline_day=_ints(card.deadline_day for card in cards),
        band_floors=_padded([[float(floor) for _, floor in card.bands] for card in cards], np.inf),
        card_of=_ints(index[row[1]] for row in perspectives),
        perspective_of=_ints(at_perspective[row[1]] for row in objectives),
        objective_of=_ints(at_objective[row[1]] for row in measures),
        perspective_weights=_weights(PerspectiveWeight, index, at_perspective),
        objective_weights=_weights(ObjectiveWeight, index, at_objective),
        measure_weights=_weights(MeasureWeight, index, at_measure),
        method=_ints(METHODS[row[3]] for row in measures),
        factor=np.array([row[4] or 1.0 for row in measures], dtype=float),
        step=_ints(STEPS[row[5]] for row in measures),
        due_from=_ints(row[6] or 0 for row in measures),
        due_until=_ints(NEVER - 1 if row[7] is None else row[7] for row in measures),
        better=_ints(DIRECTIONS[row[8]] for row in measures),
        curve_length=_ints(len(row[9]) for row in measures),
        curve_scores=_padded([row[9] for row in measures], np.nan, MAX_POINTS),
        targets=_targets(index, at_measure),
    )
    return Loaded(
        year=year,
        scorecards=[card.pk for card in cards],
        units=[card.unit_id for card in cards],
        bands=[[name for name, _ in card.bands] for card in cards],
        perspectives=[Node(row[0], row[2]) for row in perspectives],
        objectives=[Node(row[0], row[2]) for row in objectives],
        measures=[Node(row[0], row[2]) for row in measures],
        plan=plan,
        facts=_facts(cards, at_measure, year),
    )


def _children(rows: "QuerySet[Model]", parents: list[tuple], parent: str, *columns: str) -> list[tuple]:  # type: ignore[type-arg]
    """The rows as tuples (pk, parent, code, …), standing in the order of their parents, then by position."""
    place = _index(parents)
    found = rows.order_by("position", "pk").values_list("pk", parent, "code", *columns)
    return sorted(found, key=lambda row: place[row[1]])


def _index(rows: list[tuple]) -> dict[int, int]:  # type: ignore[type-arg]
    return {row[0]: i for i, row in enumerate(rows)}


def _ints(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), dtype=np.int64)


def _padded(rows: list[list[float]], filler: float, width: int | None = None) -> Floats:
    width = width or max((len(row) for row in rows), default=1)
    return np.array([list(row) + [filler] * (width - len(row)) for row in rows], dtype=float).reshape(len(rows), width)


def _weights(model: type[PerspectiveWeight | ObjectiveWeight | MeasureWeight], cards: Iterable[int], index: dict[int, int]) -> Dated:
    rows = model.objects.filter(node__scorecard__in=list(cards)).values_list("node", "from_month", "weight")
    ordered = sorted((index[node], month, weight) for node, month, weight in rows)
    return Dated(_ints(r[0] for r in ordered), _ints(r[1] for r in ordered), np.array([r[2] for r in ordered], dtype=float))


def _targets(cards: Iterable[int], index: dict[int, int]) -> Dated:
    rows = Target.objects.filter(measure__scorecard__in=list(cards)).values_list("measure", "from_month", "points")
    ordered = sorted((index[measure], month, points) for measure, month, points in rows)
    points = _padded([row[2] for row in ordered], np.nan, MAX_POINTS)
    return Dated(_ints(r[0] for r in ordered), _ints(r[1] for r in ordered), points)


def _facts(cards: list[Scorecard], index: dict[int, int], year: int) -> Facts:
    months = np.arange(Month.of(year, 1), Month.of(year, 12) + 1, dtype=np.int64)
    shape = (len(index), len(months))
    value, second = np.full(shape, np.nan), np.full(shape, np.nan)
    reported, excused = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    rows = Reading.objects.filter(measure__scorecard__in=[card.pk for card in cards], month__gte=int(months[0]), month__lte=int(months[-1]))
    columns = ("measure", "month", "state", "measure__scorecard__counts", "value", "volume", "numerator", "denominator", "not_applicable")
    for measure, month, state, counts, plain, volume, numerator, denominator, mark in rows.values_list(*columns):
        if state not in COUNTED_STATES[counts]:
            continue
        at = index[measure], int(month) - int(months[0])
        excused[at], reported[at] = bool(mark), not mark
        first, other = (plain, volume) if numerator is None else (numerator, denominator)
        value[at] = np.nan if first is None else first
        second[at] = np.nan if other is None else other
    return Facts(months=months, value=value, second=second, reported=reported, excused=excused)
