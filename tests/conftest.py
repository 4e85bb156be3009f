"""The cast, as fixtures, and the guards that hold for every test."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.template import Template
from django.test import Client
from hypothesis import settings as properties

from grc_bsc import garbage
from ledger.services import outbox
from organisation.models import User
from scorecards.assembly import cache
from scorecards.forms.document import read_documents
from scorecards.models import Measure, Scorecard, guard
from scorecards.services.document import import_documents
from tests import cast

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
properties.register_profile("steady", deadline=None, derandomize=True)
properties.load_profile("steady")
NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
WITHOUT_DATABASE = {"scoring", "cartography", "spreadsheets"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests about one way of running are left out of the run of the other; the markers say why. What knows no database is tested once."""
    from django.conf import settings

    ways = {"needs_redis": bool(settings.REDIS_URL), "needs_sqlite": connection.vendor == "sqlite"}
    for item in items:
        if item.path.parent.name in WITHOUT_DATABASE:
            item.add_marker(pytest.mark.needs_sqlite)
    kept = [item for item in items if all(holds or not item.get_closest_marker(name) for name, holds in ways.items())]
    items[:] = kept


def pytest_collection_finish() -> None:
    garbage.settle()


@pytest.fixture(autouse=True)
def no_sql_in_templates(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A page is assembled before it is printed: any query while a template renders fails the test."""
    original = Template._render
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    def render(self: Template, context: Any) -> str:
        with connection.execute_wrapper(note):
            return original(self, context)

    monkeypatch.setattr(Template, "_render", render)
    yield
    assert asked == []


@pytest.fixture(autouse=True)
def no_memory_of_the_last_test() -> None:
    """Ids and versions begin anew with each test; what is kept of them in the process must not outlive it."""
    cache.forget()


@pytest.fixture(autouse=True)
def kept_without_commit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that is one transaction never commits: what the process would keep after that, it keeps at once."""
    if not _own_transactions(request):
        monkeypatch.setattr(cache, "transaction", SimpleNamespace(on_commit=lambda work, robust: work()))


@pytest.fixture(autouse=True)
def emptied_without_guard(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests with transactions of their own are cleaned up by emptying all tables, closed months too."""
    own_transactions = _own_transactions(request)
    if own_transactions:
        request.getfixturevalue("transactional_db")
        guard.put_up(connection)
    yield
    if own_transactions:
        guard.take_down(connection)


def _own_transactions(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture
def people(db: None) -> dict[str, User]:
    return cast.build()


@pytest.fixture
def officer(people: dict[str, User]) -> User:
    return people["officer"]


@pytest.fixture
def as_user(people: dict[str, User]) -> Callable[[str], Client]:
    """A client in which that person is signed in; an empty name is anybody."""

    def sign_in(username: str) -> Client:
        client = Client()
        if username:
            client.force_login(people[username], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def load(people: dict[str, User]) -> Callable[..., Scorecard]:
    """Import documents as a person would, and have their scores computed on 20 March 2026."""

    def load_documents(*documents: dict[str, Any]) -> Scorecard:
        files = [(f"{i}.json", json.dumps(document).encode()) for i, document in enumerate(documents)]
        cards = import_documents(actor=people["scorecards"], documents=read_documents(files))
        outbox.drain(now=datetime.now(tz=UTC))
        return cards[0]

    return load_documents


@pytest.fixture
def measure(load: Callable[..., Scorecard]) -> Measure:
    """One measure with three months of values."""
    card = load(cast.document(cast.measure("M1", readings=cast.readings(70, 80, 90))))
    return card.measures.get()
