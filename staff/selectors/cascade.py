"""What a post's template makes of a unit's scorecard: for each holder, and for the units between."""

import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from organisation.models import Unit, UnitPath
from scorecards.choices import DIVIDED_METHODS, Method, Source
from scorecards.models import Month, Scorecard, Tension
from scorecards.selectors.document import BLANK_MEASURE, SETTINGS, Document, each_measure, each_objective, number
from staff.choices import WHOLE, LineKind
from staff.models import Line, Post, Posting, PostLine
from staff.selectors.posting import due_months

DIGITS = 12
ACROSS = {Method.SUM: "sum", Method.AVERAGE: "average", Method.MINIMUM: "minimum", Method.MAXIMUM: "maximum"}
DIVISIBLE = {*DIVIDED_METHODS, *ACROSS}
PART = (*("measure__scorecard__unit", "measure__scorecard__unit__code"), *("measure__scorecard__officer", "measure__code"))


@dataclass(frozen=True)
class Drafted:
    """A holder's scorecard as a document, and what each of its measures carries, by code."""

    document: Document
    lines: dict[str, dict[str, Any]]


def equal_share(place: int, of: int, rest: float) -> float:
    """The part of what is left to assign (percent) that falls to one of so many, in hundredths that add up to it."""
    return (round(100 * rest * (place + 1) / of) - round(100 * rest * place / of)) / 100


def drafted(lines: list[PostLine], above: Document, posting: Posting, shares: dict[str, float]) -> Drafted | None:
    """above: what the unit's scorecard says; shares: by code, of contributory lines. None where no month of the year belongs to the
    posting."""
    months = due_months(posting.from_date, posting.until_date, above["year"])
    if months is None:
        return None
    due = _due(*months)
    measures = {node["code"]: node for _path, node in each_measure(above)}
    objectives = {node["code"]: (lane, node) for lane, node in each_objective(above)}
    chosen: dict[str, dict[str, list[Document]]] = defaultdict(lambda: defaultdict(list))
    told: dict[str, dict[str, Any]] = {}
    for line in lines:
        if line.objective not in objectives or (line.kind != LineKind.OWN and line.code not in measures):
            continue
        share = shares.get(line.code) if line.kind == LineKind.CONTRIBUTORY else None
        chosen[objectives[line.objective][0]][line.objective].append(_measure(line, measures.get(line.code), above, share, due))
        parent = "" if line.kind == LineKind.OWN else line.code
        told[line.code] = {"kind": line.kind, "objective": line.objective, "parent": parent, "share": share}
    post = posting.post
    document = {
        **{key: copy.deepcopy(above[key]) for key in ("format", "year", *SETTINGS)},
        "unit": {"code": posting.unit.code, "name": posting.unit.name, "name_zh": posting.unit.name_zh, "parent": None},
        "officer": posting.person.username,
        "name": f"{posting.person.name or posting.person.name_zh} {above['year']}",
        "name_zh": f"{posting.person.name_zh or posting.person.name} {above['year']}",
        "perspectives": [_perspective(node, chosen[node["code"]]) for node in above["perspectives"] if node["code"] in chosen],
        "links": [],
        "tensions": [],
        "adjustments": [],
        "file": f"{post.code} {posting.person.username}",
    }
    return Drafted(document, told)


def _due(first: Month, last: Month) -> dict[str, str | None]:
    return {"due_from": str(first) if first.number > 1 else None, "due_until": str(last) if last.number < 12 else None}


def _perspective(node: Document, chosen: dict[str, list[Document]]) -> Document:
    objectives = [_objective(one, chosen[one["code"]]) for one in node["objectives"] if one["code"] in chosen]
    weight = number(float(sum(one["weight"] for one in objectives)))
    return {**_named(node), "weight": weight, "objectives": objectives}


def _objective(node: Document, measures: list[Document]) -> Document:
    return {**_named(node), "weight": number(float(sum(one["weight"] for one in measures))), "measures": measures}


def _named(node: Document) -> Document:
    return {name: node[name] for name in ("code", "name", "name_zh")}


def _measure(line: PostLine, parent: Document | None, above: Document, share: float | None, due: dict[str, str | None]) -> Document:
    if line.kind == LineKind.OWN or parent is None:
        own = {**BLANK_MEASURE, **(line.measure or {}), "code": line.code, **due}
        return {**own, "weight": number(line.weight), "minimum_count": line.minimum_count, "readings": []}
    if line.kind == LineKind.SAME:
        named = {name: parent[name] for name in ("code", "name", "name_zh", "unit", "owner", "definition", "definition_zh", "kind")}
        mirror = dict.fromkeys(("preset", "better", "method", "frequency", "curve_scores", "factor"))
        shown = {"source": Source.MIRROR.value, "contributors": [f"{above['unit']['code']}/{line.code}"]}
        return {**BLANK_MEASURE, **named, **mirror, **shown, "weight": number(line.weight)}
    entered = {"source": Source.ENTERED.value, "formula": None, "contributors": None, "across": None, "veto_cap": None}
    targets = scaled(parent, share) if line.points is None else [{"from": f"{above['year']}-01", "points": line.points}]
    own = {"weight": number(line.weight), "minimum_count": line.minimum_count, "targets": targets, "readings": []}
    return {**copy.deepcopy(parent), **entered, **own, **due}


