"""The outbox: asked for with the change, done once, never lost."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from grc_bsc.wake import Helper, sender
from ledger import tasks
from ledger.models import AuditEntry, OutboxEntry
from ledger.services import audit, outbox
from organisation.models import Unit

HANDLED: list[tuple[str, list[dict[str, object]]]] = []


def remember(key: str, payloads: list[dict[str, object]], now: datetime) -> None:
    HANDLED.append((key, payloads))


def stumble(key: str, payloads: list[dict[str, object]], now: datetime) -> None:
    if key == "bad":
        raise ValueError("no such thing")
    remember(key, payloads, now)


@pytest.fixture(autouse=True)
def handlers(settings):
    HANDLED.clear()
    settings.OUTBOX_HANDLERS = {"note": f"{__name__}.remember", "risky": f"{__name__}.stumble"}


def now() -> datetime:
    return datetime.now(tz=UTC)


@pytest.mark.django_db
def test_entries_of_one_key_are_handled_together_and_deleted():
    for number in (1, 2):
        outbox.put(topic="note", payloads={"a": {"n": number}})
    outbox.put(topic="note", payloads={"b": {"n": 3}})
    assert outbox.drain(now=now()) == 3
    assert HANDLED == [("a", [{"n": 1}, {"n": 2}]), ("b", [{"n": 3}])]
    assert not OutboxEntry.objects.exists()


@pytest.mark.django_db
def test_a_failing_key_waits_longer_each_time_and_does_not_stop_the_others():
    outbox.put(topic="risky", payloads={"bad": {}})
    outbox.put(topic="risky", payloads={"good": {}})
    at = now()
    assert outbox.drain(now=at) == 1
    kept, second = OutboxEntry.objects.get(), timedelta(seconds=1)
    assert (kept.attempts, kept.error) == (1, "ValueError: no such thing")
    assert at + 2 * second <= kept.due_at < at + 3 * second
    outbox.drain(now=at + second)
    assert OutboxEntry.objects.get().attempts == 1
    outbox.drain(now=at + 3 * second)
    assert at + 7 * second <= OutboxEntry.objects.get().due_at < at + 8 * second


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_asks_for_nothing():
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.put(topic="note", payloads={"a": {}})
        raise RuntimeError
    assert outbox.drain(now=now()) == 0


@pytest.mark.django_db(transaction=True)
def test_whoever_drains_is_woken_after_the_commit(settings):
    settings.OUTBOX_WAKE = f"{__name__}.wake"
    with transaction.atomic():
        outbox.put(topic="note", payloads={"a": {}})
        assert HANDLED == []
    assert HANDLED == [("woken", [])]


def ask_on(key, payloads, now) -> None:
    outbox.put(topic="note", payloads={key: payloads[0]})
    outbox.put(topic="ready", payloads={key: payloads[0]})


def made_ready(key, payloads, now, told) -> None:
    remember(key, told, now)


made_ready.prepare = lambda key: [{"made": key}]


def wake() -> None:
    HANDLED.append(("woken", []))


@pytest.mark.django_db(transaction=True)
def test_a_change_does_not_wait_for_a_broker_that_does_not_answer(settings, monkeypatch):
    settings.OUTBOX_WAKE = "grc_bsc.wake.by_celery"
    given_up, asked = threading.Event(), []

    def silent(**_):
        given_up.wait(5)
        asked.append("the broker")
        raise OSError

    monkeypatch.setattr(tasks.drain_outbox, "apply_async", silent)
    with transaction.atomic():
        outbox.put(topic="note", payloads={"a": {}})
    assert asked == []
    given_up.set()
    sender.settle()
    assert asked
    assert OutboxEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_audit_line_without_a_transaction_is_refused():
    with pytest.raises(RuntimeError):
        audit.record(actor=None, verb="create", target=Unit(pk=1))


@pytest.mark.django_db
def test_each_of_many_lines_is_told_of_its_own_object():
    units = [Unit(pk=number) for number in range(1, audit.ROWS_AT_ONCE + 3)]
    with transaction.atomic():
        audit.record_all(actor=None, place="X", lines=[audit.Line("edit", unit, None, {"n": unit.pk}) for unit in units])
    told = AuditEntry.objects.order_by("id").values_list("target_id", "after__n")
    assert list(told) == [(str(unit.pk), unit.pk) for unit in units]


@pytest.mark.django_db(transaction=True)
def test_what_work_asks_for_is_done_in_the_same_drain(settings):
    settings.OUTBOX_HANDLERS = {"first": f"{__name__}.ask_on", "note": f"{__name__}.remember", "ready": f"{__name__}.made_ready"}
    HANDLED.clear()
    with transaction.atomic():
        outbox.put(topic="first", payloads={"a": {"n": 1}})
    assert outbox.drain(now=datetime.now(tz=UTC)) == 3
    assert HANDLED == [("a", [{"n": 1}]), ("a", [{"made": "a"}])]
    assert not OutboxEntry.objects.exists()


def test_what_is_rung_for_during_a_rest_is_done_together_and_not_lost_at_the_end():
    done: list[float] = []
    helper = Helper("test", lambda: lambda: done.append(time.monotonic()), None, rest=1.0)
    for _ring in range(5):
        helper.ring()
        time.sleep(0.01)
    helper.settle()
    assert len(done) == 2
