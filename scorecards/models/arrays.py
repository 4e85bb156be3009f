"""Columns that hold a list of numbers: an array on PostgreSQL, JSON on SQLite."""

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

Numbers = list[float | None]


class FloatArrayField(models.Field):  # type: ignore[type-arg]
    """A list of floats and None, in double precision on both databases."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "double precision[]" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> str:
        return "%s::double precision[]" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(self, value: Numbers, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return list(value) if connection.vendor == "postgresql" else json.dumps(value)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Numbers:
        numbers: Numbers = json.loads(value) if isinstance(value, str) else value
        return numbers
