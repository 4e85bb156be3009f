"""Columns that hold a list of numbers: an array on PostgreSQL, JSON on SQLite."""

import json
import math
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

Numbers = list[float | None]


class FloatArrayField(models.Field):  # type: ignore[type-arg]
    """A list of floats and None, in double precision on both databases; None may be given as NaN, and is NaN in PostgreSQL's arrays,
    whose elements so have all the same length. They are written as text, which it reads faster than an array of expressions."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "double precision[]" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> str:
        return "%s::double precision[]" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(self, value: Numbers, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if connection.vendor == "postgresql":
            return "{" + str(value)[1:-1].replace("None", "NaN") + "}"
        return json.dumps([None if number is None or math.isnan(number) else number for number in value])

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Numbers:
        numbers = json.loads(value) if isinstance(value, str) else value
        return [None if number is None or math.isnan(number) else number for number in numbers]
