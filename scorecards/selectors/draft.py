"""Documents of drafts: how one begins, what the scorecard says once it is approved, how two people's changes come together."""

import copy
from collections.abc import Iterator
from typing import Any

from scorecards.choices import DEFAULT_BANDS, DEFAULT_THRESHOLDS, STANDARD_PERSPECTIVES
from scorecards.models import Month
from scorecards.selectors.document import Document, each_measure, number

Key = tuple[str, str]
Flat = dict[Key, Document]
CHILDREN = {"perspective": "objectives", "objective": "measures", "measure": ""}
LISTS = ("perspectives", "links", "tensions", "adjustments")
UNDATED = (
    *("parent", "better", "preset", "curve_scores", "method", "factor", "frequency", "source", "formula", "contributors", "across"),
    *("veto_cap", "minimum_count", "due_from"),
)
NEVER_LOCKED = {"x", "row", "owner", "readings", "targets", "weight"}
RULES = ("missing_policy", "counts", "adjustment_limit", "deadline_day", "minimum_completeness", "bands", "tension_thresholds")


def begun(document: Document, month: Month) -> Document:
    """How a draft from that month on begins: with the weights in force there, and without what has ended before."""
    draft = copy.deepcopy(document)
    for perspective in draft["perspectives"]:
        for objective in perspective["objectives"]:
            objective["measures"] = [one for one in objective["measures"] if not _has_ended(one, month)]
        perspective["objectives"] = [one for one in perspective["objectives"] if one["measures"] or not _is_retired(one, month)]
    draft["perspectives"] = [one for one in draft["perspectives"] if one["objectives"] or not _is_retired(one, month)]
    for _level, node in each_node(draft):
        later = [row for row in dated(node["weight"]) if row["from"] > str(month)]
        weight = weight_in(node, month)
        node["weight"] = [{"from": january(draft), "weight": weight}, *later] if later else weight
    return tidied(draft)


def in_force(document: Document, month: Month) -> Document:
    """What the document says of one month: without what has ended before and what begins later."""
    shown = begun(document, month)
    for perspective in shown["perspectives"]:
        for objective in perspective["objectives"]:
            objective["measures"] = [one for one in objective["measures"] if not one["due_from"] or one["due_from"] <= str(month)]
        perspective["objectives"] = [
            one for one in perspective["objectives"] if weight_in(one, month) or not isinstance(one["weight"], list)
        ]
    return tidied(shown)


def _has_ended(measure: Document, month: Month) -> bool:
    return bool(measure["due_until"] and measure["due_until"] < str(month)) or _is_retired(measure, month)


def _is_retired(node: Document, month: Month) -> bool:
    """Whether it weighed something before and weighs nothing from that month on."""
    rows = dated(node["weight"])
    later = [row["weight"] for row in rows if row["from"] > str(month)]
    return not weight_in(node, month) and not any(later) and any(row["weight"] for row in rows)


def adopted(draft: Document, live: Document | None, month: Month) -> Document:
    """What the scorecard is to say so that the draft holds from that month on: weights and targets of earlier months stay, nodes that the
    draft does not hold any more end with the month before, new ones begin. `undated` tells of what cannot be dated."""
    wanted = copy.deepcopy(draft)
    if live is None:
        return wanted
    before, shown = flat(live), flat(begun(live, month))
    for level, node in each_node(wanted):
        old = before.get((level, node["code"]))
        node["weight"] = _weights(old, node, month, january(draft))
        if level == "measure":
            node["targets"] = _targets(old, node, month)
            if old is None and node["source"] == "entered" and str(month) > january(draft):
                node["due_from"] = max(node["due_from"] or "", str(month))
    if str(month) > january(draft):
        _keep(wanted, live, shown, month)
    _in_order(wanted, live)
    _keep_links(wanted, live, shown, month)
    _keep_pairs(wanted, live, month)
    return tidied(wanted)


def _weights(old: Document | None, node: Document, month: Month, first: str) -> Any:
    earlier = [row for row in dated(old["weight"], first) if row["from"] < str(month)] if old else []
    if not earlier and str(month) > first:
        earlier = [{"from": first, "weight": 0}]
    later = [row for row in dated(node["weight"]) if row["from"] > str(month)]
    return _shortest([*earlier, {"from": str(month), "weight": weight_in(node, month)}, *later], first)


