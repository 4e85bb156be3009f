"""What other rules would have made of past months: every score before and after, and the bands that change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from organisation.models import Unit
from scorecards.assembly.layout import card_slices
from scorecards.assembly.load import load
from scorecards.assembly.publish import band_name, score_cells
from scorecards.models import Month, Scorecard
from scorecards.selectors.dependency import cards_above
from scorecards.selectors.status import Status, status_of
from scorecards.selectors.text import change_text, score_text
from scoring.explain import number

Scores = dict[tuple[int, str, int], tuple[float | None, Status]]


@dataclass(frozen=True)
class Effect:
    """A score that would be another. level: card, perspective, objective or measure."""

    unit: str
    level: str
    name: str
    before: str
    after: str
    change: str
    status_before: Status
    status_after: Status
    other_band: bool


After = Callable[[Callable[[], Scores]], Scores]


def effects(card: Scorecard, period: Month, window: str, today: date, units: "QuerySet[Unit]", after: After) -> list[Effect]:
    """Score the card and the scorecards of these units that rest on it, and again inside `after`, which calls what it is given with
    the rules changed."""
    above = cards_above(card.measures.values_list("pk", flat=True)) - {card.pk}
    ids = [card.pk, *Scorecard.objects.filter(pk__in=above, officer="", unit__in=units).order_by("pk").values_list("pk", flat=True)]
    before = _scores(ids, period, window, today)
    changed = after(lambda: _scores(ids, period, window, today))
    names = _names(ids)
    rows = []
    for key, (score, status) in before.items():
        new, new_status = changed.get(key, (None, status))
        if (score, status) != (new, new_status):
            delta = None if score is None or new is None else new - score
            unit, name = names.get(key, ("", ""))
            other = status != new_status
            rows.append(Effect(unit, key[1], name, score_text(score), score_text(new), change_text(delta), status, new_status, other))
    return rows


def _scores(ids: list[int], period: Month, window: str, today: date) -> Scores:
    loaded = load(ids, period.year)
    results = score_cells(loaded, [(period, window)], today)
    found: Scores = {}
    for j, place in enumerate(card_slices(loaded, 1)[: loaded.own]):
        names = loaded.bands[j]

        def status(band: int, names: list[str] = names) -> Status:
            return status_of(band_name(band, names), names)

        found[int(loaded.scorecards[j]), "card", 0] = number(results.score[j]), status(int(results.band[j]))
        levels = (
            ("perspective", loaded.perspectives, results.perspectives, place.perspectives),
            ("objective", loaded.objectives, results.objectives, place.objectives),
            ("measure", loaded.measures, results.measures, place.measures),
        )
        for level, nodes, scored, where in levels:
            for i in range(where.start, where.stop):
                found[int(loaded.scorecards[j]), level, int(nodes[i])] = number(scored.score[i]), status(int(scored.band[i]))
    return found


def _names(ids: list[int]) -> dict[tuple[int, str, int], tuple[str, str]]:
    found: dict[tuple[int, str, int], tuple[str, str]] = {}
    for card in Scorecard.objects.filter(pk__in=ids).select_related("unit"):
        found[card.pk, "card", 0] = card.unit.label, card.label
        for level, nodes in (("perspective", card.perspectives), ("objective", card.objectives), ("measure", card.measures)):
            for node in nodes.all():
                found[card.pk, level, node.pk] = card.unit.label, f"{node.code} {node.label}"
    return found
