"""Two ways to have the outbox drained: Celery on Redis, or a thread of this process."""

import atexit
import logging
import threading
from collections.abc import Callable
from datetime import date

from django.db import close_old_connections, connection
from django.utils import timezone

from communication.services import digest
from ledger.services import outbox
from ledger.tasks import drain_outbox
from scorecards.services import recompute, reminder

log = logging.getLogger(__name__)

SWEEP_SECONDS = 10.0
REST_SECONDS = 0.05


class Helper:
    """A thread of this process, which works whenever it is rung, and unasked after `pace` seconds (None: never); what is rung for
    during the `rest` seconds after that is done together when they are over. begin: gives a new thread its work."""

    def __init__(self, name: str, begin: Callable[[], Callable[[], None]], pace: float | None, rest: float = 0) -> None:
        self.name, self.begin, self.pace, self.rest = name, begin, pace, rest
        self.bell, self.stop, self.lock = threading.Event(), threading.Event(), threading.Lock()
        self.thread: threading.Thread | None = None
        self.rung = False

    def ring(self) -> None:
        """Have the work done, and start the thread if it does not run; in a process that was forked it does not."""
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self.thread.start()
        self.rung = True
        self.bell.set()

    def settle(self) -> None:
        """Stop the thread after what it is doing, and any that was started because of that; the next ring starts it again."""
        self.stop.set()
        while (thread := self._taken()) is not None:
            self.bell.set()
            thread.join()
        self.stop.clear()

    def _taken(self) -> threading.Thread | None:
        with self.lock:
            thread, self.thread = self.thread, None
        return thread

    def _run(self) -> None:
        work = self.begin()
        while not self.stop.is_set():
            self.bell.wait(self.pace)
            self.bell.clear()
            self.rung = False
            work()
            self.stop.wait(self.rest)
        if self.rung:
            self.rung = False
            work()
        connection.close()


def by_celery() -> None:
    """Ask a worker to drain, without waiting for Redis. A lost message costs nothing: the beat sweeps every ten seconds."""
    sender.ring()


def by_thread() -> None:
    """Drain in a thread of this process."""
    drainer.ring()


def settle() -> None:
    """Stop the threads after what they are doing."""
    for helper in (sender, drainer):
        helper.settle()


def _sending() -> Callable[[], None]:
    def send() -> None:
        try:
            drain_outbox.apply_async(retry=False)
        except Exception as error:
            log.warning("No worker could be woken (%s); the outbox is swept in a few seconds.", error)

    return send


def _draining() -> Callable[[], None]:
    published: date | None = None

    def drain() -> None:
        nonlocal published
        try:
            today = timezone.localdate()
            if published != today:
                recompute.publish_day(today=today)
                reminder.remind(today=today, now=timezone.now())
                published = today
            digest.send_due(now=timezone.now())
            outbox.drain(now=timezone.now())
        except Exception:
            log.exception("The outbox could not be drained; it is tried again in %s s.", SWEEP_SECONDS)
        finally:
            close_old_connections()

    return drain


sender, drainer = Helper("wake", _sending, None, REST_SECONDS), Helper("outbox", _draining, SWEEP_SECONDS)
atexit.register(sender.settle)
