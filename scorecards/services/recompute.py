"""Asks for scores to be recomputed, and recomputes them: always from the source rows, never by adding to what is there."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ledger.models import OutboxEntry
from ledger.services import outbox
from ledger.services.outbox import Payload
from scorecards.assembly import publish
from scorecards.choices import Window
from scorecards.models import Month, Scorecard
from scorecards.selectors.dependency import cards_above

TOPIC = "recompute"


def ask(scorecard: int, *, month: Month | None = None, above: Iterable[int] = ()) -> None:
    """In the transaction of a change: have the scores of all windows over that month recomputed, of the scorecard and of those
    that rest on the measures `above` (ids). Without a month, those of the whole year."""
    for card in [scorecard, *sorted(cards_above(above) - {scorecard})]:
        outbox.put(topic=TOPIC, key=str(card), payload={"month": None if month is None else int(month)})


def handle(key: str, payloads: list[Payload], now: datetime) -> None:
    """The outbox's handler: one recompute for all that was asked of a scorecard."""
    months = {payload["month"] for payload in payloads}
    recompute(int(key), changed=None if None in months else {Month(month) for month in months}, now=now)


@transaction.atomic
def recompute(scorecard: int, *, changed: set[Month] | None, now: datetime) -> None:
    """Lock the scorecard, compute from its rows what the changed months (None: anything) touch, publish. Nothing if it is gone."""
    card = Scorecard.objects.select_for_update(of=("self",)).order_by().filter(pk=scorecard).first()
    if card is None:
        return
    today = timezone.localtime(now).date()
    publish.publish([card.pk], card.year, cells(card.year, changed, today), today=today, now=now)
    if changed is None:
        Scorecard.objects.filter(pk=card.pk).update(published_on=today)


def cells(year: int, changed: set[Month] | None, today: date) -> list[publish.Cell]:
    """The periods and windows of that year, up to this month, in which a change of those months (None: any) shows."""
    last = min(Month.of(year, 12), Month.of_day(today))
    periods = [Month(number) for number in range(Month.of(year, 1), last + 1)]
    every = [(period, window) for period in periods for window in Window.values]
    return [cell for cell in every if changed is None or any(publish.window_start(*cell) <= month <= cell[0] for month in changed)]


@transaction.atomic
def publish_day(*, today: date) -> None:
    """Ask for what a new day changes: the first scores of a month, and deadlines that have passed. Scorecards of past years
    rest once all their deadlines lie behind them; a second call on the same day asks for nothing."""
    unpublished = Q(published_on__isnull=True)
    last_deadlines = date(today.year, 2, 1)
    last_year = Q(year=today.year - 1, published_on__lt=min(today, last_deadlines))
    running = Q(year=today.year, published_on__lt=today) | last_year
    waiting = OutboxEntry.objects.filter(topic=TOPIC, payload={"month": None}).values_list("key", flat=True)
    for pk in Scorecard.objects.filter(unpublished | running).exclude(pk__in=[int(key) for key in waiting]).values_list("pk", flat=True):
        ask(pk)