def scaled(measure: Document, share: float | None) -> list[Document]:
    """The targets of somebody who does that share (percent) of a sum; of a rate everybody's are the same."""
    if measure["method"] != Method.SUM or share is None:
        return copy.deepcopy(measure["targets"])
    return [
        {**row, "points": [number(float(f"{point * share / WHOLE:.{DIGITS}g}")) for point in row["points"]]} for row in measure["targets"]
    ]


@dataclass(frozen=True)
class Tie:
    """A unit between the officers and the one that cascades: what each of its measures is to be the sum of, by code, and which share of the
    whole that is (percent)."""

    unit: Unit
    contributors: dict[str, list[str]]
    shares: dict[str, float]


def ties(above: Scorecard, codes: Iterable[str], month: Month) -> list[Tie]:
    """The lowest units first, the unit of the scorecard itself last; with the shares that are carried in that month."""
    parts: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    shares: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    wanted = Line.objects.filter(above=above, parent__in=list(codes), kind=LineKind.CONTRIBUTORY)
    columns = (*PART, "measure__due_from", "measure__due_until", "parent", "share")
    for unit, name, officer, code, first, last, parent, share in wanted.order_by("measure").values_list(*columns):
        parts[unit][parent].append(f"{name}/{officer}/{code}")
        due = (first is None or first <= month) and (last is None or last >= month)
        shares[unit][parent] += (share or 0) if due else 0
    inside = UnitPath.objects.filter(above=above.unit).values("below")
    paths = UnitPath.objects.filter(below__in=list(parts), above__in=inside).values_list("above", flat=True)
    depth = dict(UnitPath.objects.filter(above=above.unit, below__in=set(paths)).values_list("below", "distance"))
    units = sorted(Unit.objects.filter(pk__in=depth).select_related("parent"), key=lambda unit: (-depth[unit.pk], unit.code))
    for unit in units:
        if unit.pk != above.unit_id and unit.parent_id is not None:
            for code in sorted(parts[unit.pk]):
                parts[unit.parent_id][code].append(f"{unit.code}/{code}")
                shares[unit.parent_id][code] += shares[unit.pk][code]
    return [Tie(unit, dict(parts[unit.pk]), dict(shares[unit.pk])) for unit in units]


def tied(document: Document, tie: Tie, source: Document) -> Document:
    """The unit's document with its measures computed from their parts, besides what they are computed from already. source: what the
    scorecard says that is cascaded, from which a unit between takes the measures, objectives and perspectives that it has not."""
    document = copy.deepcopy(document)
    given = {node["code"]: node for _path, node in each_measure(source)}
    own = {node["code"]: node for _path, node in each_measure(document)}
    for code, contributors in tie.contributors.items():
        if code not in given:
            continue
        node = own.get(code) or _placed(document, source, code)
        kept = (
            [one for one in node["contributors"] or [] if one not in contributors]
            if node["source"] == Source.ROLLUP and code in own
            else []
        )
        across = None if given[code]["method"] in DIVIDED_METHODS else ACROSS[given[code]["method"]]
        node.update(
            source=Source.ROLLUP.value, formula=None, contributors=[*kept, *contributors], across=across, due_from=None, due_until=None
        )
        node["readings"] = []
        if code not in own:
            node["targets"] = scaled(given[code], tie.shares.get(code))
    return document


def _placed(document: Document, source: Document, code: str) -> Document:
    """A copy of the source's measure, at the same place of the document."""
    lane, objective, measure = next(found for found in placed_measures(source) if found[2]["code"] == code)
    nodes = _child(document["perspectives"], lane, "objectives")
    measures = _child(nodes, objective, "measures")
    made = {**copy.deepcopy(measure), "veto_cap": None, "weight": flat(measure["weight"])}
    measures.append(made)
    return made


def _child(siblings: list[Document], wanted: Document, below: str) -> list[Document]:
    found = next((one for one in siblings if one["code"] == wanted["code"]), None)
    if found is None:
        found = {**_named(wanted), "weight": flat(wanted["weight"]), below: []}
        siblings.append(found)
    children: list[Document] = found.setdefault(below, [])
    return children


