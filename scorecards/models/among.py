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
        if connection.vendor == "postgresql":
            return f"{sql} = ANY(%s::bigint[])", (*params, "{" + self.rhs.text + "}")
        return f"{sql} IN (SELECT value FROM json_each(%s))", (*params, "[" + self.rhs.text + "]")


@dataclass(frozen=True)
class Ids:
    """One text, which neither Django nor the driver walks through."""

    text: str


def among(ids: Iterable[int]) -> Ids:
    """The ids as the lookup takes them."""
    return Ids(",".join(map(str, ids)))
