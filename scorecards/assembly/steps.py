"""How computed measures come about, as the engine's steps, in an order in which operands come first."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from scorecards.assembly.closure import Closure
from scorecards.assembly.formula import parsed
from scorecards.choices import Across as AcrossWord
from scorecards.choices import Source
from scoring.plan import Across, FormulaStep, Ints, MirrorStep, RollupStep, Step

ACROSS: dict[str, int] = {word: Across(number) for number, word in enumerate(AcrossWord.values, start=1)}
SOURCES: dict[str, int] = {word: number for number, word in enumerate(Source.values)}


@dataclass(frozen=True)
class Kinds:
    """Per measure, as numbers of SOURCES and ACROSS: where its value comes from, and how a roll-up's contributors become one."""

    source: Ints
    across: Ints


def steps(kinds: Kinds, ids: Ints, closure: Closure) -> dict[str, Any]:
    """The plan's steps, rests_of and rests_on. ids: of the measures, in their places."""
    computed = np.flatnonzero(kinds.source != SOURCES[Source.ENTERED]).tolist()
    resolver = _Resolver(kinds, ids, closure)
    ranks: dict[int, list[int]] = defaultdict(list)
    for i in computed:
        ranks[resolver.rank(i)].append(i)
    found: list[Step] = []
    for _rank, members in sorted(ranks.items()):
        found += _formulas(members, resolver) + _rollups(members, resolver) + _mirrors(members, resolver)
        closure.shown |= {int(ids[resolver.end(i)]) for i in members if resolver.has(i, Source.MIRROR)}
    pairs = [(i, leaf) for i in computed for leaf in resolver.rests(i)]
    return {
        "steps": tuple(found),
        "rests_of": np.array([of for of, _on in pairs], dtype=np.int64),
        "rests_on": np.array([on for _of, on in pairs], dtype=np.int64),
    }


class Torn(Exception):
    """A measure was taken away between two questions about the structure."""


class _Resolver:
    """Follows what measures refer to. All by place. Raises Torn."""

    def __init__(self, kinds: Kinds, ids: Ints, closure: Closure) -> None:
        self.kinds = kinds
        index = {pk: i for i, pk in enumerate(ids.tolist())} if closure.refers else {}
        if not {*closure.refers, *closure.formulas, *(pk for sources in closure.refers.values() for pk in sources)} <= index.keys():
            raise Torn
        self.formulas = {index[pk]: formula for pk, formula in closure.formulas.items()}
        self.refers = {index[pk]: [index[source] for source in sources] for pk, sources in closure.refers.items()}
        self._ranks: dict[int, int] = {}
        self._rests: dict[int, list[int]] = {}

    def has(self, i: int, source: Source) -> bool:
        return int(self.kinds.source[i]) == SOURCES[source]

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
        while self.has(i, Source.MIRROR):
            i = self.refers[i][0]
        return i


def _ints(numbers: Any) -> Any:
    return np.array(numbers, dtype=np.int64)


def _formulas(members: list[int], resolver: _Resolver) -> list[Step]:
    alike: dict[Any, list[int]] = defaultdict(list)
    for i in members:
        if resolver.has(i, Source.FORMULA):
            alike[parsed(resolver.formulas[i]).program].append(i)
    return [FormulaStep(program, _ints(same), _ints([resolver.refers[i] for i in same])) for program, same in alike.items()]


def _rollups(members: list[int], resolver: _Resolver) -> list[Step]:
    alike: dict[Across, list[int]] = defaultdict(list)
    for i in members:
        if resolver.has(i, Source.ROLLUP):
            alike[Across(int(resolver.kinds.across[i]))].append(i)
    found: list[Step] = []
    for across, same in alike.items():
        parts = [resolver.rests(i) if across == Across.DIVIDED else resolver.refers[i] for i in same]
        starts = np.concatenate([[0], np.cumsum([len(part) for part in parts])])
        found.append(RollupStep(across, _ints(same), _ints(starts), _ints([ref for part in parts for ref in part])))
    return found


def _mirrors(members: list[int], resolver: _Resolver) -> list[Step]:
    same = [i for i in members if resolver.has(i, Source.MIRROR)]
    return [MirrorStep(_ints(same), _ints([resolver.end(i) for i in same]))] if same else []
