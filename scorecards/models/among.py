"""A lookup for many ids at once: one parameter, however many they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Lookup
from django.db.models.fields.related import ForeignObject


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """`pk__among=among(…)`: like `in`, for whole numbers."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        sql, params = self.process_lhs(compiler, connection)
        condition, ids = self.rhs.condition(sql, connection.vendor)
        return condition, (*params, ids)


@dataclass(frozen=True)
class Ids:
    """One text, which neither Django nor the driver walks through."""

    text: str

    def condition(self, column: str, vendor: str) -> tuple[str, str]:
        """SQL that asks whether the column is among them, and its one parameter."""
        if vendor == "postgresql":
            return f"{column} = ANY(%s::bigint[])", "{" + self.text + "}"
        return f"{column} IN (SELECT value FROM json_each(%s))", "[" + self.text + "]"


def among(ids: Iterable[int]) -> Ids:
    """The ids as the lookup takes them."""
    return Ids(",".join(map(str, ids)))
