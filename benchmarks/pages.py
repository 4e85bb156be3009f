"""Requests per second: the dashboard against the smallest signed-in page of the same server."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from benchmarks.measure import show, timed
from grc_bsc import demo
from organisation.models import User
from scorecards.models import Measure, Month, Reading

SECONDS, CLIENTS = 5.0, 4
TOKEN = "t" * 64


def run() -> None:
    print(f"Pages: gunicorn with 2 workers, {CLIENTS} clients, {SECONDS:.0f} s each")
    demo.load(today=timezone.localdate(), now=timezone.now())
    cookie, typist = session_of("director"), session_of("officer")
    with server() as port:
        type_another = typing(port, typist)
        timed(type_another, 8)
        saved = timed(type_another, 60)
        show("one value saved over HTTP, with the answer, alone", saved, f"p95 {1000 * saved.nearly_all:.0f} ms")
        show("one dashboard, alone", timed(lambda: fetch(port, "/units/BCIA/", cookie), 30))
        floor = per_second(port, "/account/", cookie)
        dashboard = per_second(port, "/units/BCIA/", cookie)
    print(f"{'smallest signed-in page, requests per second':<58}{floor:9.0f}")
    print(f"{'unit dashboard of 63 measures, requests per second':<58}{dashboard:9.0f}")
    print(f"ratio: dashboard to smallest page                             {dashboard / floor:.2f}")


def session_of(username: str) -> str:
    """A session as the sign-in would make it."""
    user = User.objects.get(username=username)
    session = SessionStore()
    session.update(
        {
            "_auth_user_id": str(user.pk),
            "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
            "_auth_user_hash": user.get_session_auth_hash(),
        }
    )
    session.save()
    return f"session={session.session_key}"


@contextmanager
def server():  # type: ignore[no-untyped-def]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "grc_bsc.wsgi",
        "-b",
        f"127.0.0.1:{port}",
        "-w",
        "2",
        "--threads",
        "2",
        "--no-control-socket",
    ]
    process = subprocess.Popen([*command, "--log-level", "error"], env=os.environ)
    try:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/").read()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def fetch(port: int, path: str, cookie: str) -> None:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 200, f"{path}: {answer.status}"


def typing(port: int, cookie: str) -> Callable[[], None]:
    """Saves another value for this month each time, as the page of entry does."""
    month = Month.of_day(timezone.localdate())
    plain = Measure.objects.filter(scorecard__unit__code="BCIA", scorecard__officer="", scorecard__year=month.year, method="latest")
    measure = next(one for one in plain if one.is_due_in(month))
    Reading.objects.filter(measure=measure, month=int(month)).delete()
    headers = {"Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}", "Content-Type": "application/x-www-form-urlencoded"}
    address = f"http://127.0.0.1:{port}/entry/BCIA/{month}/{measure.pk}/"
    versions = count()

    def save() -> None:
        seen = next(versions)
        body = urlencode({"seen": seen, "value": 50 + seen % 50, "csrfmiddlewaretoken": TOKEN})
        answer = urllib.request.urlopen(urllib.request.Request(address, body.encode(), headers)).read().decode()
        assert f'data-version="{seen + 1}"' in answer, answer

    return save


def per_second(port: int, path: str, cookie: str) -> float:
    fetch(port, path, cookie)
    done = [0] * CLIENTS
    end = time.monotonic() + SECONDS

    def ask(i: int) -> None:
        while time.monotonic() < end:
            fetch(port, path, cookie)
            done[i] += 1

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / SECONDS
