"""Lets the system count values of measures, and writes what it counts as readings."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from ledger.services import audit, outbox
from organisation.models import Unit, User
from scorecards.choices import COUNTING, STEPS
from scorecards.errors import FeedTaken, WrongFeed
from scorecards.models import Feed, Measure, Month, Reading
from scorecards.selectors.closing import is_closed
from scorecards.selectors.feed import Counted, sources
from scorecards.services.reading import record_reading, says

TOPIC = "feed"
MONTHS_BACK = 12


@transaction.atomic
def connect(*, actor: User, unit: Unit, measure: Measure, source: str, today: date) -> Feed:
    """From this month on the measure, on the unit's scorecards of all years, takes its values from the source.
    Raises WrongFeed, FeedTaken."""
    if measure.method not in sources()[source].methods or not measure.is_entered:
        raise WrongFeed
    feed, created = Feed.objects.get_or_create(unit=unit, code=measure.code, defaults={"source": source, "from_month": Month.of_day(today)})
    if not created:
        raise FeedTaken
    audit.record(actor=actor, verb="feed", target=measure, place=unit.code, after={"code": measure.code, "source": source})
    _put([feed])
    return feed


@transaction.atomic
def disconnect(*, actor: User, feed: Feed) -> None:
    """From now on people report the measure again; what was counted stays."""
    audit.record(actor=actor, verb="feed", target=feed.unit, place=feed.unit.code, before={"code": feed.code, "source": feed.source})
    feed.delete()


def ask(source: str, unit: Unit) -> None:
    """In the transaction of a change: have everything counted anew that the source feeds in the unit and above it."""
    _put(Feed.objects.filter(source=source, unit__in=unit.paths_up.values("above")))


def ask_all() -> None:
    """Have everything counted anew, for what a new day brings."""
    _put(Feed.objects.all())


def _put(feeds: Any) -> None:
    outbox.put(topic=TOPIC, payloads={str(feed.pk): {} for feed in feeds})


def handle(key: str, _payloads: list[dict[str, Any]], now: datetime) -> None:
    """The outbox's handler: count for one feed."""
    feed = Feed.objects.select_related("unit").filter(pk=int(key)).first()
    if feed is not None and feed.source in sources():
        count(feed, timezone.localtime(now).date())


def count(feed: Feed, today: date) -> None:
    """Write what is counted into every month of the last year, since the feed began, that is due, has begun and is open."""
    running, source = Month.of_day(today), sources()[feed.source]
    first = max(feed.from_month, running - MONTHS_BACK)
    measures = Measure.objects.select_related("scorecard__unit").filter(scorecard__unit=feed.unit, scorecard__officer="", code=feed.code)
    of_year = {one.scorecard.year: one for one in measures.filter(scorecard__year__gte=first.year)}
    for month in (Month(number) for number in range(first, running + 1)):
        measure = of_year.get(month.year)
        if (
            measure is None
            or measure.method not in source.methods
            or not measure.is_due_in(month)
            or is_closed(measure.scorecard_id, month)
        ):
            continue
        found = source.count(feed.unit, month - (STEPS[measure.frequency] - 1), month)
        if found is not None:
            _write(measure, month, found, today)


def _write(measure: Measure, month: Month, found: Counted, today: date) -> None:
    stored = Reading.objects.filter(measure=measure, month=int(month)).first()
    if stored is None or says(stored) != found or stored.state not in COUNTING:
        record_reading(actor=None, measure=measure, month=month, today=today, numbers=found)
