"""Documents of versions: as a draft begins, as an approved one is adopted, what differs between two of them."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from organisation.models import Unit
from scorecards.choices import DEFAULT_BANDS, DEFAULT_THRESHOLDS, STANDARD_PERSPECTIVES, VersionState
from scorecards.models import Month, Step, Version
from scorecards.selectors.document import Document, definition_of, each_measure
from scorecards.selectors.scorecard import scorecard_of


def begun(document: Document, month: Month) -> Document:
    """How a draft from that month on begins: with the weights in force there, and without measures that have ended before."""
    draft = copy.deepcopy(document)
    for _level, node in each_node(draft):
        rows = dated(node["weight"])
        later = [row for row in rows if row["from"] > str(month)]
        node["weight"] = [{"from": january(draft), "weight": weight_in(node, month)}, *later] if later else weight_in(node, month)
    for perspective in draft["perspectives"]:
        ended = [one["code"] for one in perspective["objectives"] if one["measures"] and not _lasting(one, month)]
        for objective in perspective["objectives"]:
            objective["measures"] = _lasting(objective, month)
        perspective["objectives"] = [one for one in perspective["objectives"] if one["weight"] or one["code"] not in ended]
    return tidied(draft)


def _lasting(objective: Document, month: Month) -> list[Document]:
    return [one for one in objective["measures"] if not one["due_until"] or one["due_until"] >= str(month)]


def adopted(draft: Document, live: Document | None, month: Month) -> Document:
    """What the scorecard is to say so that the draft holds from that month on and earlier months stay as they were: weights are dated,
    nodes that the draft does not hold any more end with the month before, new ones begin."""
    wanted = copy.deepcopy(draft)
    if live is None or str(month) == january(draft):
        return wanted
    before = {(level, node["code"]): node for level, node in each_node(live)}
    for level, node in each_node(wanted):
        old = before.pop((level, node["code"]), None)
        earlier = [row for row in dated(old["weight"], january(live)) if row["from"] < str(month)] if old else []
        earlier = earlier or [{"from": january(draft), "weight": 0}]
        later = [row for row in dated(node["weight"]) if row["from"] > str(month)]
        rows = [*earlier, {"from": str(month), "weight": weight_in(node, month)}, *later]
        node["weight"] = _shortest(rows, january(draft))
        if old is None and level == "measure" and node["source"] == "entered":
            node["due_from"] = max(node["due_from"] or "", str(month))
    _keep_retired(wanted, live, set(before), month)
    return wanted


def _shortest(rows: list[Document], first: str) -> Any:
    """The rows without those that change nothing; a single one as a number."""
    kept = [row for i, row in enumerate(rows) if i == 0 or row["weight"] != rows[i - 1]["weight"]]
    return kept[0]["weight"] if len(kept) == 1 and kept[0]["from"] <= first else kept


def _keep_retired(wanted: Document, live: Document, gone: set[tuple[str, str]], month: Month) -> None:
    """Put back what the draft has left out, to end with the month before."""
    perspectives = {node["code"]: node for node in wanted["perspectives"]}
    objectives = {node["code"]: node for perspective in wanted["perspectives"] for node in perspective["objectives"]}
    for perspective in live["perspectives"]:
        if ("perspective", perspective["code"]) in gone:
            perspectives[perspective["code"]] = {**_ended(perspective, live, month), "objectives": []}
            wanted["perspectives"].append(perspectives[perspective["code"]])
        for objective in perspective["objectives"]:
            if ("objective", objective["code"]) in gone:
                objectives[objective["code"]] = {**_ended(objective, live, month), "measures": []}
                perspectives[perspective["code"]]["objectives"].append(objectives[objective["code"]])
            for measure in objective["measures"]:
                if ("measure", measure["code"]) in gone:
                    ended = _ended(measure, live, month)
                    if ended["source"] == "entered":
                        ended["due_until"] = min(ended["due_until"] or "9999-12", str(month - 1))
                        ended["due_from"] = min(ended["due_from"], ended["due_until"]) if ended["due_from"] else None
                    objectives[objective["code"]]["measures"].append(ended)


def _ended(node: Document, live: Document, month: Month) -> Document:
    rows = [row for row in dated(node["weight"], january(live)) if row["from"] < str(month)]
    return {**copy.deepcopy(node), "weight": _shortest([*rows, {"from": str(month), "weight": 0}], january(live))}


def merged(base: Any, live: Any, draft: Any) -> Any:
    """The draft with what has changed on the scorecard since it began; where both changed the same, the draft."""
    if live in (base, draft):
        return draft
    if draft == base:
        return live
    if isinstance(live, dict) and isinstance(draft, dict) and isinstance(base, dict):
        keys = [*draft, *(key for key in live if key not in draft and key not in base)]
        return {key: merged(base.get(key), live.get(key), draft.get(key)) if key in live else draft[key] for key in keys}
    if all(isinstance(value, list) and all(_key(one) is not None for one in value) for value in (base, live, draft)):
        old, new, own = ({_key(one): one for one in value} for value in (base, live, draft))
        stays = [key for key in own if key in new or key not in old or own[key] != old[key]]
        fresh = [key for key in new if key not in own and key not in old]
        return [merged(old.get(key), new.get(key, own.get(key)), own.get(key, new.get(key))) for key in [*stays, *fresh]]
    return draft


def _key(one: Any) -> Any:
    if not isinstance(one, dict):
        return None
    return one.get("code") or (one["from"], one.get("to", "")) if "code" in one or "from" in one else None


def for_year(document: Document, year: int) -> Document:
    """The same for another year: weights and targets as they stand at its end, in force from that year's January."""
    last = Month.of(document["year"], 12)
    wanted = copy.deepcopy(document)
    wanted["year"] = year
    first = january(wanted)
    for _level, node in each_node(wanted):
        node["weight"] = weight_in(node, last)
    for _path, measure in each_measure(wanted):
        measure["due_from"] = None
        measure["due_until"] = None
        begun_rows = [row for row in measure["targets"] or [] if row["from"] <= str(last)]
        measure["targets"] = [{"from": first, "points": begun_rows[-1]["points"]}] if begun_rows else []
    return wanted


