"""Reads scorecards of one year from the database into the engine's arrays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from django.db.models import Case, Exists, FloatField, IntegerField, Model, OuterRef, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from scorecards.assembly.closure import Closure, close
from scorecards.assembly.columns import Columns, columns, columns_of
from scorecards.assembly.steps import ACROSS, SOURCES, Kinds, Torn, steps
from scorecards.choices import COUNTED_STATES, STEPS, AdjustmentState, Better, Counts, Method, ReadingState
from scorecards.models import (
    Measure,
    MeasureWeight,
    Month,
    Objective,
    ObjectiveWeight,
    Perspective,
    PerspectiveWeight,
    Scorecard,
    Target,
    Tension,
    among,
)
from scoring.numbers import Floats
from scoring.plan import MAX_POINTS, NEVER, NO_ROWS, Dated, Facts, Flags, Ints, MirrorStep, Plan

METHODS = {word: number for number, word in enumerate(Method.values)}
NEAR, MOST_RUNS, FEW, FETCHED = 64, 20, 1_000, 200
VERIFIED, MARKED, ADJUSTED = 1, 2, 4
READINGS = """
SELECT measure_id, month, CASE WHEN state = %s THEN %s ELSE 0 END + CASE WHEN not_applicable = '' THEN 0 ELSE %s END,
    coalesce(value, numerator), coalesce(volume, denominator)
