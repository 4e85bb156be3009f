"""Reads the cells of an uploaded table as values of measures and months, by the way its columns are assigned."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.core.exceptions import ValidationError

from scorecards.assembly.formula import operands, over_columns
from scorecards.choices import PARTS
from scorecards.forms.number import SIGNIFICANT_DIGITS, fitting, read_number
from scorecards.models import Month
from scorecards.selectors.upload import Value
from spreadsheets import limits
from spreadsheets.columns import letter, number_of
from spreadsheets.faults import Fault, Refused
from spreadsheets.read import Cell, Table

Mapping = dict[str, Any]
Found = TypeVar("Found")
NAMES: dict[str, tuple[str, ...]] = {
    "code": ("code", "measure code", "measure_code", "代码", "指标代码", "编码", "指标编码", "指标编号", "measure", "indicator"),
    "month": ("month", "period", "date", "月份", "月", "期间", "日期"),
    "unit": ("unit code", "unit_code", "单位代码", "单位编码"),
    "value": ("value", "actual", "数值", "值", "实际值", "完成值"),
    "numerator": ("numerator", "分子"),
    "denominator": ("denominator", "分母"),
    "volume": ("volume", "业务量", "量", "权数"),
    "note": ("note", "remark", "comment", "备注", "说明"),
    "part": ("part", "项目", "部分"),
}
WORDS = {word: part for part in PARTS for word in NAMES[part]}
MONTH_SHAPES = [
    re.compile(r"(?P<y>[12]\d{3})\s*[-/.年]\s*(?P<m>0?[1-9]|1[0-2])(?:\s*(?:[-/.月]\s*\d{0,2}\s*日?)?)(?:[ T]\d{1,2}:.*)?"),
    re.compile(r"(?P<y>[12]\d{3})(?P<m>0[1-9]|1[0-2])"),
]
MONTH_ALONE = re.compile(r"(?P<m>0?[1-9]|1[0-2])\s*月")
RANGE = re.compile(r"\b([A-Z]{1,2})\s*:\s*([A-Z]{1,2})\b")
SERIAL_EPOCH = datetime.date(1899, 12, 30)
SERIALS = range(32_874, 73_051)
MOST_NOTE = 500
LONGEST_MONTH = 6


def read_month(text: str, year: int | None = None) -> Month | None:
    """A month as people write it: 2026-03, 2026/3, 2026年3月, 202603, a day of it; 3月 of the year that is meant."""
    for shape in MONTH_SHAPES:
        match = shape.fullmatch(text.strip())
        if match:
            return Month.of(int(match["y"]), int(match["m"]))
    match = MONTH_ALONE.fullmatch(text.strip()) if year else None
    return Month.of(year, int(match["m"])) if match and year else None


def guess(table: Table, codes: Iterable[str], year: int) -> Mapping | None:
    """How the columns are to be read, where their names tell; None where a person has to say."""
    names = {name.strip().casefold(): letter(i) for i, name in enumerate(table.header) if name}
    known = {key: names[word] for key, words in NAMES.items() for word in reversed(words) if word in names}
    months = {letter(i): str(at) for i, name in enumerate(table.header) if (at := read_month(name, year)) is not None}
    if "code" in known and months:
        return {"layout": "months", "code": known["code"], "part": known.get("part"), "unit": known.get("unit"), "months": months}
    if "code" in known and any(part in known for part in PARTS):
        wanted = ("code", "month", "unit", "note", *PARTS)
        return {"layout": "list", **{key: known.get(key) for key in wanted}}
    parts = _parts_in(table.header, set(codes))
    if "month" in known and parts:
        return {"layout": "records", "month": known["month"], "parts": parts}
    return None


def _parts_in(header: list[str], codes: set[str]) -> dict[str, str]:
    """Columns called by a code alone, or by a code and a part."""
    found = {}
    for i, name in enumerate(header):
        code, _space, word = name.strip().partition(" ")
        if code in codes:
            found[f"{code}.{WORDS.get(word.strip().casefold(), 'value')}"] = letter(i)
    return found


def values(table: Table, mapping: Mapping, month: Month, methods: dict[str, str], unit: str) -> list[Value]:
    """All values of the table. month: of rows that name none; methods: by code, how several rows of a month come together;
    unit: the code of the unit that the file is for. Raises Refused where there are too many."""
    merged = {row for found in table.merged for row in _rows_of(found)}
    if mapping["layout"] == "records":
        return _bounded(_records(table, mapping, methods, merged))
    found = _bounded(_months(table, mapping) if mapping["layout"] == "months" else _list(table, mapping, month))
    for value, named in found:
        if named and named.casefold() != unit.casefold():
            value.problem, value.about = "foreign_unit", {"unit": named, "own": unit}
    torn = [_merged(number, _text(cells, mapping["code"])) for number, cells in table.rows if number in merged]
    return [*torn, *(value for value, _unit in found if value.number not in merged)]


def _bounded(found: Iterable[Found]) -> list[Found]:
    """Raises Refused where there are more values than one file may hold."""
    taken = list(islice(found, limits.VALUES + 1))
    if len(taken) > limits.VALUES:
        raise Refused(Fault.TOO_MANY_VALUES, str(limits.VALUES))
    return taken


def _merged(number: int, code: str) -> Value:
    return Value(number, str(number), code, None, problem="merged", about={"row": str(number)})


def _rows_of(found: str) -> range:
    ends = [int("".join(filter(str.isdigit, end))) for end in found.split(":")]
    return range(ends[0], ends[-1] + 1)


def _list(table: Table, mapping: Mapping, month: Month) -> Iterator[tuple[Value, str]]:
    for number, cells in table.rows:
        at = _cell(cells, mapping.get("month"))
        when = month if at is None else _month_of(at)
        value = Value(number, "", _text(cells, mapping["code"]), when)
        columns = {part: mapping[part] for part in PARTS if mapping.get(part)}
        if not value.code:
            if not any(_cell(cells, column) is not None for column in columns.values()):
                continue
            value.problem, value.cells = "no_code", f"{mapping['code']}{number}"
        elif when is None:
            value.problem, value.cells = "bad_month", f"{mapping['month']}{number}"
            value.about = {"text": at.text if at else ""}
        _take(value, cells, columns)
        if not value.typed and not value.problem:
            continue
        value.note = _text(cells, mapping.get("note"))[:MOST_NOTE]
        yield value, _text(cells, mapping.get("unit"))


def _months(table: Table, mapping: Mapping) -> Iterator[tuple[Value, str]]:
    """A row a measure, or one for each of its parts; a column a month."""
    found: dict[tuple[str, str], tuple[Value, str]] = {}
    for number, cells in table.rows:
        code, named = _text(cells, mapping["code"]), _text(cells, mapping.get("unit"))
        part = WORDS.get(_text(cells, mapping.get("part")).casefold(), "value")
        for column, month in mapping["months"].items():
            if _cell(cells, column) is None:
                continue
            key = (code, month) if mapping.get("part") else (f"{code} {number}", month)
            value, _unit = found.setdefault(key, (Value(number, "", code, Month.parse(month)), named))
            if part in value.typed:
                value.problem, value.about = "twice", {"code": code, "month": month}
            if not code:
                value.problem = "no_code"
            _take(value, cells, {part: column}, number)
    yield from found.values()


def _take(value: Value, cells: list[Cell | None], columns: dict[str, str], number: int | None = None) -> None:
    """Read the parts of one value from its cells."""
    for part, column in columns.items():
        cell = _cell(cells, column)
        if cell is None:
            continue
        place = f"{column}{number or value.number}"
        value.cells = ", ".join(filter(None, [value.cells, place]))
        value.typed[part] = cell.text[:60]
        value.computed |= cell.computed
        read, problem, about = _number(cell)
        if problem and not value.problem:
            value.problem, value.about = problem, {**about, "cell": place, "text": cell.text[:60]}
        elif read is not None:
            value.parts[part] = read


def _records(table: Table, mapping: Mapping, methods: dict[str, str], merged: set[int]) -> Iterator[Value]:
    """Many rows a month, each a part of it: days, hours, flights. How they come together follows from the measure's method."""
    wanted: dict[str, dict[str, str]] = defaultdict(dict)
    for key, expression in mapping["parts"].items():
        code, _dot, part = key.rpartition(".")
        wanted[code][part] = spelled_out(expression)
    rows: list[tuple[int, Month, list[Cell | None]]] = []
    torn = False
    for number, cells in table.rows:
        at = _cell(cells, mapping["month"])
        month = _month_of(at) if at else None
        if month is None or number in merged:
            problem, about = "merged" if number in merged else "bad_month", {"text": at.text if at else "", "row": str(number)}
            yield Value(number, f"{mapping['month']}{number}", "", None, problem=problem, about=about)
            torn = True
        else:
            rows.append((number, month, cells))
    rows.sort(key=lambda row: _in_time(_text(row[2], mapping["month"])))
    for code, parts in wanted.items():
        yield from _of_measure(code, parts, rows, methods.get(code, ""), torn=torn)