def of_unit(document: Document, unit: Document) -> Document:
    """The same for another unit. unit: as documents write it."""
    return {**copy.deepcopy(document), "unit": unit, "officer": None}


def tidied(document: Document) -> Document:
    """The document, itself changed, without links, tension sides and pairs whose ends are gone."""
    objectives = {node["code"] for level, node in each_node(document) if level == "objective"}
    measures = {node["code"] for level, node in each_node(document) if level == "measure"}
    document["links"] = [link for link in document["links"] if {link["from"], link["to"]} <= objectives]
    pairs = [{**pair, **{side: [code for code in pair[side] if code in measures] for side in "ab"}} for pair in document["tensions"]]
    document["tensions"] = [pair for pair in pairs if pair["a"] and pair["b"]]
    return document


def each_node(document: Document) -> Iterator[tuple[str, Document]]:
    """Every node of a sound document with its level, from the top."""
    for perspective in document["perspectives"]:
        yield "perspective", perspective
        for objective in perspective["objectives"]:
            yield "objective", objective
            for measure in objective["measures"]:
                yield "measure", measure


def january(document: Document) -> str:
    return f"{document['year']}-01"


def dated(weight: Any, first: str = "0000-01") -> list[Document]:
    """A weight as dated rows."""
    return list(weight) if isinstance(weight, list) else [{"from": first, "weight": weight}]


def weight_in(node: Document, month: Month) -> float:
    """The weight in force in that month."""
    rows = [row for row in dated(node["weight"]) if row["from"] <= str(month)]
    return rows[-1]["weight"] if rows else 0


@dataclass(frozen=True)
class Difference:
    """One node, link, pair or setting that two documents say differently. kind: added, removed or changed; fields: name, old, new."""

    kind: str
    level: str
    code: str
    node: Document
    fields: list[tuple[str, Any, Any]]


OWN = {"objectives", "measures", "readings", "code"}