FROM scorecards_reading WHERE month BETWEEN %s AND %s AND state IN ({})
"""
ADJUSTMENTS = "SELECT scorecard_id, month, %s, points, NULL FROM scorecards_adjustment WHERE state = %s AND month BETWEEN %s AND %s"
DIRECTIONS = {word: number for number, word in enumerate([*Better.values, ""])}


class Shape(NamedTuple):
    """What cards have in common whose rows are equally long. nodes: how many perspectives, objectives and measures; officer: the length of
    the staff number in bytes; bands: their names."""

    nodes: tuple[int, int, int]
    officer: int
    bands: tuple[str, ...]


@dataclass(frozen=True)
class Structure:
    """A plan and which rows its indices stand for. The first `own` scorecards were asked for; the others lend measures to them, and
    have one nameless perspective and objective each. bands: the names of each card's bands; versions: when the cards were read;
    shapes, shape_of: the different ones, and which of them each own card has. verified_only: per measure, whether its card counts
    verified readings alone (rule book §2). paired: the scorecards (ids) with tension pairs."""

    year: int
    own: int
    scorecards: Ints
    versions: Ints
    units: Ints
    officers: list[str]
    bands: list[list[str]]
    shapes: list[Shape]
    shape_of: Ints
    perspectives: Ints
    objectives: Ints
    measures: Ints
    verified_only: Flags
    paired: list[int]
    plan: Plan


@dataclass(frozen=True)
class Loaded(Structure):
    """A structure with its facts."""

    facts: Facts


def load(ids: Iterable[int], year: int, months: tuple[int, int] | None = None) -> Loaded:
    """The scorecards with those ids, which must be of that year, and what was reported from the first to the last of the months
    (without them: in the year)."""
    return with_facts(read_structure(ids, year), months or (Month.of(year, 1), Month.of(year, 12)))


def with_facts(structure: Structure, months: tuple[int, int], *, drafts: bool = False) -> Loaded:
    """Read what counts in those months; with drafts, also what does not count yet."""
    fields = {name: getattr(structure, name) for name in Structure.__dataclass_fields__}
    return Loaded(**fields, facts=_facts(structure, months, drafts=drafts))


def read_structure(ids: Iterable[int], year: int) -> Structure:
    """The same number of queries, however many scorecards there are; once more where a definition was replaced meanwhile."""
    ids = list(ids)
    try:
        return _read_structure(ids, year)
    except Torn:
        return _read_structure(ids, year)


def _read_structure(ids: list[int], year: int) -> Structure:
    wanted = Scorecard.objects.filter(pk__among=among(ids), year=year).order_by("pk")
    own = list(_card_columns(wanted))
    mine = [card.pk for card in own]
    closure = close(mine)
    lenders = _card_columns(Scorecard.objects.filter(pk__among=among(closure.lenders)).order_by("pk"))
    cards = own + (list(lenders) if closure.lenders else [])
    numbers = _ints(card.pk for card in cards)
    lending = np.arange(len(own), len(cards))
    perspective_ids, card_of = _level(Perspective, "scorecard", mine, numbers)
    objective_ids, perspective_of = _level(Objective, "perspective", mine, perspective_ids)
    measures = _measures(mine, closure, objective_ids, numbers, len(own))
    nameless = np.zeros(len(lending), dtype=np.int64)
    plan = Plan(
        missing_zero=np.array([card.missing_policy == "zero" for card in cards], dtype=bool),
        minimum_completeness=np.array([card.minimum_completeness for card in cards], dtype=float),
        adjustment_limit=np.array([card.adjustment_limit for card in cards], dtype=float),
        deadline_day=_ints(card.deadline_day for card in cards),
        band_floors=_floors([[float(floor) for _, floor in card.bands] for card in cards]),
        card_of=np.append(card_of, lending),
        perspective_of=np.append(perspective_of, len(perspective_ids) + np.arange(len(lending))),
        perspective_weights=_weights(PerspectiveWeight, mine, perspective_ids),
        objective_weights=_weights(ObjectiveWeight, mine, objective_ids),
        measure_weights=_weights(MeasureWeight, mine, measures.ids),
        **measures.columns,
        **steps(measures.kinds, measures.ids, closure),
        targets=_targets(mine, closure, measures.ids),
    )
    bands = _band_names(cards)
    shapes = _shapes(plan, own, bands)
    distinct = list(dict.fromkeys(shapes))
    number_of = {shape: number for number, shape in enumerate(distinct)}
    return Structure(
        year=year,
        own=len(own),
        scorecards=numbers,
        versions=_ints(closure.versions.get(card.pk, card.version) for card in cards),
        units=_ints(card.unit_id for card in cards),
        officers=[card.officer for card in cards],
        bands=bands,
        shapes=distinct,
        shape_of=_ints(number_of[shape] for shape in shapes),
        perspectives=np.append(perspective_ids, nameless),
        objectives=np.append(objective_ids, nameless),
        measures=measures.ids,
        verified_only=np.array([card.counts == Counts.VERIFIED for card in cards], dtype=bool)[plan.card_of_measure],
        paired=[card.pk for card in own if card.is_paired],
        plan=_like_sources(_narrowed(plan)),
    )


def _card_columns(cards: "QuerySet[Scorecard]") -> "QuerySet[Scorecard, Any]":
    """What the structure says of scorecards, as rows without models."""
    paired = cards.annotate(is_paired=Exists(Tension.objects.filter(scorecard=OuterRef("pk"))))
    rules = ("missing_policy", "minimum_completeness", "adjustment_limit", "deadline_day", "counts", "bands")
    return paired.values_list("pk", "version", "unit_id", "officer", *rules, "is_paired", named=True)


@dataclass(frozen=True)
class _Measures:
    """ids: own measures in the order of the tree, then lent ones; columns: what the plan says of each."""

    ids: Ints
    kinds: Kinds
    columns: dict[str, Any]


def _level(model: type[Model], parent: str, cards: list[int], parents: Ints) -> tuple[Ints, Ints]:
    """The ids of a level's nodes in the order of their parents, then by position; and each one's place of its parent."""
    rows = model._default_manager.filter(scorecard__among=among(cards)).values_list("pk", parent, "position")
    pk, above, position = columns(rows, "iii")
    place = find(above, parents)
    order = np.lexsort((pk, position, place))
    return pk[order], place[order]


def _measures(cards: list[int], closure: Closure, objectives: Ints, scorecards: Ints, own: int) -> _Measures:
    fields = ("pk", "objective", "position", "scorecard", *_measure_columns())
    kinds = "iiii" + "ifiiiiiiff" + MAX_POINTS * "f"
    wanted = [Measure.objects.filter(scorecard__among=among(cards))]
    wanted += [Measure.objects.filter(pk__among=among(closure.lent))] if closure.lent else []
    parts = [columns(rows.values_list(*fields), kinds) for rows in wanted]
    of_own = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts]) == 0
    table: Columns = [np.concatenate([part[i] for part in parts]) for i in range(len(kinds))]
    place = np.where(of_own, find(table[1], objectives), len(objectives) + find(table[3], scorecards) - own)
    order = np.lexsort((table[0], table[2], place))
    pk, _objective, _position, _card, method, factor, step, due_from, due_until, better, source, across, veto, minimum = (
        column[order] for column in table[:14]
    )
    curve = np.stack([column[order] for column in table[14:]], axis=1)
    return _Measures(
        ids=pk,
        kinds=Kinds(source, across),
        columns={
            "objective_of": place[order],
            "method": method,
            "factor": np.where(np.isnan(factor), 1.0, factor),
            "step": step,
            "due_from": due_from,
            "due_until": due_until,
            "better": better,
            "curve_length": np.isfinite(curve).sum(axis=1),
            "curves": curve,
            "curve_of": np.arange(len(curve)),
            "veto_cap": veto,
            "minimum_count": minimum,
        },
    )


def _measure_columns() -> tuple[Any, ...]:
    return (
        _number_of("method", METHODS, 0),
        "factor",
        _number_of("frequency", STEPS, 1),
        Coalesce("due_from", 0),
        Coalesce("due_until", NEVER - 1),
        _number_of("better", DIRECTIONS, 0),
        _number_of("source", SOURCES, 0),
        _number_of("across", ACROSS, 0),
        "veto_cap",
        "minimum_count",
        *_list_of("curve_scores"),
    )


def _number_of(field: str, numbers: dict[str, int], otherwise: int) -> Case:
    whens = [When(**{field: word, "then": Value(int(number))}) for word, number in numbers.items()]
    return Case(*whens, default=Value(otherwise), output_field=IntegerField())


def _list_of(field: str) -> list[Any]:
    """A list of numbers as eight columns."""
    return [Cast(KT(f"{field}__{i}"), FloatField()) for i in range(MAX_POINTS)]


def _narrowed(plan: Plan) -> Plan:
    """The same plan in little memory: curves and points in as few columns as the longest needs and each of them once, whole numbers
    in few bytes."""
    width = max(2, int(plan.curve_length.max(initial=0)))
    curves, curve_of = _distinct(plan.curves[plan.curve_of, :width])
    points, which = _distinct(plan.targets.rows[:, :width])
    plan = replace(plan, curves=curves, curve_of=curve_of)
    tiny: dict[str, Any] = {name: _whole(getattr(plan, name), np.int8) for name in ("method", "step", "better", "curve_length")}
    small: dict[str, Any] = {
        name: _whole(getattr(plan, name), np.int32)
        for name in ("card_of", "perspective_of", "objective_of", "due_from", "due_until", "rests_of", "rests_on", "curve_of")
    }
    dated: dict[str, Any] = {
        name: Dated(_whole(rows.owner, np.int32), _whole(rows.month, np.int32), rows.rows)
        for name in ("perspective_weights", "objective_weights", "measure_weights", "targets")
        for rows in [getattr(plan, name)]
    }
    dated["targets"] = replace(dated["targets"], rows=points, which=_whole(which, np.int32))
    return replace(plan, **tiny, **small, **dated)


def _distinct(rows: Floats) -> tuple[Floats, Ints]:
    """The rows, each once, and which of them each is."""
    found, which = np.unique(np.where(np.isnan(rows), np.inf, rows), axis=0, return_inverse=True)
    return np.where(np.isfinite(found), found, np.nan), which.ravel()


def _whole(numbers: Ints, kind: Any) -> Ints:
    return numbers.astype(kind)


def _like_sources(plan: Plan) -> Plan:
    """Mirrors have the curve of what they show."""
    for step in plan.steps:
        if isinstance(step, MirrorStep):
            for column in (plan.better, plan.curve_length, plan.curve_of):
                column[step.measures] = column[step.sources]
    return plan


def find(wanted: Ints, ids: Ints) -> Ints:
    """The place of each id among ids, all of which are there or not asked for."""
    if not len(ids):
        return np.zeros(len(wanted), dtype=np.int64)
    order = np.argsort(ids, kind="stable")
    return order[np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)]


def _ints(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), dtype=np.int64)


def _band_names(cards: list[Any]) -> list[list[str]]:
    """Cards whose bands have the same names share one list."""
    shared: dict[tuple[str, ...], list[str]] = {}
    keys = [tuple(name for name, _ in card.bands) for card in cards]
    return [shared.setdefault(key, list(key)) for key in keys]


def _shapes(plan: Plan, own: list[Any], bands: list[list[str]]) -> list[Shape]:
    levels = (plan.card_of, plan.card_of[plan.perspective_of], plan.card_of_measure)
    counts = zip(*(np.bincount(level, minlength=len(own)).tolist() for level in levels), strict=True)
    return [Shape(nodes, len(card.officer.encode()), tuple(names)) for card, nodes, names in zip(own, counts, bands, strict=False)]


def _floors(rows: list[list[float]]) -> Floats:
    width = max((len(row) for row in rows), default=1)
    return np.array([row + [np.inf] * (width - len(row)) for row in rows], dtype=float).reshape(len(rows), width)


def _weights(model: type[PerspectiveWeight | ObjectiveWeight | MeasureWeight], cards: list[int], nodes: Ints) -> Dated:
    node, month, weight = columns(
        model.objects.filter(node__scorecard__among=among(cards)).values_list("node", "from_month", "weight"), "iif"
    )
    owner = find(node, nodes)
    order = np.lexsort((month, owner))
    return Dated(owner[order], month[order], weight[order])


def _targets(cards: list[int], closure: Closure, measures: Ints) -> Dated:
    """Of the cards, and of what their mirrors show."""
    wanted = [Target.objects.filter(measure__scorecard__among=among(cards))]
    wanted += [Target.objects.filter(measure__among=among(closure.shown & closure.lent))] if closure.shown & closure.lent else []
    parts = [columns(rows.values_list("measure", "from_month", *_list_of("points")), "ii" + MAX_POINTS * "f") for rows in wanted]
    measure, month, *points = (np.concatenate([part[i] for part in parts]) for i in range(2 + MAX_POINTS))
    owner = find(measure, measures)
    order = np.lexsort((month, owner))
    return Dated(owner[order], month[order], np.stack(points, axis=1)[order])


def _facts(structure: Structure, span: tuple[int, int], *, drafts: bool) -> Facts:
    months = np.arange(span[0], span[1] + 1, dtype=np.int64)
    shape = (len(structure.measures), len(months))
    value, second = np.full(shape, np.nan), np.full(shape, np.nan)
    excused = np.zeros(shape, dtype=bool)
    order = np.argsort(structure.measures)
    points: list[Columns] = []
    for rows in _reported(structure, structure.measures[order], span, drafts=drafts):
        adjusted = rows[2] == ADJUSTED
        if adjusted.any():
            points.append([rows[i][adjusted] for i in (0, 1, 3)])
        measure, month, standing, a, b = (column[~adjusted] for column in rows) if adjusted.any() else rows
        place = order[np.minimum(np.searchsorted(structure.measures, measure, sorter=order), len(order) - 1)]
        counts = (structure.measures[place] == measure) & ((standing & VERIFIED > 0) | ~structure.verified_only[place] | drafts)
        at = place[counts], month[counts] - span[0]
        value[at], second[at], excused[at] = a[counts], b[counts], standing[counts] & MARKED > 0
    return Facts(
        months=months,
        value=value,
        second=second,
        reported=np.isfinite(value),
        excused=excused,
        adjustments=_adjustments(structure, *map(np.concatenate, zip(*points, strict=True))) if points else NO_ROWS,
    )


def _reported(structure: Structure, measures: Ints, span: tuple[int, int], *, drafts: bool) -> Iterator[Columns]:
    """What is submitted or verified (or a draft, if wanted) of these measures, ids rising; of a few ids between them too, where that is
    quicker to read. Columns: measure, month, VERIFIED or MARKED or both or neither, and the two numbers. And the adjustments of the
    scorecards: scorecard, month, ADJUSTED, points, nothing. All at once of a few measures, else part by part: in less memory."""
    own, ids = among(structure.scorecards[: structure.own].tolist()).condition("scorecard_id", connection.vendor)
    parts: list[tuple[str, tuple[Any, ...]]] = [(f"{ADJUSTMENTS} AND {own}", (ADJUSTED, AdjustmentState.APPROVED, *span, ids))]
    states = [*COUNTED_STATES[Counts.SUBMITTED], *([ReadingState.DRAFT] if drafts else [])]
    sql = READINGS.format(", ".join(["%s"] * len(states)))
    params = (ReadingState.VERIFIED, VERIFIED, MARKED, *span, *states)
    runs = np.split(measures, np.flatnonzero(np.diff(measures) > NEAR) + 1)
    if len(runs) > MOST_RUNS:
        among_them, ids = among(measures.tolist()).condition("measure_id", connection.vendor)
        parts.append((f"{sql} AND {among_them}", (*params, ids)))
    else:
        between = f"{sql} AND measure_id BETWEEN %s AND %s"
        parts += [(between, (*params, int(run[0]), int(run[-1]))) for run in runs if len(run)]
    if len(measures) <= FEW:
        parts = [(" UNION ALL ".join(part for part, _given in parts), tuple(one for _part, given in parts for one in given))]
    for part, given in parts:
        yield columns_of(part, given, "iiiff", few=len(measures) * (span[1] - span[0] + 1) <= FETCHED)


def _adjustments(structure: Structure, card: Ints, month: Ints, points: Floats) -> Dated:
    owner = find(card, structure.scorecards[: structure.own])
    order = np.lexsort((month, owner))
    return Dated(owner[order], month[order], points[order])
