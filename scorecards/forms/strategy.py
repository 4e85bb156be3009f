"""What a document may say of links, tension pairs and adjustments (rule book §7, §10)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from scorecards.forms.node import Document, Place, each_measure, each_objective


def faults_of_strategy(document: Document, broken: set[str]) -> Iterator[Place]:
    """Paths with a sentence each. broken: the paths of which the schema has complained already."""
    for part, rule in (("links", _links), ("tensions", _tensions), ("adjustments", _adjustments)):
        if not any(place.startswith(part) for place in broken):
            yield from rule(document)


def _links(document: Document) -> Iterator[Place]:
    known = {node.get("code") for _path, node in each_objective(document)}
    seen: set[tuple[str, str]] = set()
    for i, link in enumerate(document.get("links", [])):
        for end in ("from", "to"):
            if link[end] not in known:
                yield f"links[{i}].{end}", _("There is no objective %(code)s on this scorecard.") % {"code": link[end]}
        if link["from"] == link["to"]:
            yield f"links[{i}]", _("A link joins two different objectives.")
        if (link["from"], link["to"]) in seen:
            yield f"links[{i}]", _("The same link stands here twice.")
        seen.add((link["from"], link["to"]))


def _tensions(document: Document) -> Iterator[Place]:
    known = {node.get("code") for _path, node in each_measure(document)}
    codes: set[str] = set()
    for i, pair in enumerate(document.get("tensions", [])):
        if pair["code"] in codes:
            yield f"tensions[{i}].code", _("The code %(code)s is used twice.") % {"code": pair["code"]}
        codes.add(pair["code"])
        for side in ("a", "b"):
            for k, code in enumerate(pair[side]):
                if code not in known:
                    yield f"tensions[{i}].{side}[{k}]", _("There is no measure %(measure)s on this scorecard.") % {"measure": code}
                if code in pair[side][:k] or (side == "b" and code in pair["a"]):
                    yield f"tensions[{i}].{side}[{k}]", _("The measure %(measure)s stands twice in this pair.") % {"measure": code}


def _adjustments(document: Document) -> Iterator[Place]:
    for i, row in enumerate(document.get("adjustments", [])):
        if not row["month"].startswith(f"{document.get('year')}-"):
            yield f"adjustments[{i}].month", _("This month lies outside the year of the scorecard.")
