"""How computed measures come about, as the engine's steps, in an order in which operands come first."""

from collections import defaultdict
from typing import Any

import numpy as np

from scorecards.assembly.closure import Closure
from scorecards.assembly.formula import parsed
from scorecards.choices import Across as AcrossWord
from scorecards.choices import Source
from scoring.plan import Across, FormulaStep, MirrorStep, RollupStep, Step

ACROSS = {word: Across(number) for number, word in enumerate(AcrossWord.values, start=1)}
SOURCE, ACROSS_WORD = 10, 11
Row = tuple[Any, ...]


def steps(measures: list[Row], index: dict[int, int], closure: Closure) -> dict[str, Any]:
    """The plan's steps, rests_of and rests_on. measures: rows of `load`; index: from ids to places."""
    resolver = _Resolver(measures, index, closure)
    computed = [i for i, row in enumerate(measures) if row[SOURCE] != Source.ENTERED]
    ranks: dict[int, list[int]] = defaultdict(list)
    for i in computed:
        ranks[resolver.rank(i)].append(i)
    found: list[Step] = []
    for _rank, members in sorted(ranks.items()):
        found += _formulas(members, resolver) + _rollups(members, resolver) + _mirrors(members, resolver)
        closure.shown |= {measures[resolver.end(i)][0] for i in members if measures[i][SOURCE] == Source.MIRROR}
    pairs = [(i, leaf) for i in computed for leaf in resolver.rests(i)]
    return {
        "steps": tuple(found),
        "rests_of": np.array([of for of, _on in pairs], dtype=np.int64),
        "rests_on": np.array([on for _of, on in pairs], dtype=np.int64),
    }


class _Resolver:
    """Follows what measures refer to. All by place."""

    def __init__(self, measures: list[Row], index: dict[int, int], closure: Closure) -> None:
        self.measures, self.closure = measures, closure
        self.refers = {index[pk]: [index[source] for source in sources] for pk, sources in closure.refers.items()}
        self._ranks: dict[int, int] = {}
        self._rests: dict[int, list[int]] = {}

    def rank(self, i: int) -> int:
        """0 for entered measures, else one more than the highest under it."""
        if i not in self._ranks:
            below = self.refers.get(i, [])
            self._ranks[i] = 1 + max(map(self.rank, below)) if below else 0
        return self._ranks[i]

    def rests(self, i: int) -> list[int]:
        """The entered measures at the bottom, each once, in a fixed order."""
        if i not in self._rests:
            below = self.refers.get(i, [])
            self._rests[i] = sorted({leaf for ref in below for leaf in self.rests(ref)}) if below else [i]
        return self._rests[i]

    def end(self, i: int) -> int:
        """Where a chain of mirrors ends."""
        while self.measures[i][SOURCE] == Source.MIRROR:
            i = self.refers[i][0]
        return i


def _ints(numbers: Any) -> Any:
    return np.array(numbers, dtype=np.int64)


def _formulas(members: list[int], resolver: _Resolver) -> list[Step]:
    alike: dict[Any, list[int]] = defaultdict(list)
    for i in members:
        if resolver.measures[i][SOURCE] == Source.FORMULA:
            alike[parsed(resolver.closure.formulas[resolver.measures[i][0]]).program].append(i)
    return [FormulaStep(program, _ints(same), _ints([resolver.refers[i] for i in same])) for program, same in alike.items()]


def _rollups(members: list[int], resolver: _Resolver) -> list[Step]:
    alike: dict[Across, list[int]] = defaultdict(list)
    for i in members:
        if resolver.measures[i][SOURCE] == Source.ROLLUP:
            alike[ACROSS.get(resolver.measures[i][ACROSS_WORD], Across.DIVIDED)].append(i)
    found: list[Step] = []
    for across, same in alike.items():
        parts = [resolver.rests(i) if across == Across.DIVIDED else resolver.refers[i] for i in same]
        starts = np.concatenate([[0], np.cumsum([len(part) for part in parts])])
        found.append(RollupStep(across, _ints(same), _ints(starts), _ints([ref for part in parts for ref in part])))
    return found


def _mirrors(members: list[int], resolver: _Resolver) -> list[Step]:
    same = [i for i in members if resolver.measures[i][SOURCE] == Source.MIRROR]
    return [MirrorStep(_ints(same), _ints([resolver.end(i) for i in same]))] if same else []
