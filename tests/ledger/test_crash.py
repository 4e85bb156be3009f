"""A worker killed in the middle, and Redis emptied: nothing is lost and nothing stays stale."""

import random
import time

import pytest
import redis
from django.conf import settings
from django.utils import timezone

from ledger.models import JobRun, OutboxEntry
from organisation.models import Unit
from scorecards.models import Measure, Month, Score
from scorecards.services import national, recompute
from scorecards.services.reading import record_reading
from tests import cast
from tests.ledger.worker import kill, start, worker
from tests.scorecards.test_published import differences

pytestmark = [pytest.mark.needs_redis, pytest.mark.django_db(transaction=True)]
RECORDINGS, SECONDS_TO_SETTLE = 200, 60


@pytest.fixture
def card(load, settings):
    """A scorecard whose measures all roll up from another one, which is the one that is edited."""
    settings.OUTBOX_WAKE = "grc_bsc.wake.by_celery"
    rolled = {"method": "sum", "source": "rollup", "across": "sum"}
    house = cast.document(*(cast.measure(f"R{i}", **rolled, contributors=[f"DIVISION/M{i}"]) for i in range(10)))
    card = load(house, cast.document(*(cast.measure(f"M{i}", method="sum") for i in range(10)), unit="DIVISION"))
    OutboxEntry.objects.all().delete()
    return card


def record(card, officer, number: int, chance: random.Random) -> None:
    measures = list(Measure.objects.filter(scorecard__unit__code="DIVISION").select_related("scorecard__unit"))
    for _ in range(number):
        numbers = {"value": chance.randint(0, 300)}
        month = Month.of(2026, chance.randint(1, 3))
        record_reading(actor=officer, measure=chance.choice(measures), month=month, today=cast.TODAY, numbers=numbers)


def settle() -> None:
    """Wait until the worker has nothing left to do, a minute at most."""
    end = time.monotonic() + SECONDS_TO_SETTLE
    while OutboxEntry.objects.exists():
        assert time.monotonic() < end, "work is left after a minute"
        time.sleep(0.2)


def abuse(card, officer) -> None:
    """Record 200 values; kill the worker twice among them, empty Redis once, and start the worker again."""
    chance = random.Random(20261125)
    process = start()
    try:
        for part in range(4):
            record(card, officer, RECORDINGS // 4, chance)
            if part in {1, 2}:
                kill(process)
                if part == 2:
                    redis.Redis.from_url(settings.REDIS_URL).flushall()
                record(card, officer, 5, chance)
                process = start()
    finally:
        kill(process)


def test_killed_workers_and_an_emptied_redis_lose_nothing(card, officer):
    abuse(card, officer)
    with worker():
        settle()
    assert differences(card, timezone.localdate()) == []


def test_the_same_abuse_without_the_outbox_leaves_scores_stale(card, officer, monkeypatch):
    """The control: with the outbox switched off, the test above would fail."""
    monkeypatch.setattr(recompute.outbox, "put", lambda **_: None)
    abuse(card, officer)
    with worker():
        settle()
    assert differences(card, timezone.localdate()) != []


def test_two_workers_at_one_scorecard_leave_it_right(card, officer):
    with worker(), worker():
        record(card, officer, 60, random.Random(3))
        settle()
    assert differences(card, timezone.localdate()) == []


def test_two_national_jobs_at_once_survive_killed_workers(card, officer, people, monkeypatch):
    monkeypatch.setattr(national, "BATCH", 1)
    record(card, officer, 20, random.Random(7))
    Score.objects.all().delete()
    root, process = Unit.objects.get(code="ROOT"), start()
    jobs = [national.start(actor=people["scorecards"], unit=root, month=Month.of(2026, 3)) for _ in range(2)]
    for wait in (0.5, 1.5):
        time.sleep(wait)
        kill(process)
        process = start()
    kill(process)
    with worker(), worker():
        settle()
    assert [(job.state, job.done) for job in JobRun.objects.filter(pk__in=[job.pk for job in jobs])] == [("done", 2)] * 2
    assert Score.objects.filter(period=int(Month.of(2026, 3)), revision=0).count() == 2 * 3
    assert differences(card, timezone.localdate()) == []
