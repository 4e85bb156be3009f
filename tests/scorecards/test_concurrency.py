"""Savers, an importer and drains at once on PostgreSQL: nobody fails, and the scores are right afterwards."""

import json
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone

from ledger.services import outbox
from scorecards.forms.document import read_documents
from scorecards.models import Month, Reading
from scorecards.selectors.document import document_of
from scorecards.services.document import import_documents
from scorecards.services.reading import record_reading
from tests import cast
from tests.scorecards.test_published import differences

pytestmark = [pytest.mark.needs_redis, pytest.mark.django_db(transaction=True)]


class Racers:
    """Threads that keep their connections from one race to the next."""

    def __init__(self, number: int) -> None:
        self.pool, self.line = ThreadPoolExecutor(number), threading.Barrier(number, timeout=30)

    def __enter__(self) -> "Racers":
        return self

    def __exit__(self, *_: object) -> None:
        self.race(*[connections.close_all] * self.line.parties)
        self.pool.shutdown()

    def race(self, *actions: Callable[[], None]) -> list[BaseException]:
        """Run as many actions as there are threads, all of which start together; the exceptions that they raised, in the order of the
        actions."""
        ends = [self.pool.submit(lambda action=action: (self.line.wait(), action())) for action in actions]
        return [error for end in ends if (error := end.exception())]


def at_once(*actions: Callable[[], None]) -> list[BaseException]:
    """One race of the actions; the exceptions that they raised."""
    with Racers(len(actions)) as racers:
        return racers.race(*actions)


def test_savers_an_importer_and_drains_do_not_hinder_each_other(load, officer):
    card = load(cast.document(*(cast.measure(f"M{i}", readings=cast.readings(10, 20)) for i in range(6))))
    files = read_documents([("again.json", json.dumps(document_of(card)).encode())])
    measures = list(card.measures.all())

    def save() -> None:
        chance = random.Random(threading.get_ident())
        for _ in range(40):
            numbers = {"value": chance.randint(0, 100)}
            record_reading(actor=officer, measure=chance.choice(measures), month=Month.of(2026, 3), today=cast.TODAY, numbers=numbers)

    def replace() -> None:
        for _ in range(10):
            import_documents(actor=officer, documents=files)

    def drain() -> None:
        for _ in range(40):
            outbox.drain(now=timezone.now())

    assert at_once(save, save, save, replace, drain, drain) == []
    drain()
    assert differences(card, timezone.localdate()) == []


def test_two_people_filling_one_empty_cell_leave_one_value(load, officer):
    measure = load(cast.document(cast.measure("M1"))).measures.get()

    def save(value: float) -> Callable[[], None]:
        return lambda: record_reading(  # type: ignore[return-value]
            actor=officer, measure=measure, month=Month.of(2026, 3), today=cast.TODAY, seen=0, numbers={"value": value}
        )

    raised = at_once(save(1.0), save(2.0), save(3.0))
    assert [type(error).__name__ for error in raised] == ["ReadingChanged", "ReadingChanged"]
    assert Reading.objects.count() == 1