def flat(weight: Any) -> Any:
    """The weight that holds last."""
    return weight[-1]["weight"] if isinstance(weight, list) else weight


def empty_card(unit: Unit, source: Document) -> Document:
    """A scorecard of a unit between, with nothing on it yet."""
    parent = unit.parent.code if unit.parent else None
    return {
        **{key: copy.deepcopy(source[key]) for key in ("format", "year", *SETTINGS)},
        "unit": {"code": unit.code, "name": unit.name, "name_zh": unit.name_zh, "parent": parent},
        "officer": None,
        "name": source["name"],
        "name_zh": source["name_zh"],
        "perspectives": [],
        "links": [],
        "tensions": [],
        "adjustments": [],
        "file": unit.code,
    }


@dataclass(frozen=True)
class OneSided:
    """A tension pair of which a template carries one side alone. has: the code that it carries; lacks: those of the other side."""

    name: str
    has: str
    lacks: str


def one_sided(post: Post, above: Scorecard | None) -> list[OneSided]:
    """The pairs of the unit's scorecard of which the template lays but one side on the holder."""
    carried = {line.code for line in post.lines.all() if line.kind == LineKind.CONTRIBUTORY}
    pairs = Tension.objects.filter(scorecard=above).prefetch_related("members__measure") if above else []
    found = []
    for pair in pairs:
        sides = {side: [row.measure.code for row in pair.members.all() if row.side == side] for side in ("a", "b")}
        for side, other in (("a", "b"), ("b", "a")):
            has = [code for code in sides[side] if code in carried]
            if has and not carried & set(sides[other]):
                found.append(OneSided(pair.label or pair.code, ", ".join(has), ", ".join(sides[other])))
    return found


def continued(document: Document, given: Document, month: Month) -> Document:
    """An officer's scorecard that goes on in another post of the same unit: from that month what the new post carries, and nothing of the
    old one beside it. document: as it stands; given: what the new post's template makes."""
    made = copy.deepcopy(document)
    own = {node["code"]: node for _path, node in each_measure(made)}
    for node in own.values():
        node["weight"] = dated(node["weight"], month, 0, made["year"])
    for lane, objective, measure in placed_measures(given):
        if measure["code"] in own:
            _go_on(own[measure["code"]], measure, month, made["year"])
            continue
        nodes = _child(made["perspectives"], {**lane, "weight": 0}, "objectives")
        siblings = _child(nodes, {**objective, "weight": 0}, "measures")
        siblings.append({**measure, "weight": dated(0, month, flat(measure["weight"]), made["year"])})
    return weighed(made, month)


def placed_measures(document: Document) -> Iterator[tuple[Document, Document, Document]]:
    """Each measure with the perspective and the objective in which it stands."""
    for lane in document["perspectives"]:
        for objective in lane["objectives"]:
            for measure in objective["measures"]:
                yield lane, objective, measure


def _go_on(node: Document, measure: Document, month: Month, year: int) -> None:
    """A measure that the new post carries too."""
    node["weight"] = dated(node["weight"], month, flat(measure["weight"]), year)
    node["due_until"] = measure["due_until"]
    if node["source"] == Source.ENTERED and measure["targets"]:
        points = measure["targets"][-1]["points"]
        node["targets"] = [*(row for row in node["targets"] if row["from"] < str(month)), {"from": str(month), "points": points}]


def weighed(document: Document, month: Month) -> Document:
    """The document, itself changed, whose objectives and perspectives weigh from that month as much as what lies in them."""
    for lane in document["perspectives"]:
        for objective in lane["objectives"]:
            total = sum(weight_in(node["weight"], month) for node in objective["measures"])
            objective["weight"] = dated(objective["weight"], month, total, document["year"])
        total = sum(weight_in(objective["weight"], month) for objective in lane["objectives"])
        lane["weight"] = dated(lane["weight"], month, total, document["year"])
    return document


def weight_in(weight: Any, month: Month) -> float:
    """The weight in force in that month."""
    if not isinstance(weight, list):
        return float(weight)
    return float(next((row["weight"] for row in reversed(weight) if row["from"] <= str(month)), weight[0]["weight"]))


def dated(weight: Any, month: Month, wanted: float, year: int) -> Any:
    """The weight with another one in force from that month until the next row."""
    if weight_in(weight, month) == wanted:
        return weight
    january = str(Month.of(year, 1))
    rows = weight if isinstance(weight, list) else [{"from": january, "weight": weight}]
    before, after = [row for row in rows if row["from"] < str(month)], [row for row in rows if row["from"] > str(month)]
    return [*before, {"from": str(month), "weight": wanted}, *after] if before or after else wanted
