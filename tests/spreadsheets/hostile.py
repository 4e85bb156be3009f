"""Files that are broken, or made to harm: for each what it is, and a word of the sentence that refuses it."""

import io
import re
import stat
import zipfile
from collections.abc import Callable

from openpyxl import Workbook

Make = Callable[[], bytes]


def book(*rows, sheets=1, state="visible", merge="", title="Sheet") -> bytes:
    made = Workbook()
    made.active.title = title
    for number in range(sheets):
        sheet = made.active if number == 0 else made.create_sheet(f"More{number}")
        for row in rows or [["code", "value"], ["M1", 5]]:
            sheet.append(row)
        if number == 0 and merge:
            sheet.merge_cells(merge)
    if state != "visible":
        made.create_sheet("Front").append(["nothing", "here"])
        made.worksheets[0].sheet_state = state
        made.active = 1
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def changed(content: bytes, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None) -> bytes:
    """The workbook with its parts changed; None leaves one out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return buffer.getvalue()


def sheet_with(old: bytes, new: bytes) -> bytes:
    return changed(book(), lambda name, part: part.replace(old, new) if name == "xl/worksheets/sheet1.xml" else part)


def part_twice() -> bytes:
    buffer = io.BytesIO(book())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("XL/workbook.xml", b"<x/>")
    return buffer.getvalue()


def link() -> bytes:
    buffer = io.BytesIO(book())
    with zipfile.ZipFile(buffer, "a") as archive:
        info = zipfile.ZipInfo("xl/passwd")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def encrypted_part() -> bytes:
    """The flag of encryption set on every part."""
    content = bytearray(book())
    for found in re.finditer(rb"PK\x01\x02", bytes(content)):
        content[found.start() + 8] |= 1
    return bytes(content)


def bomb() -> bytes:
    return changed(book(), lambda _name, part: part, {"xl/media/a.bin": b"\0" * (60 * 1024 * 1024)})


def lying_bomb() -> bytes:
    """Says it unpacks to little."""
    content = bytearray(changed(book(), lambda _name, part: part, {"xl/media/a.bin": b"\0" * (60 * 1024 * 1024)}))
    for found in re.finditer(rb"PK\x01\x02", bytes(content)):
        content[found.start() + 24 : found.start() + 28] = (100).to_bytes(4, "little")
    return bytes(content)


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
HEAD = "code,value\n"

# name of the case: (file name, how it is made, a word of the sentence). All are refused as a whole.
FILES: dict[str, tuple[str, Make, str]] = {
    "an empty file": ("a.xlsx", lambda: b"", "empty"),
    "an empty CSV": ("a.csv", lambda: b"\n\n", "no rows"),
    "a picture called xlsx": ("a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + b"0" * 200, "damaged"),
    "a program": ("a.exe", lambda: b"MZ" + b"\0" * 400, "neither an Excel"),
    "a web page": ("a.html", lambda: b"<script>alert(1)</script>", "neither an Excel"),
    "an old workbook": ("a.xls", lambda: OLE, "old Excel file"),
    "a workbook with a password": ("a.xlsx", lambda: OLE, "password"),
    "an encrypted part": ("a.xlsx", encrypted_part, "password"),
    "half a workbook": ("a.xlsx", lambda: book()[:2000], "damaged"),
    "a workbook with a broken middle": ("a.xlsx", lambda: book()[:900] + b"\xff" * 200 + book()[1100:], "damaged"),
    "a zip that is no workbook": (
        "a.xlsx",
        lambda: changed(book(), lambda n, p: p if n.startswith("docProps") else None),
        "no Excel workbook",
    ),
    "a workbook without its sheet": ("a.xlsx", lambda: changed(book(), lambda n, p: None if "sheet1" in n else p), "no rows"),
    "broken XML": ("a.xlsx", lambda: sheet_with(b"</sheetData>", b"</oops>"), "damaged"),
    "a reference that is none": ("a.xlsx", lambda: sheet_with(b'r="A2"', b'r="$$$"'), "damaged"),
    "macros": ("a.xlsm", lambda: changed(book(), lambda n, p: p, {"xl/vbaProject.bin": b"x"}), "macros"),
    "links to other files": (
        "a.xlsx",
        lambda: changed(book(), lambda n, p: p, {"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "other files",
    ),
    "embedded objects": ("a.xlsx", lambda: changed(book(), lambda n, p: p, {"xl/embeddings/a.bin": b"x"}), "embedded objects"),
    "controls": ("a.xlsx", lambda: changed(book(), lambda n, p: p, {"xl/activeX/a.bin": b"x"}), "embedded objects"),
    "entities that multiply": ("a.xlsx", lambda: changed(book(), lambda n, p: LAUGHS if n == "xl/styles.xml" else p), "entities"),
    "entities from outside": ("a.xlsx", lambda: changed(book(), lambda n, p: OUTSIDE if n == "xl/workbook.xml" else p), "entities"),
    "too many parts": ("a.xlsx", lambda: changed(book(), lambda n, p: p, {f"xl/media/{i}": b"x" for i in range(300)}), "parts inside"),
    "a part twice": ("a.xlsx", part_twice, "two parts"),
    "a part outside its folder": ("a.xlsx", lambda: changed(book(), lambda n, p: p, {"../../etc/cron.d/x": b"x"}), "strange name"),
    "a part with an absolute path": ("a.xlsx", lambda: changed(book(), lambda n, p: p, {"/etc/x": b"x"}), "strange name"),
    "a symbolic link": ("a.xlsx", link, "strange name"),
    "a bomb": ("a.xlsx", bomb, "unpacks"),
    "a bomb that lies about its size": ("a.xlsx", lying_bomb, "damaged"),
    "a cell at the far end": ("a.xlsx", lambda: sheet_with(b'r="B2"', b'r="XFD1048576"'), "more than 20000 rows"),
    "a cell far to the right": ("a.xlsx", lambda: sheet_with(b'r="B2"', b'r="XFD2"'), "more than 100 columns"),
    "too many rows": ("a.csv", (HEAD + "M1,1\n" * 20_100).encode, "more than 20000 rows"),
    "too many columns": (
        "a.csv",
        (",".join(f"c{i}" for i in range(200)) + "\n" + "1," * 199 + "1").encode,
        "more than 100 columns",
    ),
    "a hidden sheet with data": ("a.xlsx", lambda: book(state="hidden", title="Secret"), "is hidden"),
    "a very hidden sheet with data": ("a.xlsx", lambda: book(state="veryHidden", title="Secret"), "is hidden"),
    "several sheets with data": ("a.xlsx", lambda: book(sheets=3), "Several sheets"),
    "no names of columns": ("a.xlsx", lambda: book([1, 2], [3, 4]), "names of the columns"),
    "only names of columns": ("a.xlsx", lambda: book(["code", "value"]), "no rows below"),
    "a column twice": ("a.csv", lambda: b"code,value,Value\nM1,1,2", "Two columns"),
    "one column": ("a.csv", lambda: b"code\nM1\n", "names of the columns"),
    "bytes that are no text": ("a.csv", lambda: b"\xff\xfe\x00", "not text"),
    "NUL in a text": ("a.csv", lambda: b"code,value\nM1,\x001", "not text"),
    "a quote that never ends": ("a.csv", lambda: b'code,value\nM1,"5' + b"x" * 20_000, "damaged"),
    "stray quotes": ("a.csv", lambda: b'code,value\nM1,"5"x"\n', "damaged"),
}

# name of the case: (rows below `code, month, value`, a word of the sentence at its row). The file is read; the row is not taken.
ROWS: dict[str, tuple[list, str]] = {
    "a code that nobody knows": (["N1", "2026-02", 5], "no measure N1"),
    "a code nearly right": (["M11", "2026-02", 5], "Closest: M1"),
    "no code": ([None, "2026-02", 5], "no code"),
    "text instead of a number": (["M1", "2026-02", "n/a"], "no number"),
    "two numbers in one cell": (["M1", "2026-02", "4,2"], "write 4.2 or 42"),
    "a number too large": (["M1", "2026-02", 1e40], "no number"),
    "true": (["M1", "2026-02", True], "true or false"),
    "an error": (["M1", "2026-02", "#REF!"], "holds the error"),
    "a formula without a result": (["M1", "2026-02", "=1+1"], "formula without a stored result"),
    "a month that is none": (["M1", "Monday", 5], "is no month"),
    "the thirteenth month": (["M1", "2026-13", 5], "is no month"),
    "a month that has not begun": (["M1", "2199-01", 5], "no scorecard for 2199"),
    "a year without a scorecard": (["M1", "2019-02", 5], "no scorecard for 2019"),
    "a computed measure": (["F1", "2026-02", 5], "is computed"),
    "a month in which nothing is due": (["Q1", "2026-02", 5], "Nothing is due"),
    "a closed month": (["M1", "2026-01", 5], "is closed"),
    "a ratio without its parts": (["R1", "2026-02", 5], "needs all of these"),
    "a value that cannot be": (["L1", "2026-02", 500], "outside what the measure can be"),
    "a script": (["<script>alert(1)</script>", "2026-02", 5], "no measure &lt;script"),
}
