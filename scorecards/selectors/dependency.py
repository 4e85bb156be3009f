"""What measures are computed from, by their addresses, with changes that are not written yet laid over what is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection

from scorecards.choices import Source
from scorecards.models import Contributor, Measure, among

ABOVE = """
WITH RECURSIVE above (id) AS (
    SELECT measure_id FROM scorecards_contributor WHERE {}
    UNION SELECT c.measure_id FROM scorecards_contributor c JOIN above ON c.source_id = above.id
)
SELECT DISTINCT m.scorecard_id FROM above JOIN scorecards_measure m ON m.id = above.id
"""


class Card(NamedTuple):
    """A scorecard by its address. officer: a staff number, empty for the unit's own."""

    unit: str
    officer: str
    year: int


class Key(NamedTuple):
    """A measure by its address."""

    card: Card
    code: str

    def __str__(self) -> str:
        return "/".join(part for part in (self.card.unit, self.card.officer, self.code) if part)


@dataclass(frozen=True)
class Spec:
    """What a measure is computed from; entered ones are computed from nothing."""

    source: str
    method: str
    refers: list[Key] = field(default_factory=list)


@dataclass
class World:
    """Measures as they will be: those of the replaced cards as given, all others as stored."""

    given: dict[Key, Spec]
    replaced: set[Card]
    stored: dict[Key, Spec] = field(default_factory=dict)
    _rests: dict[Key, frozenset[Key]] = field(default_factory=dict)

    def spec(self, key: Key) -> Spec | None:
        return self.given.get(key) if key.card in self.replaced or key in self.given else self.stored.get(key)

    def read(self) -> set[Key]:
        """Read from the database all that lies under and above what is given. Returns the stored measures above."""
        above = self._read_above()
        self._read_below([ref for spec in [*self.given.values(), *(self.stored[key] for key in above)] for ref in spec.refers])
        return above

    def _read_below(self, wanted: list[Key]) -> None:
        while missing := {key for key in wanted if key.card not in self.replaced and key not in self.stored and key not in self.given}:
            found = _stored(
                Measure.objects.filter(
                    scorecard__unit__code__in={key.card.unit for key in missing},
                    scorecard__year__in={key.card.year for key in missing},
                    code__in={key.code for key in missing},
                )
            )
            found = {key: spec for key, spec in found.items() if key in missing}
            self.stored |= found
            wanted = [ref for spec in found.values() for ref in spec.refers]

    def _read_above(self) -> set[Key]:
        touched: set[Key] = set()
        years = {card.year for card in self.replaced}
        frontier = Measure.objects.filter(
            contributors__source__scorecard__unit__code__in={card.unit for card in self.replaced}, scorecard__year__in=years
        )
        while found := {key: spec for key, spec in _stored(frontier).items() if key not in touched and key.card not in self.replaced}:
            touched |= set(found)
            self.stored |= found
            frontier = Measure.objects.filter(
                contributors__source__in=Measure.objects.filter(
                    scorecard__unit__code__in={key.card.unit for key in found}, code__in={key.code for key in found}
                ),
                scorecard__year__in=years,
            )
        return touched

    def end_of(self, key: Key) -> Key:
        """Where a chain of mirrors ends."""
        seen = {key}
        spec = self.spec(key)
        while spec is not None and spec.source == Source.MIRROR and spec.refers and spec.refers[0] not in seen:
            key = spec.refers[0]
            seen.add(key)
            spec = self.spec(key)
        return key

    def rests_on(self, key: Key) -> frozenset[Key]:
        """The entered measures at the bottom. Only where there is no circle."""
        if key not in self._rests:
            spec = self.spec(key)
            below = [self.rests_on(ref) for ref in spec.refers] if spec else []
            self._rests[key] = frozenset().union(*below) if below else frozenset([key])
        return self._rests[key]

    def circle(self, key: Key) -> list[Key]:
        """The way from the measure back to itself, both ends included; empty where there is none."""
        way: list[tuple[Key, list[Key]]] = [(key, self._refers(key))]
        done: set[Key] = set()
        while way:
            _at, left = way[-1]
            if not left:
                done.add(way.pop()[0])
                continue
            following = left.pop(0)
            if following == key:
                return [*(step for step, _ in way), key]
            if following not in done and following not in {step for step, _ in way}:
                way.append((following, self._refers(following)))
        return []

    def _refers(self, key: Key) -> list[Key]:
        spec = self.spec(key)
        return list(spec.refers) if spec else []


def _stored(measures: "Iterable[Measure]") -> dict[Key, Spec]:
    rows = list(
        Measure.objects.filter(pk__in=[m.pk for m in measures]).values_list(
            "pk", "code", "source", "method", "scorecard__unit__code", "scorecard__officer", "scorecard__year"
        )
    )
    columns = ("measure", "source__code", "source__scorecard__unit__code", "source__scorecard__officer", "source__scorecard__year")
    refers: dict[int, list[Key]] = {}
    for pk, code, unit, officer, year in Contributor.objects.filter(measure__in=[row[0] for row in rows]).values_list(*columns):
        refers.setdefault(pk, []).append(Key(Card(unit, officer, year), code))
    return {
        Key(Card(unit, officer, year), code): Spec(source, method, refers.get(pk, []))
        for pk, code, source, method, unit, officer, year in rows
    }


def cards_above(measures: Iterable[int]) -> set[int]:
    """The ids of the scorecards on which a measure rests, however far, on one of these."""
    ids = sorted(set(measures))
    if not ids:
        return set()
    with connection.cursor() as cursor:
        condition, text = among(ids).condition("source_id", connection.vendor)
        cursor.execute(ABOVE.format(condition), [text])
        return {card for (card,) in cursor.fetchall()}


def measure_ids(keys: set[Key]) -> dict[Key, int]:
    """The ids of stored measures."""
    rows = Measure.objects.filter(
        scorecard__unit__code__in={key.card.unit for key in keys},
        scorecard__year__in={key.card.year for key in keys},
        code__in={key.code for key in keys},
    ).values_list("pk", "code", "scorecard__unit__code", "scorecard__officer", "scorecard__year")
    found = {Key(Card(unit, officer, year), code): pk for pk, code, unit, officer, year in rows}
    return {key: pk for key, pk in found.items() if key in keys}
