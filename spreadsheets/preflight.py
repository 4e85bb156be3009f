"""Looks at a file from outside, before anything parses it."""

import io
import stat
import zipfile
from pathlib import PurePosixPath

from spreadsheets import limits
from spreadsheets.faults import Fault, Refused

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ZIP_FLAG_ENCRYPTED = 1
CHUNK = 1 << 20


def kind_of(name: str, content: bytes) -> str:
    """`xlsx` or `csv`. Raises Refused for everything that is neither or is built to harm."""
    if not content:
        raise Refused(Fault.EMPTY)
    if len(content) > limits.FILE_BYTES:
        raise Refused(Fault.TOO_LARGE, str(limits.FILE_BYTES // 1024 // 1024))
    if content.startswith(OLE):
        raise Refused(Fault.OLD_OR_ENCRYPTED)
    suffix = PurePosixPath(name.lower()).suffix
    if content.startswith(ZIP):
        _examine(content)
        return "xlsx"
    if suffix in {".xlsx", ".xlsm"}:
        raise Refused(Fault.DAMAGED)
    if suffix not in {".csv", ".txt", ".tsv"}:
        raise Refused(Fault.UNKNOWN_KIND, suffix or name)
    return "csv"


def _examine(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _examine_parts(archive.infolist(), len(content))
            _examine_content(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise Refused(Fault.DAMAGED) from error


def _examine_parts(parts: list[zipfile.ZipInfo], size: int) -> None:
    names = [part.filename for part in parts]
    if len(parts) > limits.ENTRIES:
        raise Refused(Fault.TOO_MANY_PARTS, str(limits.ENTRIES))
    if len({name.lower() for name in names}) < len(names):
        raise Refused(Fault.PART_TWICE)
    for part in parts:
        path = PurePosixPath(part.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or stat.S_ISLNK(part.external_attr >> 16):
            raise Refused(Fault.STRANGE_PART, part.filename[:80])
        if part.flag_bits & ZIP_FLAG_ENCRYPTED:
            raise Refused(Fault.ENCRYPTED)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.UNPACKED_BYTES or unpacked > limits.RATIO * max(size, CHUNK // 16):
        raise Refused(Fault.UNPACKS_TOO_LARGE)
    lower = [name.lower() for name in names]
    if any(name.endswith("vbaproject.bin") for name in lower):
        raise Refused(Fault.MACROS)
    if any(name.startswith("xl/externallinks/") for name in lower):
        raise Refused(Fault.EXTERNAL_LINKS)
    if any(name.startswith(("xl/embeddings/", "xl/activex/", "xl/ctrlprops/")) for name in lower):
        raise Refused(Fault.EMBEDDED)
    if "xl/workbook.xml" not in lower:
        raise Refused(Fault.NO_WORKBOOK)


def _examine_content(archive: zipfile.ZipFile) -> None:
    """What the parts really unpack to, and that their XML declares no entities."""
    left = limits.UNPACKED_BYTES
    for part in archive.infolist():
        head = b""
        with archive.open(part) as stream:
            while block := stream.read(CHUNK):
                left -= len(block)
                if left < 0:
                    raise Refused(Fault.UNPACKS_TOO_LARGE)
                seen = (head + block).replace(b"\x00", b"").upper()
                if part.filename.lower().endswith((".xml", ".rels")) and (b"<!DOCTYPE" in seen or b"<!ENTITY" in seen):
                    raise Refused(Fault.ENTITIES, part.filename[:80])
                head = block[-32:]
