"""The scores of one scorecard as the document that `scores --json` prints (rule book §10), numbers unrounded."""

from datetime import date
from typing import Any

from scorecards.assembly.cache import load_kept
from scorecards.assembly.layout import card_slices, codes_of
from scorecards.assembly.load import Loaded
from scorecards.assembly.publish import band_name, score_cells
from scorecards.choices import Window
from scorecards.models import Month, Score, Scorecard
from scorecards.selectors.closing import is_closed
from scorecards.selectors.score import NodeScore, decode
from scoring.explain import number
from scoring.plan import Level, Reason, Results

Document = dict[str, Any]


def scores_document(scorecard: Scorecard, period: Month, window: str, today: date, *, live: bool = False) -> Document:
    """The revision of a closed period; a new computation from the source rows where it is open, or if live. window: month, quarter or
    year."""
    if not live and is_closed(scorecard.pk, period):
        return _published(scorecard, period, window)
    loaded = load_kept(scorecard)
    results = score_cells(loaded, [(period, Window(window))], today)
    return {
        "unit": scorecard.unit.code,
        "officer": scorecard.officer or None,
        "period": str(period),
        "window": str(Window(window)),
        "score": number(results.score[0]),
        "base": number(results.base[0]),
        "adjustment": float(results.adjustment[0]),
        "completeness": number(results.completeness[0]),
        "band": band_name(int(results.band[0]), loaded.bands[0]),
        "perspectives": _tree(loaded, results),
    }


def _published(scorecard: Scorecard, period: Month, window: str) -> Document:
    row = Score.objects.select_related("layout").get(scorecard=scorecard, period=int(period), window=window, revision=0)
    card, nodes = decode(row), row.layout.nodes
    levels = [
        [{"code": entry["code"], "weight": entry["share"], **_scored(found[entry["code"]])} for entry in nodes[level]]
        for level, found in (("perspectives", card.perspectives), ("objectives", card.objectives), ("measures", card.measures))
    ]
    perspectives, objectives, measures = levels
    for level, children, name in ((objectives, measures, "measures"), (perspectives, objectives, "objectives")):
        for parent in level:
            parent[name] = []
        for child, entry in zip(children, nodes[name], strict=True):
            level[entry["parent"]][name].append(child)
    for measure in measures:
        node = card.measures[measure["code"]]
        both = node.value is not None and node.score is not None
        measure |= {"value": node.value, "reason": None if both or node.reason is None else str(node.reason.value)}
    return {
        "unit": scorecard.unit.code,
        "officer": scorecard.officer or None,
        "period": str(period),
        "window": str(Window(window)),
        **{name: getattr(row, name) for name in ("score", "base", "adjustment", "completeness", "band")},
        "perspectives": perspectives,
    }


def _scored(node: NodeScore) -> Document:
    return {"score": node.score, "completeness": node.completeness, "band": node.band}


def _tree(loaded: Loaded, results: Results) -> list[Document]:
    plan = loaded.plan
    place = card_slices(loaded, 1)[0]
    levels = (loaded.perspectives[place.perspectives], loaded.objectives[place.objectives], loaded.measures[place.measures])
    own = [[codes[pk] for pk in ids.tolist()] for codes, ids in zip(codes_of(loaded), levels, strict=True)]
    perspectives = [_node(loaded, results.perspectives, code, i) | {"objectives": []} for i, code in enumerate(own[0])]
    objectives = [_node(loaded, results.objectives, code, i) | {"measures": []} for i, code in enumerate(own[1])]
    for i, objective in enumerate(objectives):
        perspectives[plan.perspective_of[i]]["objectives"].append(objective)
    for i, code in enumerate(own[2]):
        objectives[plan.objective_of[i]]["measures"].append(_measure(loaded, results, code, i))
    return perspectives


def _node(loaded: Loaded, level: Level, code: str, i: int) -> Document:
    return {
        "code": code,
        "weight": float(level.share[i]),
        "score": number(level.score[i]),
        "completeness": number(level.completeness[i]),
        "band": band_name(int(level.band[i]), loaded.bands[0]),
    }


def _measure(loaded: Loaded, results: Results, code: str, i: int) -> Document:
    node = _node(loaded, results.measures, code, i)
    value, reason = number(results.value[i]), Reason(int(results.reason[i]))
    return {
        "code": code,
        "weight": node["weight"],
        "value": value,
        "score": node["score"],
        "completeness": node["completeness"],
        "band": node["band"],
        "reason": None if value is not None and node["score"] is not None else reason.name.lower(),
    }
