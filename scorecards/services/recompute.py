"""Asks for scores to be recomputed, and recomputes them: always from the source rows, never by adding to what is there."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from ledger.services import outbox
from ledger.services.outbox import Payload
from scorecards.assembly import publish
from scorecards.choices import Window
from scorecards.models import Month, Scorecard

TOPIC = "recompute"


def ask(scorecard: int, *, since: Month | None = None) -> None:
    """In the transaction of a change: have the scores of that month and of all windows over it recomputed.
    Without a month, those of the whole year."""
    outbox.put(topic=TOPIC, key=str(scorecard), payload={"since": None if since is None else int(since)})


def handle(key: str, payloads: list[Payload], now: datetime) -> None:
    """The outbox's handler: one recompute for all that was asked of a scorecard."""
    months = [payload["since"] for payload in payloads]
    since = None if None in months else Month(min(months))
    recompute(int(key), since=since, now=now)


@transaction.atomic
def recompute(scorecard: int, *, since: Month | None, now: datetime) -> None:
    """Lock the scorecard, compute from its rows, publish. Nothing if it is gone."""
    card = Scorecard.objects.select_for_update().filter(pk=scorecard).first()
    if card is None:
        return
    today = timezone.localtime(now).date()
    publish.publish([card.pk], card.year, cells(card.year, since, today), today=today, now=now)


def cells(year: int, since: Month | None, today: date) -> list[publish.Cell]:
    """The periods and windows of that year, up to this month, in which a change of that month shows."""
    first = Month.of(year, 1) if since is None else since
    last = min(Month.of(year, 12), Month.of_day(today))
    months = [Month(number) for number in range(max(first, Month.of(year, 1)), last + 1)]
    return [
        (period, window) for period in months for window in Window.values if since is None or publish.window_start(period, window) <= since
    ]


@transaction.atomic
def publish_day(*, today: date) -> None:
    """Ask for what a new day changes: the first scores of a month, deadlines that have passed, and scorecards without scores.
    Does nothing for a scorecard whose scores were computed today."""
    year = Month.of_day(today).year
    begun = Scorecard.objects.filter(year__gte=year - 1, year__lte=year)
    stale = begun.exclude(scores__computed_at__date__gte=today)
    for pk in stale.values_list("pk", flat=True):
        ask(pk)
    for pk in Scorecard.objects.filter(scores__isnull=True, year__lt=year - 1).values_list("pk", flat=True):
        ask(pk)