def _in_time(text: str) -> list[int]:
    """By which rows of a month stand in the order of their days, whatever their order in the file."""
    return [int(number) for number in re.findall(r"\d{1,9}", text)]


def _of_measure(
    code: str, parts: dict[str, str], rows: list[tuple[int, Month, list[Cell | None]]], method: str, *, torn: bool
) -> Iterator[Value]:
    """The months of one measure. A month of which a row could not be read is no sum, and none is where a row has no month."""
    columns = sorted({number_of(name) for text in parts.values() for name in operands(text)})
    sound: list[tuple[int, Month]] = []
    numbers: list[list[float | None]] = []
    broken: set[Month] = set()
    for number, month, cells in rows:
        read = {column: _number(cell) for column in columns if column < len(cells) and (cell := cells[column]) is not None}
        faults = [(column, problem, about) for column, (_n, problem, about) in read.items() if problem]
        if faults:
            column, problem, about = faults[0]
            place, text = f"{letter(column)}{number}", _text(cells, letter(column))[:60]
            broken.add(month)
            yield Value(number, place, code, month, problem=problem, about={**about, "cell": place, "text": text})
        elif read:
            sound.append((number, month))
            numbers.append([read[column][0] if column in read else None for column in columns])
    results = {part: over_columns(text, [letter(column) for column in columns], numbers) for part, text in parts.items()}
    gathered: dict[Month, list[tuple[int, dict[str, Decimal]]]] = defaultdict(list)
    for i, (number, month) in enumerate(sound):
        found = {part: column[i] for part, column in results.items()}
        if all(one is not None for one in found.values()):
            gathered[month].append((number, {part: Decimal(repr(one)) for part, one in found.items()}))
    for month, known in gathered.items():
        lines = [number for number, _read in known]
        value = Value(min(lines), f"{min(lines)}–{max(lines)}", code, month)
        value.parts = {name: float(_rounded(number)) for name, number in combined(method, [read for _n, read in known]).items()}
        value.typed = {name: repr(number).removesuffix(".0") for name, number in value.parts.items()}
        if torn or month in broken:
            value.problem, value.about = "incomplete", {"month": str(month)}
        yield value