def _shortest(rows: list[Document], first: str) -> Any:
    """The rows without those that change nothing; a single one as a number."""
    kept = [row for i, row in enumerate(rows) if i == 0 or row["weight"] != rows[i - 1]["weight"]]
    return kept[0]["weight"] if len(kept) == 1 and kept[0]["from"] <= first else kept


def _targets(old: Document | None, node: Document, month: Month) -> list[Document]:
    """Those of earlier months as they are; from the month on those of the draft, the one in force there first."""
    earlier = [row for row in (old["targets"] or [] if old else []) if row["from"] < str(month)]
    given = sorted(node["targets"] or [], key=lambda row: str(row["from"]))
    if not earlier:
        return given
    in_force = [row for row in given if row["from"] <= str(month)][-1:]
    rows = [*earlier, *({**row, "from": str(month)} for row in in_force), *(row for row in given if row["from"] > str(month))]
    return [row for i, row in enumerate(rows) if i == 0 or row["points"] != rows[i - 1]["points"]]


def _keep(wanted: Document, live: Document, shown: Flat, month: Month) -> None:
    """Put back what has ended before as it is, and what the draft has left out so that it ends with the month before."""
    held = flat(wanted)
    perspectives = {node["code"]: node for node in wanted["perspectives"]}
    objectives = {node["code"]: node for perspective in wanted["perspectives"] for node in perspective["objectives"]}
    for perspective in live["perspectives"]:
        if ("perspective", perspective["code"]) not in held:
            perspectives[perspective["code"]] = {**_ended("perspective", perspective, live, shown, month), "objectives": []}
            wanted["perspectives"].append(perspectives[perspective["code"]])
        for objective in perspective["objectives"]:
            if ("objective", objective["code"]) not in held:
                objectives[objective["code"]] = {**_ended("objective", objective, live, shown, month), "measures": []}
                perspectives[perspective["code"]]["objectives"].append(objectives[objective["code"]])
            for measure in objective["measures"]:
                if ("measure", measure["code"]) not in held and not _never_begins(measure, month):
                    objectives[objective["code"]]["measures"].append(_ended("measure", measure, live, shown, month))


def _in_order(wanted: Document, live: Document) -> None:
    """Nodes that were there stand in their old order, new ones after them."""
    order = {(level, node["code"]): i for i, (level, node) in enumerate(each_node(live))}
    for perspective in wanted["perspectives"]:
        for objective in perspective["objectives"]:
            objective["measures"].sort(key=lambda one: order.get(("measure", one["code"]), len(order)))
        perspective["objectives"].sort(key=lambda one: order.get(("objective", one["code"]), len(order)))


def _never_begins(measure: Document, month: Month) -> bool:
    """Whether nothing of the measure was due before that month, so that it can go without a trace."""
    return bool(measure["due_from"] and measure["due_from"] >= str(month))


def _ended(level: str, node: Document, live: Document, shown: Flat, month: Month) -> Document:
    if (level, node["code"]) not in shown:
        return copy.deepcopy(node)
    first = january(live)
    rows = [row for row in dated(node["weight"], first) if row["from"] < str(month)]
    ended = {**copy.deepcopy(node), "weight": _shortest([*rows, {"from": str(month), "weight": 0}], first)}
    if level == "measure" and node["source"] == "entered":
        ended["due_until"] = min(node["due_until"] or str(month - 1), str(month - 1))
    return ended


def _keep_links(wanted: Document, live: Document, shown: Flat, month: Month) -> None:
    """Arrows of objectives that have ended stay, for the maps of the months before."""
    held = {key for key in flat(wanted) if key[0] == "link"}
    kept = {node["code"] for level, node in each_node(wanted) if level == "objective"}
    drafted = {node["code"] for level, node in each_node(wanted) if level == "objective" and not _is_retired(node, month)}
    for link in live["links"]:
        key = "link", f"{link['from']} → {link['to']}"
        over = {link["from"], link["to"]} - drafted
        if key not in held and {link["from"], link["to"]} <= kept and (over or key not in shown):
            wanted["links"].append(copy.deepcopy(link))


