"""Reads scorecards of one year from the database into the engine's arrays."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from scorecards.assembly.closure import Closure, close
from scorecards.assembly.columns import columns
from scorecards.assembly.steps import steps
from scorecards.choices import COUNTED_STATES, STEPS, AdjustmentState, Better, Counts, Method, ReadingState
from scorecards.models import (
    Adjustment,
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
from scoring.plan import MAX_POINTS, NEVER, Dated, Facts, Ints, MirrorStep, Plan

METHODS = {word: number for number, word in enumerate(Method.values)}
DIRECTIONS = {word: number for number, word in enumerate([*Better.values, ""])}
MEASURE_COLUMNS = ("method", "factor", "frequency", "due_from", "due_until", "better", "curve_scores", "source", "across", "veto_cap")


class Node(NamedTuple):
    """The row behind an index."""

    pk: int
    code: str


@dataclass(frozen=True)
class Structure:
    """A plan and which nodes its indices stand for. The first `own` scorecards were asked for; the others lend measures to them.
    bands: the names of each card's bands; versions: of each card, when it was read."""

    year: int
    own: int
    scorecards: list[int]
    versions: list[int]
    units: list[int]
    officers: list[str]
    bands: list[list[str]]
    perspectives: list[Node]
    objectives: list[Node]
    measures: list[Node]
    plan: Plan


@dataclass(frozen=True)
class Loaded(Structure):
    """A structure with its facts."""

    facts: Facts


def load(ids: Iterable[int], year: int, months: tuple[int, int] | None = None) -> Loaded:
    """The scorecards with those ids, which must be of that year, and what was reported from the first to the last of the months
    (without them: in the year)."""
    structure = read_structure(ids, year)
    return with_facts(structure, months or (Month.of(year, 1), Month.of(year, 12)))


def with_facts(structure: Structure, months: tuple[int, int]) -> Loaded:
    """Read what counts in those months."""
    fields = {name: getattr(structure, name) for name in Structure.__dataclass_fields__}
    return Loaded(**fields, facts=_facts(structure, months))


def read_structure(ids: Iterable[int], year: int) -> Structure:
    """The same number of queries, however many scorecards there are."""
    own = list(Scorecard.objects.filter(pk__in=list(ids), year=year).order_by("pk"))
    closure = close([card.pk for card in own])
    lenders = list(Scorecard.objects.filter(pk__in=closure.lenders).order_by("pk")) if closure.lenders else []
    cards = own + lenders
    index = {card.pk: i for i, card in enumerate(cards)}
    first_lender = len(own)
    mine = {"scorecard__in": [card.pk for card in own]}
    perspectives = list(Perspective.objects.filter(**mine).order_by("scorecard", "position", "pk").values_list("pk", "scorecard", "code"))
    objectives = _children(Objective.objects.filter(**mine), perspectives, "perspective")
    measures = _children(Measure.objects.filter(**mine), objectives, "objective", *MEASURE_COLUMNS)
    at_perspective, at_objective = _index(perspectives), _index(objectives)
    card_of = [index[row[1]] for row in perspectives] + list(range(first_lender, len(cards)))
    perspective_of = [at_perspective[row[1]] for row in objectives] + [len(perspectives) + i for i in range(len(lenders))]
    objective_of = [at_objective[row[1]] for row in measures]
    if lenders:
        lent = list(
            Measure.objects.filter(pk__in=closure.lent).order_by("scorecard", "pk").values_list("pk", "scorecard", "code", *MEASURE_COLUMNS)
        )
        objective_of += [len(objectives) + index[row[1]] - first_lender for row in lent]
        measures += lent
        nameless = [(0, 0, "")] * len(lenders)
        perspectives, objectives = perspectives + nameless, objectives + nameless
    at_measure = _index(measures)
    computed = steps(measures, at_measure, closure)
    plan = Plan(
        missing_zero=np.array([card.missing_policy == "zero" for card in cards], dtype=bool),
        minimum_completeness=np.array([card.minimum_completeness for card in cards], dtype=float),
        adjustment_limit=np.array([card.adjustment_limit for card in cards], dtype=float),
        deadline_day=_ints(card.deadline_day for card in cards),
        band_floors=_padded([[float(floor) for _, floor in card.bands] for card in cards], np.inf),
        card_of=_ints(card_of),
        perspective_of=_ints(perspective_of),
        objective_of=_ints(objective_of),
        perspective_weights=_weights(PerspectiveWeight, mine["scorecard__in"], at_perspective),
        objective_weights=_weights(ObjectiveWeight, mine["scorecard__in"], at_objective),
        measure_weights=_weights(MeasureWeight, mine["scorecard__in"], at_measure),
        method=_ints(METHODS.get(row[3], 0) for row in measures),
        factor=np.array([row[4] or 1.0 for row in measures], dtype=float),
        step=_ints(STEPS.get(row[5], 1) for row in measures),
        due_from=_ints(row[6] or 0 for row in measures),
        due_until=_ints(NEVER - 1 if row[7] is None else row[7] for row in measures),
        better=_ints(DIRECTIONS[row[8]] for row in measures),
        curve_length=_ints(len(row[9]) for row in measures),
        curve_scores=_padded([row[9] for row in measures], np.nan, MAX_POINTS),
        veto_cap=np.array([np.nan if row[12] is None else row[12] for row in measures], dtype=float),
        targets=_targets(mine["scorecard__in"], closure, at_measure),
        **computed,
    )
    return Structure(
        year=year,
        own=len(own),
        scorecards=[card.pk for card in cards],
        versions=[card.version for card in cards],
        units=[card.unit_id for card in cards],
        officers=[card.officer for card in cards],
        bands=[[name for name, _ in card.bands] for card in cards],
        perspectives=[Node(row[0], row[2]) for row in perspectives],
        objectives=[Node(row[0], row[2]) for row in objectives],
        measures=[Node(row[0], row[2]) for row in measures],
        plan=_like_sources(plan),
    )


