"""Writes workbooks whose texts can never become formulas."""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter

from spreadsheets.number import NumberText

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
HEAD, INPUT = PatternFill("solid", fgColor="DDE6F0"), PatternFill("solid", fgColor="FFF8E1")
NARROWEST, WIDEST = 9, 60
Row = Sequence[Any]


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula, also not after it has been saved as CSV."""
    clean = UNPRINTABLE.sub("", text)
    return f"'{clean}" if clean.startswith(RISKY) else clean


def workbook(title: str, header: Sequence[str], rows: Iterable[Row], inputs: Sequence[int] = ()) -> bytes:
    """One sheet. inputs: the columns, from 0, that may be typed into; with any, all others are locked."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = re.sub(r"[\[\]:*?/\\']", " ", title)[:31] or "1"
    for r, row in enumerate([header, *rows], start=1):
        for c, value in enumerate(row, start=1):
            _fill(sheet.cell(r, c), value, head=r == 1, typed=r > 1 and c - 1 in inputs)  # type: ignore[arg-type]
    for c in range(1, len(header) + 1):
        longest = max((_width(sheet.cell(r, c).value) for r in range(1, min(sheet.max_row, 200) + 1)), default=0)
        sheet.column_dimensions[get_column_letter(c)].width = min(max(longest + 2, NARROWEST), WIDEST)
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = bool(inputs)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(cell: Cell, value: Any, *, head: bool, typed: bool) -> None:
    if isinstance(value, NumberText):
        cell.value, cell.number_format = value.number, value.style
    elif isinstance(value, bool) or not isinstance(value, int | float | None):
        cell.value = safe(str(value))
        cell.data_type = "s"
    else:
        cell.value = value
    cell.alignment = Alignment(vertical="top", wrap_text=not head and isinstance(cell.value, str))
    if head:
        cell.font, cell.fill = Font(bold=True), HEAD
    if typed:
        cell.fill, cell.protection = INPUT, Protection(locked=False)


def _width(value: Any) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in str("" if value is None else value))
