"""Has a file read by a child process and gives its cells back."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spreadsheets import limits
from spreadsheets.faults import Fault, Refused
from spreadsheets.preflight import kind_of

CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True, slots=True)
class Cell:
    """kind: n number, s text, d day (ISO), b truth, e error, f formula without a result. computed: it is a formula's stored result."""

    kind: str
    value: Any
    computed: bool = False

    @property
    def text(self) -> str:
        """The cell as a person would read it."""
        if self.kind == "n":
            return repr(self.value).removesuffix(".0")
        return str(self.value).strip()


@dataclass(frozen=True)
class Table:
    """header: the names of the columns, empty where there is none; rows: the cells below it, each row with its number in the sheet.
    merged: ranges below the header, like B5:B7."""

    sheet: str
    header: list[str]
    rows: list[tuple[int, list[Cell | None]]]
    merged: list[str]


def read(name: str, content: bytes) -> Table:
    """The cells of a workbook or a text file. Raises Refused."""
    answer = _ask_child(kind_of(name, content), content)
    rows = [[None if cell is None else Cell(*cell) for cell in row] for row in answer["rows"]]
    top = next((i for i, row in enumerate(rows) if sum(cell is not None for cell in row) > 1), None)
    if top is None:
        raise Refused(Fault.NO_HEADER if rows else Fault.NO_ROWS)
    header = _header(rows[top])
    body = [(i + 1, [*row[: len(header)], *[None] * (len(header) - len(row))]) for i, row in enumerate(rows) if i > top and any(row)]
    if not body:
        raise Refused(Fault.NO_ROWS)
    return Table(answer["sheet"], header, body, [found for found in answer["merged"] if _last_row(found) > top + 1])


def _header(row: list[Cell | None]) -> list[str]:
    names = ["" if cell is None else cell.text[: limits.TEXT] for cell in row]
    while names and not names[-1]:
        names.pop()
    if not any(cell is not None and cell.kind in {"s", "d"} for cell in row):
        raise Refused(Fault.NO_HEADER)
    given = [name.casefold() for name in names if name]
    double = next((name for name in names if name and given.count(name.casefold()) > 1), None)
    if double:
        raise Refused(Fault.HEADER_TWICE, double[:80])
    return names


def _last_row(found: str) -> int:
    return int("".join(letter for letter in found.rsplit(":", 1)[-1] if letter.isdigit()) or 0)


def _ask_child(kind: str, content: bytes) -> dict[str, Any]:
    bounds = {name: getattr(limits, name) for name in ("ROWS", "COLUMNS", "CELLS", "TEXT", "MEMORY_BYTES", "SECONDS", "OUTPUT_BYTES")}
    command = [sys.executable, "-I", "-X", "utf8", str(CHILD), kind, json.dumps(bounds)]
    environment = {"OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=limits.SECONDS, check=False, env=environment)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise Refused(Fault.TOO_SLOW, str(limits.SECONDS)) from error
    if done.returncode or not done.stdout:
        raise Refused(Fault.UNPACKS_TOO_LARGE if b"Memory" in done.stderr else Fault.TOO_SLOW, str(limits.SECONDS))
    answer: dict[str, Any] = json.loads(done.stdout)
    if "fault" in answer:
        raise Refused(Fault(answer["fault"]), str(answer["detail"])[:80])
    return answer