def spelled_out(expression: str) -> str:
    """The expression with ranges as sums: `K:M` is (K+L+M); letters as capitals."""

    def sum_of(match: re.Match[str]) -> str:
        first, last = sorted(number_of(end) for end in match.groups())
        return "(" + "+".join(letter(column) for column in range(first, last + 1)) + ")"

    return RANGE.sub(sum_of, expression.upper().replace("ROUND", "round").replace("MIN", "min").replace("MAX", "max").replace("ABS", "abs"))


def combined(method: str, rows: list[dict[str, Decimal]]) -> dict[str, Decimal]:
    """Several rows of one month as one reading (rule book §2, within the month)."""
    names = list(rows[0])
    sums = {name: sum((row[name] for row in rows), Decimal(0)) for name in names}
    if method == "weighted" and "volume" in names and "value" in names:
        weighed = sum((row["value"] * row["volume"] for row in rows), Decimal(0))
        return {"value": weighed / sums["volume"] if sums["volume"] else Decimal(0), "volume": sums["volume"]}
    if method in {"ratio", "sum", ""} or "value" not in names:
        return sums
    column = [row["value"] for row in rows]
    chosen = {"average": sums["value"] / len(rows), "latest": column[-1], "minimum": min(column), "maximum": max(column)}
    return {**sums, "value": chosen.get(method, sums["value"])}


def _number(cell: Cell) -> tuple[float | None, str, dict[str, str]]:
    """The number of a cell, or the problem with it and the words for its sentence."""
    if cell.kind == "n":
        rounded = fitting(str(_rounded(Decimal(repr(cell.value)))))
        return (None, "bad_number", {}) if rounded is None else (float(rounded), "", {})
    problems = {"e": "error_cell", "f": "formula_without_result", "b": "truth", "d": "date_as_value"}
    if cell.kind in problems:
        return None, problems[cell.kind], {}
    try:
        number = read_number(cell.text)
    except ValidationError as error:
        return None, "bad_number", {"why": " ".join(error.messages)}
    return (number, "", {}) if number is not None else (None, "bad_number", {})


def _rounded(number: Decimal) -> Decimal:
    """To the digits that a reading keeps (rule book §1)."""
    return Decimal(f"{number:.{SIGNIFICANT_DIGITS}g}")


def _month_of(cell: Cell) -> Month | None:
    if cell.kind == "d":
        return read_month(str(cell.value))
    whole = cell.text.isascii() and cell.text.isdigit() and len(cell.text) <= LONGEST_MONTH
    if whole and int(cell.text) in SERIALS:
        return Month.of_day(SERIAL_EPOCH + datetime.timedelta(days=int(cell.text)))
    return read_month(cell.text) if whole or cell.kind != "n" else None


def _cell(cells: list[Cell | None], column: str | None) -> Cell | None:
    place = number_of(column) if column else len(cells)
    return cells[place] if place < len(cells) else None


def _text(cells: list[Cell | None], column: str | None) -> str:
    cell = _cell(cells, column)
    return cell.text.removeprefix("'") if cell else ""
