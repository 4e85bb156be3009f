"""Runs as a program of its own: reads one file within limits and prints its cells as JSON. Imports nothing of the product, so that
it can be started without it.

Prints {"sheet": name, "rows": [[cell, …], …], "merged": [range, …]}, or {"fault": word, "detail": text}. A cell is null or a list of
a letter and a value: n number (in percent where the cell shows percents), s text, d day, b truth, e error, f formula without a stored
result; a trailing true says that
the value is the stored result of a formula."""

import contextlib
import csv
import io
import json
import math
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time
from typing import Any

Cell = list[Any] | None
LITERAL = re.compile(r'"[^"]*"|\\.')
REF = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Refusal(Exception):
    pass


def main() -> None:
    kind, limits = sys.argv[1], json.loads(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (limits["MEMORY_BYTES"], limits["MEMORY_BYTES"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["SECONDS"], limits["SECONDS"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        answer = xlsx(content, limits) if kind == "xlsx" else text(content, limits)
    except Refusal as refusal:
        answer = {"fault": refusal.args[0], "detail": refusal.args[1] if len(refusal.args) > 1 else ""}
    except MemoryError:
        answer = {"fault": "unpacks_too_large", "detail": ""}
    except Exception as error:  # noqa: BLE001  whatever a hostile file makes a parser raise is a damaged file
        answer = {"fault": "damaged" if kind == "xlsx" else "bad_csv", "detail": type(error).__name__}
    if sum(len(row) for row in answer.get("rows", [])) > limits["CELLS"]:
        answer = {"fault": "too_much_text", "detail": ""}
    printed = json.dumps(answer, ensure_ascii=True, allow_nan=False)
    if len(printed) > limits["OUTPUT_BYTES"]:
        printed = json.dumps({"fault": "too_much_text", "detail": ""})
    sys.stdout.write(printed)


def xlsx(content: bytes, limits: dict[str, int]) -> dict[str, Any]:
    import openpyxl

    has_formulas = measure(content, limits)
    formulas = openpyxl.load_workbook(io.BytesIO(content), data_only=not has_formulas, keep_links=False)
    filled = [
        sheet for sheet in formulas.worksheets if any(value is not None for row in sheet.iter_rows(values_only=True) for value in row)
    ]
    hidden = [sheet.title for sheet in filled if sheet.sheet_state != "visible"]
    if hidden:
        raise Refusal("hidden_sheet", hidden[0])
    if len(filled) > 1:
        raise Refusal("several_sheets", ", ".join(sheet.title for sheet in filled[:3]))
    if not filled:
        raise Refusal("no_rows")
    sheet = filled[0]
    stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)[sheet.title] if has_formulas else sheet
    rows = [
        [cell(written, result) for written, result in zip(first, second, strict=True)]
        for first, second in zip(sheet.iter_rows(), stored.iter_rows(), strict=True)
    ]
    return {"sheet": sheet.title, "rows": trimmed(rows), "merged": [str(found) for found in sheet.merged_cells.ranges]}


def measure(content: bytes, limits: dict[str, int]) -> bool:
    """Refuse sheets that reach too far, before a cell of them is built. Returns whether there is any formula."""
    from defusedxml.ElementTree import iterparse
    from openpyxl.utils.cell import column_index_from_string as number_of
    from openpyxl.utils.cell import coordinate_from_string

    has_formulas = False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if not name.lower().startswith("xl/worksheets/") or not name.lower().endswith(".xml"):
                continue
            with archive.open(name) as stream:
                for _event, element in iterparse(stream):
                    if element.tag == f"{REF}c" and (reference := element.get("r")):
                        column, row = coordinate_from_string(reference)
                        if row > limits["ROWS"]:
                            raise Refusal("too_many_rows", str(limits["ROWS"]))
                        if number_of(column) > limits["COLUMNS"]:
                            raise Refusal("too_many_columns", str(limits["COLUMNS"]))
                    elif element.tag == f"{REF}f":
                        has_formulas = True
                    elif element.tag == f"{REF}row":
                        if int(element.get("r") or 0) > limits["ROWS"]:
                            raise Refusal("too_many_rows", str(limits["ROWS"]))
                        element.clear()
    return has_formulas


def cell(written: Any, result: Any) -> Cell:
    is_formula = written.data_type == "f"
    value = result.value
    if is_formula and value is None:
        return ["f", str(getattr(written.value, "text", written.value))[:80]]
    if value is None:
        return None
    made: list[Any]
    if result.data_type == "e" or (isinstance(value, str) and value.startswith("#") and value.rstrip("!?/0A").isupper()):
        made = ["e", value]
    elif isinstance(value, bool):
        made = ["b", value]
    elif isinstance(value, datetime):
        made = ["d", value.date().isoformat()]
    elif isinstance(value, date):
        made = ["d", value.isoformat()]
    elif isinstance(value, time):
        made = ["s", value.isoformat()]
    elif isinstance(value, int | float):
        if "%" in LITERAL.sub("", str(written.number_format)):
            value = float(f"{value * 100:.12g}")
        made = ["n", value] if math.isfinite(value) else ["e", str(value)]
    else:
        made = ["s", str(value)]
    return [*made, True] if is_formula else made


def text(content: bytes, limits: dict[str, int]) -> dict[str, Any]:
    decoded = decode(content)
    if "\x00" in decoded:
        raise Refusal("not_text")
    csv.field_size_limit(limits["TEXT"] * 4)
    delimiter = max(",;\t", key=decoded[:4096].split("\n", 1)[0].count)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True):
            if len(rows) >= limits["ROWS"]:
                raise Refusal("too_many_rows", str(limits["ROWS"]))
            if len(row) > limits["COLUMNS"]:
                raise Refusal("too_many_columns", str(limits["COLUMNS"]))
            rows.append([["s", field] if field.strip() else None for field in row])
    except csv.Error as error:
        raise Refusal("bad_csv", str(error)[:80]) from error
    return {"sheet": "", "rows": trimmed(rows), "merged": []}


def decode(content: bytes) -> str:
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        with contextlib.suppress(UnicodeError):
            return content.decode(encoding)
    raise Refusal("not_text")


def trimmed(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Without empty rows at the end."""
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


if __name__ == "__main__":
    main()
