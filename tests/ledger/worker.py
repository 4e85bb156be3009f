"""A real Celery worker with its beat, on the test database, for tests that kill it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

READY_SECONDS = 30


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process group of its own; killed at the end whatever happened."""
    process = start()
    try:
        yield process
    finally:
        kill(process)


def start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "celery", "-A", "grc_bsc", "worker", "--beat", "--pool=prefork", "-c", "2"]
    command += ["--without-gossip", "--without-mingle", "--loglevel=WARNING", "-s", f"{settings.VAR}/beat-{os.getpid()}"]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "DJANGO_SETTINGS_MODULE": "grc_bsc.settings",
    }
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    wait_until_it_answers()
    return process


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the worker and all its children at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def database_url() -> str:
    own = connection.settings_dict
    return f"postgresql://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{own['NAME']}"


def wait_until_it_answers() -> None:
    from grc_bsc.celery import app

    end = time.monotonic() + READY_SECONDS
    while not app.control.ping(timeout=0.3):
        assert time.monotonic() < end, "the worker does not answer"
