"""Reads rows as columns of numbers: many by COPY on PostgreSQL, a few and all of SQLite's row by row. Both give the same arrays."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import QuerySet
from numpy.typing import NDArray

HEADER = 19
TRAILER = 2
KINDS = {"i": ("bigint", ">i8", "<i8"), "f": ("double precision", ">f8", "<f8")}
Columns = list[NDArray[Any]]


def columns(rows: "QuerySet[Any, Any]", kinds: str) -> Columns:
    """rows: a `values_list`; kinds: i for whole numbers, which are never null, f for floats, whose null becomes NaN."""
    return columns_of(*rows.order_by().query.sql_with_params(), kinds)


def columns_of(sql: str, params: Sequence[Any], kinds: str, *, few: bool = False) -> Columns:
    """The same of a statement, where Django would take longer to write it than the database to answer. few: some hundred rows at most."""
    return _copied(sql, params, kinds) if connection.vendor == "postgresql" and not few else _fetched(sql, params, kinds)


def _fetched(sql: str, params: Sequence[Any], kinds: str) -> Columns:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall()
    return [np.array([row[i] for row in found], dtype=np.int64 if kind == "i" else np.float64) for i, kind in enumerate(kinds)]


def _copied(sql: str, params: Sequence[Any], kinds: str) -> Columns:
    names = [f"c{i}" for i in range(len(kinds))]
    wanted = ", ".join(
        f"{name}::bigint" if kind == "i" else f"coalesce({name}, 'NaN')::double precision" for name, kind in zip(names, kinds, strict=True)
    )
    with connection.cursor() as cursor:
        inner = cursor.cursor.mogrify(sql, params).decode()
        buffer = io.BytesIO()
        cursor.copy_expert(f"COPY (SELECT {wanted} FROM ({inner}) AS found ({', '.join(names)})) TO STDOUT (FORMAT binary)", buffer)
    record = np.dtype([("fields", ">i2"), *(part for name, kind in zip(names, kinds, strict=True) for part in _part(name, kind))])
    table = np.frombuffer(buffer.getbuffer()[HEADER:-TRAILER], dtype=record)
    return [table[name].astype(KINDS[kind][2]) for name, kind in zip(names, kinds, strict=True)]


def _part(name: str, kind: str) -> list[tuple[str, str]]:
    return [(f"{name}_length", ">i4"), (name, KINDS[kind][1])]
