"""Sources of the system that count values of measures; the apps that own them are named in the settings."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from organisation.models import Unit
from scorecards.models import Feed, Month

Counted = dict[str, float]


@dataclass(frozen=True)
class Source:
    """label: what is counted; methods: of the measures that it can feed; count: the parts of a reading over the months from the first
    to the last, for the unit and all below it, or None where there is nothing to count."""

    label: str | Promise
    methods: frozenset[str]
    count: Callable[[Unit, Month, Month], Counted | None]


def sources() -> dict[str, Source]:
    """By name."""
    found: dict[str, Source] = {}
    for path in settings.FEEDS:
        found |= import_string(path)
    return found


def feeds_of(unit: Unit) -> list[tuple[Feed, Source]]:
    """The unit's feeds with their sources."""
    known = sources()
    return [(feed, known[feed.source]) for feed in Feed.objects.filter(unit=unit) if feed.source in known]


def labels(unit: Unit) -> dict[str, str]:
    """By measure's code, what is counted for it."""
    return {feed.code: str(source.label) for feed, source in feeds_of(unit)}


def is_fed(unit: int, code: str) -> bool:
    return Feed.objects.filter(unit=unit, code=code).exists()
