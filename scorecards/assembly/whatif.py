"""What other rules would have made of past months: every score before and after, and the bands that change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from organisation.models import Unit
from scorecards.assembly.layout import Slices, card_slices
from scorecards.assembly.load import Loaded, load
from scorecards.assembly.publish import Cell, band_name, score_cells
from scorecards.models import Month, Scorecard
from scorecards.selectors.dependency import cards_above
from scorecards.selectors.status import Status, status_of
from scorecards.selectors.text import change_text, month_text, score_text
from scoring.explain import number
from scoring.plan import Results

Node = tuple[int, str, int]
Scores = dict[Month, dict[Node, tuple[float | None, Status]]]


@dataclass(frozen=True)
class Effect:
    """A score as it is and as it would be. level: card, perspective, objective or measure; other: whether it or its
    band would be another."""

    unit: str
    level: str
    name: str
    before: str
    after: str
    change: str
    status_before: Status
    status_after: Status
    other: bool
    other_band: bool


@dataclass(frozen=True)
class MonthEffect:
    """The scorecard's score in one month, and how many nodes of all looked at would have another band in it."""

    month: str
    chosen: bool
    total: Effect
    other_bands: int


@dataclass(frozen=True)
class Effects:
    """months: of the year up to the chosen one; rows: all that would be another in the chosen one."""

    months: list[MonthEffect]
    rows: list[Effect]


After = Callable[[Callable[[], Scores]], Scores]


def effects(card: Scorecard, period: Month, window: str, today: date, units: "QuerySet[Unit]", after: After) -> Effects:
    """Score the card and the scorecards of these units that rest on it, in the months up to the period, and again inside `after`, which
    calls what it is given with the rules changed."""
    above = cards_above(card.measures.values_list("pk", flat=True)) - {card.pk}
    ids = [card.pk, *Scorecard.objects.filter(pk__in=above, officer="", unit__in=units).order_by("pk").values_list("pk", flat=True)]
    cells = [(Month(month), window) for month in range(Month.of(period.year, 1), period + 1)]
    before = _scores(ids, cells, today)
    changed = after(lambda: _scores(ids, cells, today))
    names = _names(ids)
    months, rows = [], []
    for month, nodes in before.items():
        made = {node: _effect(node, names, *stood, *changed[month].get(node, (None, stood[1]))) for node, stood in nodes.items()}
        others = sum(effect.other_band for effect in made.values())
        months.append(MonthEffect(month_text(month), month == period, made[card.pk, "card", 0], others))
        if month == period:
            rows = [effect for effect in made.values() if effect.other]
    return Effects(months, rows)


def _effect(
    node: Node, names: dict[Node, tuple[str, str]], score: float | None, status: Status, new: float | None, new_status: Status
) -> Effect:
    delta = None if score is None or new is None else new - score
    unit, name = names.get(node, ("", ""))
    other_band = status != new_status
    other = other_band or score != new
    return Effect(unit, node[1], name, score_text(score), score_text(new), change_text(delta), status, new_status, other, other_band)


def _scores(ids: list[int], cells: list[Cell], today: date) -> Scores:
    loaded = load(ids, cells[0][0].year)
    results = score_cells(loaded, cells, today)
    cards, found = len(loaded.scorecards), Scores()
    for at, place in enumerate(card_slices(loaded, len(cells))):
        period, j = cells[at // cards][0], at % cards
        if j < loaded.own:
            found.setdefault(period, {}).update(_nodes(loaded, results, at, j, place))
    return found


def _nodes(loaded: Loaded, results: Results, at: int, j: int, place: Slices) -> dict[Node, tuple[float | None, Status]]:
    card, names = int(loaded.scorecards[j]), loaded.bands[j]

    def status(band: int) -> Status:
        return status_of(band_name(band, names), names)

    found: dict[Node, tuple[float | None, Status]] = {(card, "card", 0): (number(results.score[at]), status(int(results.band[at])))}
    levels = (
        ("perspective", loaded.perspectives, results.perspectives, place.perspectives),
        ("objective", loaded.objectives, results.objectives, place.objectives),
        ("measure", loaded.measures, results.measures, place.measures),
    )
    for level, nodes, scored, where in levels:
        for i in range(where.start, where.stop):
            found[card, level, int(nodes[i % len(nodes)])] = number(scored.score[i]), status(int(scored.band[i]))
    return found


def _names(ids: list[int]) -> dict[Node, tuple[str, str]]:
    found: dict[Node, tuple[str, str]] = {}
    for card in Scorecard.objects.filter(pk__in=ids).select_related("unit"):
        found[card.pk, "card", 0] = card.unit.label, card.label
        for level, nodes in (("perspective", card.perspectives), ("objective", card.objectives), ("measure", card.measures)):
            for node in nodes.all():
                found[card.pk, level, node.pk] = card.unit.label, f"{node.code} {node.label}"
    return found