def _keep_pairs(wanted: Document, live: Document, month: Month) -> None:
    """Tension pairs keep members that have ended, for the months before and for the answers that were given."""
    held = {pair["code"]: pair for pair in wanted["tensions"]}
    ended = {node["code"] for level, node in each_node(wanted) if level == "measure" and _has_ended(node, month)}
    for pair in live["tensions"]:
        mine = held.get(pair["code"])
        if mine is None:
            if {*pair["a"], *pair["b"]} & ended:
                wanted["tensions"].append(copy.deepcopy(pair))
            continue
        for side in ("a", "b"):
            mine[side] = [*mine[side], *(code for code in pair[side] if code in ended and code not in mine["a"] + mine["b"])]


def undated(live: Document, wanted: Document) -> list[Key]:
    """What the document says otherwise in a way that holds for earlier months too. Rules of the scorecard: ("scorecard", "")."""
    before, after = flat(live), flat(wanted)
    found = [
        key
        for key, node in after.items()
        if key in before and key[0] in CHILDREN and any(before[key].get(name) != node.get(name) for name in UNDATED)
    ]
    return found + ([("scorecard", "")] if any(live[name] != wanted[name] for name in RULES) else [])


def lost_readings(live: Document, wanted: Document) -> list[str]:
    """The codes of measures whose values would go. live: with readings."""
    stays = {measure["code"]: measure["source"] for _path, measure in each_measure(wanted)}
    return [one["code"] for _path, one in each_measure(live) if one["readings"] and stays.get(one["code"]) != "entered"]


def merged(base: Document, live: Document, draft: Document) -> Document:
    """The draft with what has changed on the scorecard since it began, node by node and field by field; where both changed the same
    field, the draft's."""
    old, new, own = flat(base), flat(live), flat(draft)
    found: Flat = {}
    for key, node in own.items():
        if key in new:
            found[key] = _merged_fields(old.get(key, {}), new[key], node, january(draft))
        elif key not in old or node != old[key]:
            found[key] = node
    fresh = {key: node for key, node in new.items() if key not in own and key not in old}
    return tidied(_rebuilt(draft, {**found, **fresh}))


def _merged_fields(old: Document, new: Document, own: Document, first: str) -> Document:
    return {name: _merged(name, old.get(name), new.get(name), own.get(name), first) for name in {**own, **new}}


def _merged(name: str, old: Any, new: Any, own: Any, first: str) -> Any:
    if new in (old, own):
        return own
    if own == old:
        return new
    if name == "weight":
        rows = _merged_rows(*({max(row["from"], first): row["weight"] for row in dated(value, first)} for value in (old, new, own)))
        return rows[0][1] if len(rows) == 1 else [{"from": month, "weight": weight} for month, weight in rows]
    if name == "targets":
        rows = _merged_rows(*({row["from"]: row["points"] for row in value or []} for value in (old, new, own)))
        return [{"from": month, "points": points} for month, points in rows]
    return own


def _merged_rows(old: dict[str, Any], new: dict[str, Any], own: dict[str, Any]) -> list[tuple[str, Any]]:
    gone = {month for month in old if (month not in new and own.get(month) == old[month]) or month not in own}
    rows = {
        month: own[month] if month in own and own.get(month) != old.get(month) else new.get(month, own.get(month)) for month in own | new
    }
    return sorted((month, value) for month, value in rows.items() if month not in gone)


def flat(document: Document) -> Flat:
    """Every node, link, pair and the rules by level and code; nodes with their parent's code and without their children."""
    settings = {name: value for name, value in document.items() if name not in {*LISTS, "file", "format", "unit", "year", "officer"}}
    found: Flat = {("scorecard", ""): settings}
    for perspective in document["perspectives"]:
        found["perspective", perspective["code"]] = {**_own(perspective), "parent": ""}
        for objective in perspective["objectives"]:
            found["objective", objective["code"]] = {**_own(objective), "parent": perspective["code"]}
            for measure in objective["measures"]:
                found["measure", measure["code"]] = {**_own(measure), "parent": objective["code"]}
    found |= {("link", f"{link['from']} → {link['to']}"): link for link in document["links"]}
    return found | {("tension", pair["code"]): pair for pair in document["tensions"]}


