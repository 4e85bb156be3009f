"""What is worth another look in a draft: advice, no walls."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as _

from organisation.models.names import in_language
from scorecards.choices import Kind, Preset, Source
from scorecards.models import Month
from scorecards.selectors.document import Document, each_measure, each_objective
from scorecards.selectors.draft import weight_in

MOST_OBJECTIVES, MOST_MEASURES, MOST_ON_A_SIDE = 25, 3, 0.6
ACTIVITIES = ("hold ", "organise ", "organize ", "carry out ", "conduct ", "launch ", "attend ", "arrange ", "prepare ")
ACTIVITIES_ZH = ("开展", "组织", "召开", "举办", "参加", "实施", "编制")


@dataclass(frozen=True)
class Finding:
    """kind: objective, measure, link or weights: where it is mended; code: of the node, or cause and effect of a link."""

    kind: str
    code: str
    sentence: str
    cause: str = ""
    effect: str = ""


def findings(document: Document, month: Month) -> list[Finding]:
    """In the order of the map, what concerns the whole first."""
    return list(
        chain(
            _whole(document),
            _perspectives(document, month),
            _objectives(document, month),
            _measures(document),
            _links(document),
            _pairs(document, month),
        )
    )


def _name(node: Document) -> str:
    return f"{node['code']} {in_language(node['name'], node['name_zh'])}"


def _whole(document: Document) -> Iterator[Finding]:
    number = sum(1 for _one in each_objective(document))
    if number > MOST_OBJECTIVES:
        yield Finding("map", "", _("%(number)d objectives are more than a map can tell: keep to 25.") % {"number": number})


def _perspectives(document: Document, month: Month) -> Iterator[Finding]:
    for perspective in document["perspectives"]:
        if perspective["objectives"] and not weight_in(perspective, month):
            yield Finding("weights", perspective["code"], _("%(name)s weighs nothing.") % {"name": _name(perspective)})
        measures = [measure for objective in perspective["objectives"] for measure in objective["measures"]]
        if measures and not any(measure["kind"] == Kind.LEADING for measure in measures):
            sentence = _("%(name)s has no leading measure: nothing tells early that it goes wrong.") % {"name": _name(perspective)}
            yield Finding("measure", measures[0]["code"], sentence)
        if not perspective["objectives"]:
            yield Finding("map", "", _("%(name)s has no objective.") % {"name": _name(perspective)})


def _objectives(document: Document, month: Month) -> Iterator[Finding]:
    for _perspective, objective in each_objective(document):
        name = {"name": _name(objective)}
        if not weight_in(objective, month):
            yield Finding("weights", objective["code"], _("%(name)s weighs nothing.") % name)
        if not objective["measures"]:
            yield Finding("objective", objective["code"], _("%(name)s has no measure.") % name)
        if len(objective["measures"]) > MOST_MEASURES:
            yield Finding("objective", objective["code"], _("%(name)s has more than 3 measures.") % name)
        if objective["name"].lower().startswith(ACTIVITIES) or objective["name_zh"].startswith(ACTIVITIES_ZH):
            yield Finding("objective", objective["code"], _("%(name)s reads like an activity: say what is to be better afterwards.") % name)


def _measures(document: Document) -> Iterator[Finding]:
    for _path, measure in each_measure(document):
        name = {"name": _name(measure)}
        if not measure["owner"]:
            yield Finding("measure", measure["code"], _("%(name)s has no owner.") % name)
        scored = measure["preset"] != Preset.UNSCORED and measure["source"] != Source.MIRROR
        if scored and not measure["targets"]:
            yield Finding("measure", measure["code"], _("%(name)s has no target.") % name)


def _links(document: Document) -> Iterator[Finding]:
    lanes = {objective["code"]: i for i, perspective in enumerate(document["perspectives"]) for objective in perspective["objectives"]}
    for link in document["links"]:
        ends = {"cause": link["from"], "effect": link["to"]}
        if lanes[link["from"]] < lanes[link["to"]]:
            sentence = _("The arrow %(cause)s → %(effect)s runs downwards, against the order of the perspectives.") % ends
            yield Finding("link", f"{link['from']} → {link['to']}", sentence, link["from"], link["to"])
    circle = _circle(document)
    if circle:
        sentence = _("These drive each other in a circle: %(circle)s.") % {"circle": " → ".join(circle)}
        yield Finding("link", f"{circle[0]} → {circle[1]}", sentence, circle[0], circle[1])


def _circle(document: Document) -> list[str]:
    """A circle of arrows, its first objective at both ends; empty where there is none."""
    effects: dict[str, set[str]] = {}
    for link in document["links"]:
        effects.setdefault(link["from"], set()).add(link["to"])
    left = dict(effects)
    while True:
        ends = {code for code, on in left.items() if not on & left.keys()}
        if not ends:
            break
        left = {code: on for code, on in left.items() if code not in ends}
    if not left:
        return []
    way = [next(iter(left))]
    while True:
        following = min(left[way[-1]] & left.keys())
        if following in way:
            return [*way[way.index(following) :], following]
        way.append(following)


def _pairs(document: Document, month: Month) -> Iterator[Finding]:
    reach = _reach(document, month)
    for pair in document["tensions"]:
        a, b = (sum(reach.get(code, 0.0) for code in pair[side]) for side in ("a", "b"))
        if a + b and max(a, b) / (a + b) > MOST_ON_A_SIDE:
            heavier = _("control") if a > b else _("service")
            told = {"name": in_language(pair.get("name", ""), pair.get("name_zh", "")) or pair["code"], "side": heavier}
            told["share"] = f"{100 * max(a, b) / (a + b):.1f}"
            sentence = _("%(name)s: %(share)s%% of the pair's weight lies on the side of %(side)s; beyond 60 it decides the matter.") % told
            yield Finding("weights", pair["code"], sentence)


def _reach(document: Document, month: Month) -> dict[str, float]:
    """The share of each measure in the whole score."""
    found: dict[str, float] = {}

    def shares(nodes: list[Document], whole: float) -> Iterator[tuple[Document, float]]:
        total = sum(weight_in(node, month) for node in nodes)
        for node in nodes:
            yield node, whole * weight_in(node, month) / total if total else 0.0

    for perspective, p in shares(document["perspectives"], 1.0):
        for objective, o in shares(perspective["objectives"], p):
            found |= {measure["code"]: m for measure, m in shares(objective["measures"], o)}
    return found