def _like_sources(plan: Plan) -> Plan:
    """Mirrors have the curve of what they show."""
    better, length, curve = plan.better.copy(), plan.curve_length.copy(), plan.curve_scores.copy()
    for step in plan.steps:
        if isinstance(step, MirrorStep):
            for column in (better, length, curve):
                column[step.measures] = column[step.sources]
    return replace(plan, better=better, curve_length=length, curve_scores=curve)


def _children(rows: "QuerySet[Measure] | QuerySet[Objective]", parents: list[tuple], parent: str, *more: str) -> list[tuple]:  # type: ignore[type-arg]
    """The rows as tuples (pk, parent, code, …), standing in the order of their parents, then by position."""
    place = _index(parents)
    found = rows.order_by("position", "pk").values_list("pk", parent, "code", *more)
    return sorted(found, key=lambda row: place[row[1]])


def _index(rows: list[tuple]) -> dict[int, int]:  # type: ignore[type-arg]
    return {row[0]: i for i, row in enumerate(rows)}


def _ints(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), dtype=np.int64)


def _padded(rows: list[list[float]], filler: float, width: int | None = None) -> Floats:
    width = width or max((len(row) for row in rows), default=1)
    return np.array([list(row) + [filler] * (width - len(row)) for row in rows], dtype=float).reshape(len(rows), width)


def _weights(model: type[PerspectiveWeight | ObjectiveWeight | MeasureWeight], cards: list[int], index: dict[int, int]) -> Dated:
    rows = model.objects.filter(node__scorecard__in=cards).values_list("node", "from_month", "weight")
    ordered = sorted((index[node], month, weight) for node, month, weight in rows)
    return Dated(_ints(r[0] for r in ordered), _ints(r[1] for r in ordered), np.array([r[2] for r in ordered], dtype=float))


def _targets(cards: list[int], closure: Closure, index: dict[int, int]) -> Dated:
    """Of the cards, and of what their mirrors show."""
    wanted = Q(measure__scorecard__in=cards) | Q(measure__in=closure.shown) if closure.shown else Q(measure__scorecard__in=cards)
    rows = Target.objects.filter(wanted).values_list("measure", "from_month", "points")
    ordered = sorted((index[measure], month, points) for measure, month, points in rows)
    points = _padded([row[2] for row in ordered], np.nan, MAX_POINTS)
    return Dated(_ints(r[0] for r in ordered), _ints(r[1] for r in ordered), points)


def counts() -> Q:
    """The readings that their scorecard counts (rule book §2)."""
    verified_only = Q(measure__scorecard__counts=Counts.VERIFIED) & ~Q(state=ReadingState.VERIFIED)
    return Q(state__in=COUNTED_STATES[Counts.SUBMITTED]) & ~verified_only


def _facts(structure: Structure, span: tuple[int, int]) -> Facts:
    months = np.arange(span[0], span[1] + 1, dtype=np.int64)
    at = np.array([node.pk for node in structure.measures], dtype=np.int64)
    shape = (len(at), len(months))
    value, second = np.full(shape, np.nan), np.full(shape, np.nan)
    excused = np.zeros(shape, dtype=bool)
    own, lent = structure.scorecards[: structure.own], _lent(structure)
    wanted = Q(measure__scorecard__in=own) | Q(measure__in=lent) if lent else Q(measure__scorecard__in=own)
    rows = Reading.objects.filter(wanted & counts(), month__gte=span[0], month__lte=span[1])
    first, other = Coalesce(F("value"), F("numerator")), Coalesce(F("volume"), F("denominator"))
    mark = Case(When(not_applicable="", then=Value(0)), default=Value(1), output_field=IntegerField())
    measure, month, marked, a, b = columns(rows.values_list("measure", "month", mark, first, other), "iiiff")
    order = np.argsort(at)
    row = order[np.searchsorted(at, measure, sorter=order)] if len(at) else measure
    column = month - span[0]
    value[row, column], second[row, column], excused[row, column] = a, b, marked.astype(bool)
    return Facts(
        months=months,
        value=value,
        second=second,
        reported=np.isfinite(value),
        excused=excused,
        adjustments=_adjustments(structure, span),
    )


def _lent(structure: Structure) -> list[int]:
    plan = structure.plan
    lent = plan.card_of_measure >= structure.own
    return [node.pk for node, is_lent in zip(structure.measures, lent.tolist(), strict=True) if is_lent]


def _adjustments(structure: Structure, span: tuple[int, int]) -> Dated:
    own = structure.scorecards[: structure.own]
    rows = Adjustment.objects.filter(scorecard__in=own, state=AdjustmentState.APPROVED, month__gte=span[0], month__lte=span[1])
    card, month, points = columns(rows.values_list("scorecard", "month", "points"), "iif")
    owner = np.searchsorted(np.array(own, dtype=np.int64), card)
    order = np.lexsort((month, owner))
    return Dated(owner[order], month[order], points[order])