def differences(old: Document, new: Document) -> list[Difference]:
    """In the order of the newer document, what it does not hold any more last."""
    before, after = _flat(old), _flat(new)
    found: list[Difference] = []
    for key, node in after.items():
        was = before.get(key)
        if was is None:
            found.append(Difference("added", *key, node, []))
            continue
        names = [name for name in {**was, **node} if name not in OWN and was.get(name) != node.get(name)]
        if names:
            found.append(Difference("changed", *key, node, [(name, was.get(name), node.get(name)) for name in names]))
    return found + [Difference("removed", *key, node, []) for key, node in before.items() if key not in after]


def _flat(document: Document) -> dict[tuple[str, str], Document]:
    settings = {name: value for name, value in document.items() if name not in {"perspectives", "links", "tensions", "adjustments", "file"}}
    settings = {name: value for name, value in settings.items() if name not in {"format", "unit", "year", "officer"}}
    found: dict[tuple[str, str], Document] = {("scorecard", ""): settings}
    for perspective in document["perspectives"]:
        found["perspective", perspective["code"]] = perspective
        for objective in perspective["objectives"]:
            found["objective", objective["code"]] = {**objective, "parent": perspective["code"]}
            found |= {("measure", measure["code"]): {**measure, "parent": objective["code"]} for measure in objective["measures"]}
    found |= {("link", f"{link['from']} → {link['to']}"): link for link in document["links"]}
    return found | {("tension", pair["code"]): pair for pair in document["tensions"]}


def blank(unit: Document, year: int) -> Document:
    """Nothing but the four perspectives. unit: as documents write it."""
    lanes = [
        {"code": code, "name": name, "name_zh": name_zh, "weight": 25, "objectives": []} for code, name, name_zh in STANDARD_PERSPECTIVES
    ]
    named = {"name": f"Balanced scorecard {year}", "name_zh": f"{year}年平衡计分卡"}
    lists: Document = {"links": [], "tensions": [], "adjustments": []}
    settings = {"missing_policy": "exclude", "counts": "submitted", "adjustment_limit": 10, "deadline_day": 10, "minimum_completeness": 0.5}
    bands = {"tension_thresholds": dict(DEFAULT_THRESHOLDS), "bands": [list(band) for band in DEFAULT_BANDS]}
    head: Document = {"format": "grc-bsc/scorecard@1", "unit": unit, "officer": None, "year": year}
    return {**head, **named, **settings, **bands, "perspectives": lanes, **lists}


def unit_of(unit: Unit) -> Document:
    """A unit as documents write it."""
    return {"code": unit.code, "name": unit.name, "name_zh": unit.name_zh, "parent": unit.parent.code if unit.parent else None}


def source_of(kind: str, unit: Unit, year: int, other: Unit | None) -> Document | None:
    """What a draft of that unit and year begins with. kind: now, before, unit (the other one's) or blank. None where there is none."""
    if kind == "blank":
        return blank(unit_of(unit), year)
    from_unit, from_year = (other or unit), year - 1 if kind == "before" else year
    card = scorecard_of(from_unit.code, from_year)
    if card is None and kind == "unit":
        card = scorecard_of(from_unit.code, year - 1)
    if card is None:
        return None
    document = definition_of(card)
    document = document if card.year == year else for_year(document, year)
    return document if from_unit == unit else of_unit(document, unit_of(unit))


def versions(unit: Unit, text: str) -> "QuerySet[Version]":
    """All versions of the unit whose reason or people contain the text, latest first."""
    found = Version.objects.filter(unit=unit).select_related("begun_by", "decided_by").defer("document", "base")
    if text:
        people = Q(begun_by__name__icontains=text) | Q(decided_by__name__icontains=text)
        found = found.filter(Q(reason__icontains=text) | people)
    return found


def steps(version: Version) -> "QuerySet[Step]":
    """What was done to the draft, latest first."""
    return Step.objects.filter(version=version).select_related("actor").defer("document").order_by("-number")


def others(version: Version) -> list[Version]:
    """The other versions of the unit and year that were not discarded, to compare with."""
    found = Version.objects.filter(unit=version.unit_id, year=version.year).exclude(pk=version.pk).exclude(state=VersionState.DISCARDED)
    return list(found.defer("document", "base"))
