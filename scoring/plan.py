"""The shapes that go into and come out of the engine: structure, facts, windows, results."""

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from scoring.numbers import Floats

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Kind = TypeVar("Kind", bound=np.generic)

FULL_MARKS = 100.0
MAX_POINTS = 8
NEVER = 10**6


class Method(IntEnum):
    """How the readings of several months combine (rule book §2)."""

    SUM, AVERAGE, WEIGHTED, RATIO, LATEST, MINIMUM, MAXIMUM = range(7)


class Better(IntEnum):
    """Which way is good (rule book §3)."""

    HIGHER, LOWER, IN_RANGE = range(3)


class Across(IntEnum):
    """How the values of a roll-up's contributors become one (rule book §4); those of ratios and weighted averages are divided."""

    DIVIDED, SUM, AVERAGE, MINIMUM, MAXIMUM = range(5)


class Reason(IntEnum):
    """Why a value or a score is not there (rule book §10), in the order in which they are asked."""

    NONE, NOT_DUE, NOT_APPLICABLE, ZERO, MISSING, NO_DIVISOR, NO_OPERAND, TOO_FEW, NO_TARGET, UNSCORED = range(10)


@dataclass(frozen=True)
class Dated:
    """Rows in force from a month until the owner's next row: sorted by owner, then month.

    owner: r indices; month: r ordinals; rows: r numbers, or r × p points padded with NaN; with `which` (r indices) only the distinct ones.
    """

    owner: Ints
    month: Ints
    rows: Floats
    which: Ints | None = None

    def at(self, places: Ints) -> Floats:
        """The rows at those places."""
        return self.rows[places if self.which is None else self.which[places]]

    def in_force(self, owner: Ints, month: Ints) -> Ints:
        """The row in force for each (owner, month) pair, −1 where none is. Shape of the arguments."""
        if not len(self.owner):
            return np.full(np.shape(owner), -1, dtype=np.int64)
        found = np.searchsorted(self.owner * np.int64(NEVER) + self.month, owner * np.int64(NEVER) + month, side="right") - 1
        belongs = (found >= 0) & (self.owner[found] == owner)
        return np.where(belongs, found, -1)

    def tile(self, times: int, owners: int) -> "Dated":
        owner, month = _tile_index(self.owner, times, owners), _tile(self.month, times)
        if self.which is None:
            return Dated(owner, month, _tile(self.rows, times))
        return Dated(owner, month, self.rows, _tile(self.which, times))