def _own(node: Document) -> Document:
    return {name: value for name, value in node.items() if name not in {"objectives", "measures"}}


def _rebuilt(draft: Document, nodes: Flat) -> Document:
    """A document of these nodes; what has lost its parent goes with it."""
    document = {**draft, **nodes["scorecard", ""]}
    levels: dict[str, dict[str, Document]] = {"": {"": {"perspectives": []}}}
    document["perspectives"] = levels[""][""]["perspectives"]
    for level, above, children in (
        ("perspective", "", "perspectives"),
        ("objective", "perspective", "objectives"),
        ("measure", "objective", "measures"),
    ):
        levels[level] = {}
        for (kind, code), node in nodes.items():
            if kind == level and node["parent"] in levels[above]:
                made = {name: value for name, value in node.items() if name != "parent"}
                if CHILDREN[level]:
                    made[CHILDREN[level]] = []
                levels[level][code] = made
                levels[above][node["parent"]][children].append(made)
    document["links"] = [node for (kind, _code), node in nodes.items() if kind == "link"]
    document["tensions"] = [node for (kind, _code), node in nodes.items() if kind == "tension"]
    return document


def broken_locks(before: Document, after: Document, locked: list[list[str]]) -> list[str]:
    """The codes of locked nodes that the newer document says otherwise; owners, targets, weights and places on the map are the unit's."""
    old, new = flat(before), flat(after)

    def said(nodes: Flat, key: Key) -> Document | None:
        return {name: value for name, value in nodes[key].items() if name not in NEVER_LOCKED} if key in nodes else None

    keys = [(level, code) for level, code in locked]
    return [key[1] for key in keys if said(old, key) != said(new, key)]


def upgraded(document: Document, given: Document | None, template: Document) -> Document:
    """A unit's document with what a template says now. given: what it said when the unit took it last; what the unit has changed since
    stays, locked or not: locks are asked when it is edited."""
    own = of_unit(template, document["unit"])
    return own if given is None else merged(of_unit(given, document["unit"]), own, document)


def for_year(document: Document, year: int) -> Document:
    """The same for another year: weights and targets as they stand at its end, and what is planned for later; without what has ended."""
    last = Month.of(document["year"], 12)
    wanted = begun(document, last)
    wanted["year"] = year
    first = january(wanted)
    for _level, node in each_node(wanted):
        node["weight"] = weight_in(node, last)
    for _path, measure in each_measure(wanted):
        measure["due_from"] = measure["due_until"] = None
        rows = {row["from"]: row["points"] for row in measure["targets"] or []}
        in_force = [points for month, points in sorted(rows.items()) if month <= first][-1:]
        later = [(month, points) for month, points in sorted(rows.items()) if month > first]
        measure["targets"] = [{"from": month, "points": points} for month, points in [*((first, points) for points in in_force), *later]]
    return wanted


def of_unit(document: Document, unit: Document) -> Document:
    """The same for another unit. unit: as documents write it."""
    return {**copy.deepcopy(document), "unit": unit, "officer": None}


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


def tidied(document: Document) -> Document:
    """The document, itself changed, without links, sides of pairs and pairs whose ends are gone, and with each arrow one way only."""
    keys = {(level, node["code"]) for level, node in each_node(document)}
    links: dict[Key, Document] = {}
    for link in document["links"]:
        ends = link["from"], link["to"]
        if ("objective", ends[0]) in keys and ("objective", ends[1]) in keys and ends[::-1] not in links:
            links[ends] = link
    document["links"] = list(links.values())
    pairs = [
        {**pair, **{side: [code for code in pair[side] if ("measure", code) in keys] for side in "ab"}} for pair in document["tensions"]
    ]
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
    return list(weight) if isinstance(weight, list) else [] if weight is None else [{"from": first, "weight": weight}]


def weight_in(node: Document, month: Month) -> float:
    """The weight in force in that month."""
    rows = [row for row in dated(node["weight"]) if row["from"] <= str(month)]
    return number(rows[-1]["weight"]) if rows else 0
