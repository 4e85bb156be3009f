"""Reads what a person has been told, in the language of the page."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext, pgettext

from communication.choices import Topic
from communication.models import Notice
from organisation.models import User
from organisation.models.names import in_language

MOST_SEARCHED = 1_000
MONTH = re.compile(r"\d{4}-\d{2}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Line:
    """A notice for people."""

    pk: int
    icon: str
    text: str
    address: str
    button: str
    at: datetime
    unread: bool


@cache
def topics() -> dict[str, Topic]:
    """All topics that the apps know."""
    found: dict[str, Topic] = {}
    for path in settings.NOTICE_TOPICS:
        found |= import_string(path)
    return found


def of_person(person: User) -> "QuerySet[Notice]":
    """Latest first."""
    return Notice.objects.filter(recipient=person)


def unread(person: User) -> "QuerySet[Notice]":
    return of_person(person).filter(read_at__isnull=True)


def matching(person: User, text: str) -> "QuerySet[Notice]":
    """Those of the person's notices whose sentence, as it reads in the language of the page, contains the text."""
    mine = of_person(person)
    if not text:
        return mine
    found = [notice.pk for notice in mine[:MOST_SEARCHED] if text.casefold() in line(notice).text.casefold()]
    return mine.filter(pk__in=found)


def line(notice: Notice) -> Line:
    topic = topics()[notice.topic]
    text = str(topic.sentence) % {key: _word(value) for key, value in notice.about.items()}
    button = str(topic.button) or gettext("Show")
    return Line(notice.pk, topic.icon, text, notice.address, button, notice.at, notice.read_at is None)


def _word(value: Any) -> str:
    """Names in the language of the page, months and days as they are written there."""
    if isinstance(value, list):
        return in_language(value[0], value[1])
    text = str(value)
    if DAY.fullmatch(text):
        return date_format(date.fromisoformat(text), "MONTH_DAY_FORMAT")
    if MONTH.fullmatch(text):
        return date_format(date.fromisoformat(f"{text}-01"), pgettext("month and year", "M Y"))
    return text
