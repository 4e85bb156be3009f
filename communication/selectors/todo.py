"""What a person has left to do: always asked of the state of things, so that a to-do is gone when its work is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string

from organisation.models import User


@dataclass(frozen=True)
class Todo:
    """One thing to do. button: the verb; due: until when, None where nothing presses; weight: how many things it is."""

    icon: str
    title: str
    detail: str
    address: str
    button: str
    due: date | None = None
    late: bool = False
    weight: int = 1


Source = Callable[[User, date], list[Todo]]


def todos(person: User, today: date) -> list[Todo]:
    """Late ones first, then by the day on which they are due."""
    sources: list[Source] = [import_string(path) for path in settings.TODO_SOURCES]
    found = [todo for source in sources for todo in source(person, today)]
    return sorted(found, key=lambda todo: (not todo.late, todo.due or date.max))
