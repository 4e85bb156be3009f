"""Asks for scores to be recomputed, and recomputes them: always from the source rows, never by adding to what is there."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ledger.services import outbox
from ledger.services.outbox import Payload
from scorecards.assembly import publish
from scorecards.choices import MissingPolicy, Window
from scorecards.models import Month, Scorecard, among
from scorecards.selectors.dependency import cards_above
from scorecards.services.tension import open_reviews, paired_in_the_next_year

TOPIC = "recompute"
ABOVE = "recompute_above"
MANY = "recompute_many"
CHUNK = 500
DECEMBER = 12


def ask(scorecard: int, *, month: Month | None = None, above: Iterable[int] = ()) -> None:
    """In the transaction of a change: have the scores of all windows over that month recomputed, of the scorecard and of those
    that rest on its measures `above` (ids). Without a month, those of the whole year."""
    _ask({scorecard}, month)
    ask_above(scorecard, above, month=month)


def ask_above(scorecard: int, measures: Iterable[int], *, month: Month | None = None) -> None:
    """The same of the scorecards that rest on these measures (ids) of the scorecard, which is left out itself. They are looked for after
    the commit: so who links to a measure while its value is saved either reads the new value or is found here."""
    if ids := sorted(set(measures)):
        outbox.put(topic=ABOVE, payloads={str(scorecard): {"measures": ids, **_of_month(month)}})


def _ask(cards: Iterable[int], month: Month | None) -> None:
    outbox.put(topic=TOPIC, payloads={str(card): _of_month(month) for card in sorted(cards)})


def _of_month(month: Month | None) -> Payload:
    return {"month": None if month is None else int(month)}


def handle(key: str, payloads: list[Payload], now: datetime) -> None:
    """The outbox's handler: one recompute for all that was asked of a scorecard."""
    outbox.commit_without_waiting()
    months = {payload["month"] for payload in payloads}
    recompute(int(key), changed=None if None in months else {Month(month) for month in months}, now=now)


def handle_above(key: str, payloads: list[Payload], _now: datetime) -> None:
    """The outbox's handler for what rests on measures of a scorecard."""
    outbox.commit_without_waiting()
    changed: dict[int | None, set[int]] = {}
    for payload in payloads:
        changed.setdefault(payload["month"], set()).update(payload["measures"])
    for month, measures in changed.items():
        _ask(cards_above(measures) - {int(key)}, None if month is None else Month(month))


def at_once(card: Scorecard, month: Month, now: datetime) -> None:
    """In the transaction of a change, which has locked the scorecard and read it since: publish what a change in that month touches.
    What follows from the scores, reviews of pairs, is left to whoever drains."""
    today = timezone.localtime(now).date()
    paired = publish.publish({card.pk: card.version}, card.year, cells(card.year, {month}, today), today=today, now=now)
    if paired or month.number == DECEMBER:
        _ask({card.pk}, month)


@transaction.atomic
def recompute(scorecard: int, *, changed: set[Month] | None, now: datetime) -> None:
    """Lock the scorecard, compute from its rows what the changed months (None: anything) touch, publish. Nothing if it is gone."""
    card = Scorecard.objects.select_for_update(of=("self",)).order_by().filter(pk=scorecard).first()
    if card is None:
        return
    today = timezone.localtime(now).date()
    _publish({card.pk: card.version}, card.year, cells(card.year, changed, today), today, now)
    if changed is None:
        Scorecard.objects.filter(pk=card.pk).update(published_on=today)


def cells(year: int, changed: set[Month] | None, today: date) -> list[publish.Cell]:
    """The periods and windows of that year, up to this month, in which a change of those months (None: any) shows."""
    first, last = min(changed or (), default=Month.of(year, 1)), min(Month.of(year, DECEMBER), Month.of_day(today))
    every = [(Month(period), window) for period in range(first, last + 1) for window in Window.values]
    return [cell for cell in every if changed is None or any(cell[0].opening(cell[1]) <= month <= cell[0] for month in changed)]


@transaction.atomic
def publish_day(*, today: date) -> None:
    """Ask for what a new day changes: the first scores of a month, and deadlines that have passed where these count. Scorecards of
    past years rest once all their deadlines lie behind them; a second call on the same day asks for nothing."""
    last_deadlines = date(today.year, 2, 1)
    new_month = Q(year=today.year, published_on__lt=today.replace(day=1))
    deadlines = Q(missing_policy=MissingPolicy.ZERO) & (
        Q(year=today.year, published_on__lt=today) | Q(year=today.year - 1, published_on__lt=min(today, last_deadlines))
    )
    asked = Scorecard.objects.filter(Q(published_on__isnull=True) | new_month | deadlines)
    by_year: dict[int, list[int]] = {}
    for pk, year in asked.order_by("pk").values_list("pk", "year"):
        by_year.setdefault(year, []).append(pk)
    for year, ids in by_year.items():
        starts = range(0, len(ids), CHUNK)
        outbox.put(topic=MANY, payloads={f"{year}.{ids[i]}": {"year": year, "ids": ids[i : i + CHUNK]} for i in starts})
    asked.update(published_on=today)


def handle_many(_key: str, payloads: list[Payload], now: datetime) -> None:
    """The outbox's handler for scorecards of one year together: all their scores up to this month."""
    outbox.commit_without_waiting()
    today = timezone.localtime(now).date()
    for payload in payloads:
        publish_locked(payload["ids"], payload["year"], cells(payload["year"], None, today), now)


@transaction.atomic
def publish_locked(ids: list[int], year: int, wanted: list[publish.Cell], now: datetime) -> None:
    """Lock the scorecards, so that every edit is either in what is read or asks again afterwards; compute and publish."""
    locked = Scorecard.objects.select_for_update(of=("self",), no_key=True).order_by("pk").filter(pk__among=among(ids))
    _publish(dict(locked.values_list("pk", "version")), year, wanted, timezone.localtime(now).date(), now)


def _publish(versions: dict[int, int], year: int, wanted: list[publish.Cell], today: date, now: datetime) -> None:
    paired = publish.publish(versions, year, wanted, today=today, now=now)
    months = [period for period, window in wanted if window == Window.MONTH]
    if paired and months:
        open_reviews(paired, months, now)
    if Month.of(year, DECEMBER) in months:
        _ask(paired_in_the_next_year(list(versions), year), Month.of(year + 1, 1))
