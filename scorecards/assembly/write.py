"""Writes results as published rows: a few by one statement, many by COPY on PostgreSQL. Both leave the same rows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple

import numpy as np
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import DateTimeField
from django.utils import timezone
from numpy.typing import NDArray

from scorecards.assembly.layout import Slices, bounds, card_slices, levels
from scorecards.assembly.load import Loaded, Shape
from scorecards.choices import BAND_LETTERS, INSUFFICIENT, INSUFFICIENT_LETTER, NO_BAND, NOTHING_LETTER, REASON_LETTERS
from scorecards.models import Month, Score, among
from scorecards.models.arrays import FloatArrayField
from scoring.explain import number
from scoring.plan import Ints, Reason, Results

FEW = 200
MOST_RECORDS = 1_000
LETTERS = np.frombuffer((INSUFFICIENT_LETTER + NOTHING_LETTER + BAND_LETTERS).encode(), dtype=np.uint8)
REASONS = np.frombuffer((NOTHING_LETTER + "".join(REASON_LETTERS[r.name.lower()] for r in Reason if r)).encode(), dtype=np.uint8)
KEYS = ("scorecard_id", "period", "window", "revision")
SIGNATURE, END = b"PGCOPY\n\xff\r\n\x00" + bytes(8), b"\xff\xff"
EPOCH = datetime(2000, 1, 1, tzinfo=timezone.get_fixed_timezone(0))
FLOAT8 = 701
NULL = -1
INCOMING = "incoming_scores"
COPIED = (
    *("scorecard_id", "unit_id", "layout_id", "period", "revision", "computed_at", "score", "base", "adjustment", "cap", "completeness"),
    *("officer", "window", "band", "node_bands", "reasons", "node_scores", "node_completeness", "values", "goals", "lost"),
)
NULLABLE = ("score", "base", "cap", "completeness")


def _list(names: Iterable[str], table: str = "") -> str:
    return ", ".join(f'{table}"{name}"' for name in names)


NAMES = _list(COPIED)
CONVERTED = [field for field in Score._meta.concrete_fields if isinstance(field, FloatArrayField | DateTimeField)]
CHANGED = [name for name in COPIED if name not in KEYS]
TOLD = [name for name in CHANGED if name != "computed_at"]
REPLACE = (
    f"INSERT INTO scorecards_score AS s ({NAMES}) {{}} ON CONFLICT ({_list(KEYS)}) DO UPDATE"
    f" SET ({_list(CHANGED)}) = ({_list(CHANGED, 'excluded.')})"
    f" WHERE s.published_as = 0 AND ({_list(TOLD, 's.')}) {{}} ({_list(TOLD, 'excluded.')})"
)

Cells = list[tuple[Month, str]]


def write(loaded: Loaded, cells: Cells, results: Results, layouts: Ints, now: datetime) -> None:
    """Insert or replace one row a card and cell, but for rows that are closed or say the same already. layouts: one id a card and cell.
    The caller has locked the scorecards, so nobody else adds rows of theirs meanwhile."""
    if connection.vendor == "postgresql" and loaded.own * len(cells) >= FEW:
        _copy(loaded, cells, results, layouts, now)
        return
    rows = rows_of(loaded, cells, results, layouts, now)
    database = connections[DEFAULT_DB_ALIAS]  # itself, not what looks it up at each question
    unlike = "IS DISTINCT FROM" if database.vendor == "postgresql" else "IS NOT"
    with database.cursor() as cursor:
        while batch := list(islice(rows, FEW)):
            values = ", ".join([f"({', '.join(['%s'] * len(COPIED))})"] * len(batch))
            for row in batch:
                row.update({field.attname: field.get_db_prep_save(row[field.attname], database) for field in CONVERTED})
            stored = [row[name] for row in batch for name in COPIED]
            cursor.execute(REPLACE.format(f"VALUES {values}", unlike), stored)


def rows_of(loaded: Loaded, cells: Cells, results: Results, layouts: Ints, now: datetime) -> Iterator[dict[str, Any]]:
    """What the rows say, by the names of their columns: card by card, each in all cells."""
    for j, place in enumerate(card_slices(loaded, 1)[: loaded.own]):
        card = {"scorecard_id": int(loaded.scorecards[j]), "unit_id": int(loaded.units[j]), "officer": loaded.officers[j]}
        columns = _columns(results, layouts, len(cells), j, place, _band_names(loaded.bands[j]))
        for i, (period, window) in enumerate(cells):
            told = {name: column[i] for name, column in columns.items()}
            yield {**card, "period": int(period), "revision": 0, "window": str(window), "computed_at": now, **told}


def _columns(results: Results, layouts: Ints, cells: int, card: int, place: Slices, bands: list[str]) -> dict[str, list[Any]]:
    """Of one card, with an element a cell."""

    def of_card(column: NDArray[Any]) -> list[Any]:
        told: list[Any] = column.reshape(cells, -1)[:, card].tolist()
        return told

    def of_nodes(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(level, name).reshape(cells, -1)[:, where] for level, where in levels(results, place)], axis=1)

    def of_measures(column: NDArray[Any]) -> NDArray[Any]:
        return column.reshape(cells, -1, *column.shape[1:])[:, place.measures].reshape(cells, -1)

    return {
        "layout_id": of_card(layouts),
        **{name: [number(value) for value in of_card(getattr(results, name))] for name in NULLABLE},
        "adjustment": of_card(results.adjustment),
        "band": [bands[band + 2] for band in of_card(results.band)],
        "node_scores": of_nodes("score").tolist(),
        "node_completeness": of_nodes("completeness").tolist(),
        "node_bands": [letters.tobytes().decode() for letters in LETTERS[of_nodes("band") + 2]],
        "values": of_measures(results.value).tolist(),
        "reasons": [letters.tobytes().decode() for letters in REASONS[of_measures(results.reason)]],
        "goals": of_measures(results.goals).tolist(),
        "lost": of_measures(results.lost).tolist(),
    }


def _band_names(names: Sequence[str]) -> list[str]:
    return [INSUFFICIENT, NO_BAND, *names]


def _copy(loaded: Loaded, cells: Cells, results: Results, layouts: Ints, now: datetime) -> None:
    """COPY into the table where none of the rows is there yet; else into a table of this session, and from there."""
    stream = _Stream(_blocks(loaded, cells, results, layouts, now))
    there = Score.objects.filter(scorecard__among=among(loaded.scorecards[: loaded.own].tolist()), period__in={p for p, _w in cells})
    with connection.cursor() as cursor:
        if not there.order_by().exists():
            cursor.copy_expert(f"COPY scorecards_score ({NAMES}) FROM STDIN (FORMAT binary)", stream)
            return
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {INCOMING} ON COMMIT DELETE ROWS AS SELECT {NAMES} FROM scorecards_score WITH NO DATA"
        )
        cursor.copy_expert(f"COPY {INCOMING} ({NAMES}) FROM STDIN (FORMAT binary)", stream)
        cursor.execute(REPLACE.format(f"SELECT {NAMES} FROM {INCOMING}", "IS DISTINCT FROM"))
        cursor.execute(f"DELETE FROM {INCOMING}")


class _Stream:
    """A file that is made while it is read, so that PostgreSQL stores one block while the next one is made."""

    def __init__(self, blocks: Iterable[NDArray[Any]]) -> None:
        self._parts = chain([SIGNATURE], (block.tobytes() for block in blocks), [END])

    def read(self, _size: int) -> bytes:
        """The next block, however long; nothing at the end."""
        return next(self._parts, b"")


class _Kind(NamedTuple):
    """What the length of a row in bytes follows from. lacking: which of NULLABLE are null, a bit each."""

    shape: Shape
    band: str
    window: str
    lacking: int


def _blocks(loaded: Loaded, cells: Cells, results: Results, layouts: Ints, now: datetime) -> Iterator[NDArray[Any]]:
    """One array for each kind of rows."""
    cards, own, ends = len(loaded.scorecards), loaded.own, bounds(loaded, len(cells))
    at = (np.arange(len(cells))[:, None] * cards + np.arange(own)).ravel()
    windows = list(dict.fromkeys(window for _period, window in cells))
    shape, bands = np.tile(loaded.shape_of, len(cells)), results.band[at] + 2
    window_of = np.repeat([windows.index(window) for _period, window in cells], own)
    lacking = np.stack([np.isnan(getattr(results, name)[at]) for name in NULLABLE], axis=1) @ (1 << np.arange(len(NULLABLE)))
    kinds = np.ravel_multi_index((shape, window_of, bands, lacking), (len(loaded.shapes), len(windows), len(LETTERS), 1 << len(NULLABLE)))
    order = np.argsort(kinds, kind="stable")
    officers = np.array([officer.encode() for officer in loaded.officers[:own]], dtype=bytes)
    for rows in np.split(order, np.flatnonzero(np.diff(kinds[order])) + 1):
        first = rows[0]
        common = loaded.shapes[shape[first]]
        kind = _Kind(common, _band_names(common.bands)[bands[first]], windows[window_of[first]], int(lacking[first]))
        yield _block(loaded, cells, results, layouts, now, officers, at[rows], ends, kind)


def _block(
    loaded: Loaded, cells: Cells, results: Results, layouts: Ints, now: datetime, officers: Any, rows: Ints, ends: Any, kind: _Kind
) -> NDArray[Any]:
    cards = len(loaded.scorecards)
    places = [level[rows][:, None] + np.arange(count) for level, count in zip(ends, kind.shape.nodes, strict=True)]
    three = (results.perspectives, results.objectives, results.measures)

    def joined(column: str) -> NDArray[Any]:
        return np.concatenate([getattr(level, column)[place] for level, place in zip(three, places, strict=True)], axis=1)

    periods = np.array([int(period) for period, _window in cells])
    filled: dict[str, Any] = {
        "scorecard_id": loaded.scorecards[rows % cards],
        "unit_id": loaded.units[rows % cards],
        "layout_id": layouts[rows],
        "period": periods[rows // cards],
        "revision": 0,
        "computed_at": round((now - EPOCH).total_seconds() * 1_000_000),
        "adjustment": results.adjustment[rows],
        **{name: getattr(results, name)[rows] for name in NULLABLE},
        "officer": np.ascontiguousarray(officers[rows % cards]).view(np.uint8).reshape(len(rows), -1)[:, : kind.shape.officer],
        "window": kind.window.encode(),
        "band": kind.band.encode(),
        "node_bands": LETTERS[joined("band") + 2],
        "reasons": REASONS[results.reason[places[2]]],
        "node_scores": joined("score"),
        "node_completeness": joined("completeness"),
        "values": results.value[places[2]],
        "goals": results.goals[places[2]].reshape(len(rows), -1),
        "lost": results.lost[places[2]],
    }
    record = np.zeros(len(rows), dtype=_record(kind))
    record["fields"] = len(COPIED)
    for name, values in filled.items():
        if name in record.dtype.names:
            _fill(record, name, values)
        else:
            record[f"{name} length"] = NULL
    return record


@lru_cache(maxsize=MOST_RECORDS)
def _record(kind: _Kind) -> np.dtype[Any]:
    """The binary form of a row: each field with its length before it, arrays with their head and each element's length."""
    measures, nodes = kind.shape.nodes[-1], sum(kind.shape.nodes)
    lengths = {"node_scores": nodes, "node_completeness": nodes, "values": measures, "goals": 2 * measures, "lost": measures}
    texts = {
        "officer": kind.shape.officer,
        "window": len(kind.window),
        "band": len(kind.band.encode()),
        "node_bands": nodes,
        "reasons": measures,
    }
    whole = {"period": ">i4", "revision": ">i4", **dict.fromkeys(("scorecard_id", "unit_id", "layout_id", "computed_at"), ">i8")}
    lacking = {name for i, name in enumerate(NULLABLE) if kind.lacking >> i & 1}
    parts: list[tuple[Any, ...]] = [("fields", ">i2")]
    for name in COPIED:
        parts.append((f"{name} length", ">i4"))
        if name in lengths:
            parts.append((name, _array(lengths[name])))
        elif name in texts:
            parts.append((name, "u1", (texts[name],)))
        elif name not in lacking:
            parts.append((name, whole.get(name, ">f8")))
    return np.dtype(parts)


def _array(length: int) -> np.dtype[Any]:
    head = [(name, ">i4") for name in (("dimensions", "nulls", "kind", "length", "from") if length else ("dimensions", "nulls", "kind"))]
    return np.dtype([*head, ("elements", np.dtype([("size", ">i4"), ("x", ">f8")]), (length,))])


def _fill(record: NDArray[Any], name: str, values: Any) -> None:
    part = record[name]
    record[f"{name} length"] = part.dtype.itemsize if part.ndim == 1 else part.shape[1]
    if part.dtype.names is None:
        record[name] = np.frombuffer(values, dtype=np.uint8) if isinstance(values, bytes) else values
        return
    part["kind"] = FLOAT8
    if "length" in part.dtype.names:
        part["dimensions"], part["length"], part["from"] = 1, values.shape[1], 1
        part["elements"]["size"], part["elements"]["x"] = 8, values
