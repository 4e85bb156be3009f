"""Reads threads."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.module_loading import import_string

from communication.models import Comment, Thread
from communication.permissions import READ_THREAD
from organisation.access import roles_with
from organisation.models import Membership, Unit, User
from organisation.models.dates import holding


@dataclass(frozen=True)
class Subject:
    """What a thread is about, as the app that owns it describes it. names: in both languages. officer: whose own it is (staff number,
    empty: the unit's); permission: with which others see it."""

    kind: str
    key: str
    unit: Unit
    names: tuple[str, str]
    label: str
    address: str
    officer: str = ""
    permission: str = READ_THREAD


def threads(subject: Subject, text: str) -> "QuerySet[Thread]":
    """Of that object, open ones first; with their comments."""
    found = Thread.objects.filter(kind=subject.kind, key=subject.key).select_related("opened_by", "resolved_by")
    if text:
        found = found.filter(pk__in=Comment.objects.filter(text__icontains=text).values("thread"))
    open_first = Case(When(resolved_at__isnull=True, then=Value(0)), default=Value(1))
    return found.prefetch_related("comments__author").order_by(open_first, "-pk")


def open_counts(kind: str, keys: Iterable[str]) -> dict[str, int]:
    """How many threads are open about each of these objects."""
    rows = Thread.objects.filter(kind=kind, key__in=list(keys), resolved_at__isnull=True).order_by()
    return dict(rows.values("key").annotate(n=Count("pk")).values_list("key", "n"))


def kinds() -> frozenset[str]:
    """The kinds of objects that can be talked about."""
    return frozenset(import_string(settings.THREAD_SUBJECTS))


def people_about(subject: Subject) -> "QuerySet[User]":
    """Whoever can see the object: by a role in its unit or above, and the officer whose own it is."""
    roles = roles_with(subject.permission)
    today = timezone.localdate()
    in_force = Membership.objects.filter(holding(today))
    held = in_force.filter(unit__in=subject.unit.paths_up.values("above"), role__in=roles)
    return User.objects.filter(Q(pk__in=held.values("user")) | Q(username=subject.officer), is_active=True).order_by("username")


def mentioned_in(text: str, people: "QuerySet[User]") -> list[User]:
    """Those of the people whose staff number or name stands after an @."""
    called = {name.casefold(): person for person in people for name in (person.username, person.name, person.name_zh) if name}
    rest, found = text.casefold(), {}
    for name in sorted(called, key=len, reverse=True):
        rest, times = re.subn(rf"@{re.escape(name)}(?![a-z0-9_])", " ", rest)
        if times:
            found[called[name].pk] = called[name]
    return list(found.values())
