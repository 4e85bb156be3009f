"""The nodes of a document with their paths."""

from collections.abc import Iterable, Iterator
from typing import Any

Document = dict[str, Any]
Place = tuple[str, str]


def nodes(parents: Iterable[tuple[str, Document]], key: str) -> Iterator[tuple[str, Document]]:
    """The children of the parents with their paths; what has not the shape of a node is left to the schema's faults."""
    for path, parent in parents:
        children = parent.get(key)
        for i, child in enumerate(children if isinstance(children, list) else []):
            if isinstance(child, dict):
                yield f"{path}.{key}[{i}]".removeprefix("."), child


def each_perspective(document: Document) -> Iterator[tuple[str, Document]]:
    return nodes([("", document)], "perspectives")


def each_objective(document: Document) -> Iterator[tuple[str, Document]]:
    return nodes(each_perspective(document), "objectives")


def each_measure(document: Document) -> Iterator[tuple[str, Document]]:
    return nodes(each_objective(document), "measures")
