"""Two ways to have the outbox drained: Celery on Redis, or a thread of this process."""

import logging
import threading
from datetime import date

from django.db import close_old_connections, connection
from django.utils import timezone

from communication.services import digest
from ledger.services import outbox
from ledger.tasks import drain_outbox
from scorecards.services import recompute, reminder

log = logging.getLogger(__name__)

SWEEP_SECONDS = 10.0
_bell, _stop = threading.Event(), threading.Event()
_lock = threading.Lock()
_thread: threading.Thread | None = None


def by_celery() -> None:
    """Ask a worker to drain. A lost message costs nothing: the beat sweeps every ten seconds."""
    drain_outbox.apply_async(retry=False)


def by_thread() -> None:
    """Ring the thread of this process, starting it if it does not run."""
    global _thread
    with _lock:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_run, name="outbox", daemon=True)
            _thread.start()
    _bell.set()


def settle() -> None:
    """Stop the thread after what it is doing; the next ring starts it again."""
    global _thread
    with _lock:
        if _thread is not None:
            _stop.set()
            _bell.set()
            _thread.join()
            _stop.clear()
            _thread = None


def _run() -> None:
    published: date | None = None
    while not _stop.is_set():
        _bell.wait(SWEEP_SECONDS)
        _bell.clear()
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
    connection.close()