NO_ROWS = Dated(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


@dataclass(frozen=True)
class FormulaStep:
    """Measures with one program in common. measures: n indices; operands: n × codes indices of measures."""

    program: Any
    measures: Ints
    operands: Ints

    def tile(self, times: int, measures: int) -> "FormulaStep":
        return replace(self, measures=_tile_index(self.measures, times, measures), operands=_tile_index(self.operands, times, measures))


@dataclass(frozen=True)
class RollupStep:
    """Roll-ups with one `across`. Contributor j of contributors (indices of measures) belongs to the i-th measure of the step
    where starts[i] ≤ j < starts[i + 1]. DIVIDED: the contributors are the entered measures at the bottom."""

    across: Across
    measures: Ints
    starts: Ints
    contributors: Ints

    def tile(self, times: int, measures: int) -> "RollupStep":
        starts = _tile_index(self.starts[:-1], times, len(self.contributors))
        return replace(
            self,
            measures=_tile_index(self.measures, times, measures),
            starts=np.append(starts, times * len(self.contributors)),
            contributors=_tile_index(self.contributors, times, measures),
        )


@dataclass(frozen=True)
class MirrorStep:
    """Mirrors and, one for one, the measures that they show: at the end of the chain, no mirrors themselves."""

    measures: Ints
    sources: Ints

    def tile(self, times: int, measures: int) -> "MirrorStep":
        return MirrorStep(_tile_index(self.measures, times, measures), _tile_index(self.sources, times, measures))


Step = FormulaStep | RollupStep | MirrorStep


@dataclass(frozen=True)
class Plan:
    """The structure of any number of scorecards: each child points at its parent; children of one parent stand together.

    A card may be there only because another one rests on its measures; then what stands in its results means nothing.
    Per card: missing_zero, minimum_completeness, adjustment_limit, deadline_day, band_floors (c × b, rising, padded with inf).
    Per measure: objective_of, method, factor, step (months between due months), due_from, due_until, better,
    curve_length (0: unscored), curve_of (a row of curves, which has p columns, the most points of any, 8 at most),
    veto_cap (NaN: none), minimum_count (the least divisor with which there is a score, NaN: any).
    Weights and targets are dated rows.
    steps: how computed measures come about, in an order in which operands come first. rests_of, rests_on: pairs of a computed
    measure and an entered one on which it rests, sorted by the first. A mirror has the curve of what it shows.
    """

    missing_zero: Flags
    minimum_completeness: Floats
    adjustment_limit: Floats
    deadline_day: Ints
    band_floors: Floats
    card_of: Ints
    perspective_of: Ints
    objective_of: Ints
    perspective_weights: Dated
    objective_weights: Dated
    measure_weights: Dated
    method: Ints
    factor: Floats
    step: Ints
    due_from: Ints
    due_until: Ints
    better: Ints
    curve_length: Ints
    curves: Floats
    curve_of: Ints
    veto_cap: Floats
    minimum_count: Floats
    targets: Dated
    steps: tuple[Step, ...]
    rests_of: Ints
    rests_on: Ints

    @property
    def points(self) -> int:
        """How many columns curves and targets have."""
        return int(self.curves.shape[1])

    @property
    def curve_scores(self) -> Floats:
        """m × p scores, padded with NaN."""
        return self.curves[self.curve_of]

    @property
    def cards(self) -> int:
        return len(self.missing_zero)

    @cached_property
    def card_of_measure(self) -> Ints:
        return self.card_of[self.perspective_of[self.objective_of]]

    def tile(self, times: int) -> "Plan":
        """The same scorecards `times` over, so that one call scores them in that many windows."""
        if times == 1:
            return self
        cards, perspectives = self.cards, len(self.card_of)
        objectives, measures = len(self.perspective_of), len(self.objective_of)
        return replace(
            self,
            card_of=_tile_index(self.card_of, times, cards),
            perspective_of=_tile_index(self.perspective_of, times, perspectives),
            objective_of=_tile_index(self.objective_of, times, objectives),
            perspective_weights=self.perspective_weights.tile(times, perspectives),
            objective_weights=self.objective_weights.tile(times, objectives),
            measure_weights=self.measure_weights.tile(times, measures),
            targets=self.targets.tile(times, measures),
            missing_zero=_tile(self.missing_zero, times),
            minimum_completeness=_tile(self.minimum_completeness, times),
            adjustment_limit=_tile(self.adjustment_limit, times),
            deadline_day=_tile(self.deadline_day, times),
            band_floors=_tile(self.band_floors, times),
            method=_tile(self.method, times),
            factor=_tile(self.factor, times),
            step=_tile(self.step, times),
            due_from=_tile(self.due_from, times),
            due_until=_tile(self.due_until, times),
            better=_tile(self.better, times),
            curve_length=_tile(self.curve_length, times),
            curve_of=_tile(self.curve_of, times),
            veto_cap=_tile(self.veto_cap, times),
            minimum_count=_tile(self.minimum_count, times),
            steps=tuple(step.tile(times, measures) for step in self.steps),
            rests_of=_tile_index(self.rests_of, times, measures),
            rests_on=_tile_index(self.rests_on, times, measures),
        )


@dataclass(frozen=True)
class Facts:
    """What was reported, as m × k grids over k consecutive months; only what counts is in it.

    value: the value, or a ratio's numerator; second: the volume or the denominator; both NaN where nothing is.
    reported and excused (not applicable): flags. adjustments: points by card and month; a card may have several in a month.
    """

    months: Ints
    value: Floats
    second: Floats
    reported: Flags
    excused: Flags
    adjustments: Dated = NO_ROWS

    def tile(self, times: int, cards: int) -> "Facts":
        if times == 1:
            return self
        return replace(
            self,
            adjustments=self.adjustments.tile(times, cards),
            value=_tile(self.value, times),
            second=_tile(self.second, times),
            reported=_tile(self.reported, times),
            excused=_tile(self.excused, times),
        )


@dataclass(frozen=True)
class Windows:
    """For each card the first and last month of its window, and the day on which deadlines are looked at."""

    first: Ints
    last: Ints
    today: int  # a proleptic day number, date.toordinal()


@dataclass(frozen=True)
class Level:
    """Scores of one level: score and completeness (NaN: none), weight in force, share (100·w/Σw among siblings),
    counted_share (0..1, among siblings that have a score), band (index; −1 none, −2 insufficient)."""

    score: Floats
    completeness: Floats
    weight: Floats
    share: Floats
    counted_share: Floats
    band: Ints


@dataclass(frozen=True)
class Results:
    """What the engine found.

    Per card: base, adjustment (clamped), cap (of the veto that holds, NaN: none does), score, completeness, band. Per measure:
    value, reason, points (m × p), goals (m × 2, the points that earn 100), lost (points that the card's base lacks because the
    measure is below 100), and the m × k flags due, counted: of a computed measure, whether any reading under it is.
    """

    base: Floats
    adjustment: Floats
    cap: Floats
    score: Floats
    completeness: Floats
    band: Ints
    perspectives: Level
    objectives: Level
    measures: Level
    value: Floats
    reason: Ints
    points: Floats
    goals: Floats
    lost: Floats
    due: Flags
    counted: Flags


def _tile(array: NDArray[Kind], times: int) -> NDArray[Kind]:
    return np.concatenate((array,) * times)


def _tile_index(parents: Ints, times: int, size: int) -> Ints:
    """Indices into arrays of that size, one for each time after the other. One dimension, or two."""
    shifted = np.add.outer(np.arange(times) * size, parents)
    return shifted.reshape((-1, *parents.shape[1:]))
