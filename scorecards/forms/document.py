"""Reads exchange documents (rule book §10): strict JSON, then the schema, then what the schema cannot say."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError as SchemaFault
from jsonschema.validators import extend

from scorecards.choices import DEFAULT_BANDS, DEFAULT_THRESHOLDS
from scorecards.errors import DocumentFaults, Fault
from scorecards.forms.node import Document
from scorecards.forms.number import fitting
from scorecards.forms.rules import faults_of_rules

SCHEMA = Path(__file__).resolve().parent.parent / "schema" / "scorecard-1.json"
_SURROGATE = re.compile("[\ud800-\udfff]")
LARGEST_FILE = 20 * 1024 * 1024
DEEPEST = 40
DEFAULTS = {
    "officer": None,
    "missing_policy": "exclude",
    "counts": "submitted",
    "adjustment_limit": 10,
    "deadline_day": 10,
    "minimum_completeness": 0.5,
    "bands": DEFAULT_BANDS,
    "links": [],
    "tensions": [],
    "adjustments": [],
}


class _RefusedError(Exception):
    """A file that cannot be read at all."""


def read_documents(files: Iterable[tuple[str, bytes]]) -> list[Document]:
    """The documents of these files (name and bytes), defaults filled in. Raises DocumentFaults with every fault of every file."""
    documents: list[Document] = []
    faults: list[Fault] = []
    for name, raw in files:
        try:
            document = _parse(raw)
        except _RefusedError as refusal:
            faults.append(Fault(name, "", str(refusal)))
            continue
        found = list(_faults(name, document))
        faults += found
        if not found:
            thresholds = {**DEFAULT_THRESHOLDS, **document.get("tension_thresholds", {})}
            documents.append({**DEFAULTS, **document, "tension_thresholds": thresholds, "file": name})
    if faults:
        raise DocumentFaults(faults)
    return documents


def read_document(document: Document, name: str = "") -> Document:
    """The same of a document that is there already as data. Raises DocumentFaults."""
    return read_documents([(name, json.dumps(document).encode())])[0]


def _parse(raw: bytes) -> Any:
    if len(raw) > LARGEST_FILE:
        raise _RefusedError(_("The file is larger than 20 MB."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _RefusedError(_("The file is not UTF-8 text (byte %(place)d).") % {"place": error.start}) from error
    _check_depth(text)
    try:
        document = json.loads(text, parse_float=_number, parse_int=_number, parse_constant=_no_constant, object_pairs_hook=_no_repeats)
    except json.JSONDecodeError as error:
        raise _RefusedError(
            _("This is not JSON: line %(line)d, column %(column)d.") % {"line": error.lineno, "column": error.colno}
        ) from error
    return document


def _check_depth(text: str) -> None:
    depth, inside, escaped = 0, False, False
    for letter in text:
        if inside:
            inside, escaped = (letter != '"' or escaped), (letter == "\\" and not escaped)
        elif letter == '"':
            inside = True
        elif letter in "[{":
            depth += 1
            if depth > DEEPEST:
                raise _RefusedError(_("The document is nested more than 40 levels deep."))
        elif letter in "]}":
            depth -= 1


@dataclass(frozen=True)
class _Unread:
    """What cannot be kept as it is written; being of no type of the schema, it is refused in its place with that sentence."""

    sentence: str


def _number(written: str) -> float | int | _Unread:
    number = fitting(written)
    if number is None:
        told = {"number": written[:60]}
        return _Unread(_("The number %(number)s has more than 12 significant digits, or is too large or too small.") % told)
    return int(number) if number == number.to_integral_value() else float(number)


def _no_constant(word: str) -> _Unread:
    return _Unread(_("%(word)s is not a number here.") % {"word": word})


def _no_repeats(pairs: list[tuple[str, Any]]) -> Document | _Unread:
    found: Document = {}
    for key, value in pairs:
        if key in found:
            return _Unread(_("The key “%(key)s” stands twice in one object.") % {"key": key[:60]})
        found[key] = value
    return found


@cache
def _validator() -> Any:
    whole: Any = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {"pattern": _whole_pattern}
    )
    return whole(json.loads(SCHEMA.read_text()))


def _whole_pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[SchemaFault]:
    """Patterns hold for the whole text, a line break at its end included."""
    if isinstance(instance, str) and not re.fullmatch(pattern, instance):
        yield SchemaFault("pattern")


def _half_characters(node: Any, path: str) -> Iterator[str]:
    """The paths of texts that hold a surrogate alone, which no file and no database keeps."""
    if isinstance(node, str) and _SURROGATE.search(node):
        yield path
    elif isinstance(node, list):
        for i, child in enumerate(node):
            yield from _half_characters(child, f"{path}[{i}]")
    elif isinstance(node, dict):
        for key, child in node.items():
            shown = _SURROGATE.sub("?", key)
            yield from _half_characters(child, f"{path}.{shown}".removeprefix("."))
            if shown != key:
                yield f"{path}.{shown}".removeprefix(".")


def _faults(name: str, document: Any) -> Iterator[Fault]:
    halves = [Fault(name, path, _("This text holds half a character (a surrogate alone).")) for path in _half_characters(document, "")]
    if halves:
        yield from halves
        return
    shape = {Fault(name, _path(fault.absolute_path), _sentence(fault)) for fault in _leaves(_validator().iter_errors(document))}
    yield from sorted(shape, key=lambda fault: fault.path)
    if isinstance(document, dict):
        broken = {fault.path for fault in shape}
        yield from (Fault(name, path, sentence) for path, sentence in faults_of_rules(document, broken))


def _leaves(faults: Iterable[SchemaFault]) -> Iterator[SchemaFault]:
    """Inside alternatives, the faults of the one whose type fits."""
    for fault in faults:
        if fault.validator not in {"oneOf", "anyOf"} or not fault.context:
            yield fault
            continue
        fitting = {cause.schema_path[0] for cause in fault.context} - {
            c.schema_path[0] for c in fault.context if c.validator == "type" and not list(c.path)
        }
        chosen = [cause for cause in fault.context if cause.schema_path[0] in fitting]
        yield from _leaves(chosen) if chosen else [fault]


def _path(parts: Iterable[Any]) -> str:
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def _sentence(fault: SchemaFault) -> str:
    wanted: Any = fault.validator_value
    schema: Any = fault.schema
    found: Any = fault.instance
    kind = str(fault.validator)
    if isinstance(found, _Unread):
        return found.sentence
    if kind == "required":
        missing = [key for key in wanted if key not in found]
        return _("“%(key)s” is needed.") % {"key": "”, “".join(missing)}
    if kind == "additionalProperties":
        extra = sorted(set(found) - set(schema["properties"]))
        return _("Unknown key “%(key)s”.") % {"key": "”, “".join(extra)[:200]}
    shown = {"wanted": json.dumps(wanted, ensure_ascii=False), "found": json.dumps(fault.instance, ensure_ascii=False, default=str)[:80]}
    sentences = {
        "type": _("%(found)s is of the wrong type; wanted: %(wanted)s."),
        "enum": _("%(found)s is not one of %(wanted)s."),
        "const": _("%(found)s must be %(wanted)s."),
        "minimum": _("%(found)s is below %(wanted)s."),
        "exclusiveMinimum": _("%(found)s must be greater than %(wanted)s."),
        "maximum": _("%(found)s is above %(wanted)s."),
        "minLength": _("This text must not be empty."),
        "maxLength": _("This text is longer than %(wanted)s characters."),
        "minItems": _("This list needs at least %(wanted)s entries."),
        "maxItems": _("This list takes at most %(wanted)s entries."),
        "pattern": _("%(found)s is not written as this field asks."),
    }
    return sentences.get(kind, _("%(found)s does not fit here.")) % shown
