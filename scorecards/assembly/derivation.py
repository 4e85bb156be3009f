"""The derivation of a scorecard's and its nodes' scores, as data and in words (rule book §8)."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from scorecards.assembly.cache import load_kept
from scorecards.assembly.explanation import Explanation, explain_in, measure_names, parts_of, together
from scorecards.assembly.load import Loaded
from scorecards.assembly.publish import band_name, score_cells
from scorecards.choices import AdjustmentState, Window
from scorecards.models import Adjustment, Contributor, Measure, Month, Scorecard
from scorecards.selectors.closing import revision_of
from scorecards.selectors.moment import Marks, marks_of
from scorecards.selectors.score import FULL_MARKS, veto_text
from scorecards.selectors.status import Status, status_of
from scorecards.selectors.text import NOTHING, exact_percent_text, input_text, month_text, percent_text, score_text, signed_text
from scoring.explain import CardDerivation, NodeDerivation, derive, derive_card, derive_node, number
from scoring.numbers import fraction
from scoring.plan import Results


@dataclass(frozen=True)
class ChildRow:
    """A line of the sum: weight as given, among all siblings, among those with a score, and the points that it brings."""

    code: str
    name: str
    weight: str
    share: str
    counted: str
    score: str
    points: str
    completeness: str
    status: Status
    level: str


@dataclass(frozen=True)
class DerivationPage:
    """One sheet. trail: the nodes above and the node itself, as pairs of level and code with a name; adjustments: of the window;
    adjusted: their sum before the limit."""

    scorecard: Scorecard
    period: Month
    window: str
    period_text: str
    window_label: str
    level: str
    title: str
    trail: list[tuple[str, str, str]]
    children: list[ChildRow]
    score: str
    exact: str
    completeness: str
    minimum: str
    status: Status
    base: str
    adjustment: str
    limit: str
    adjustments: list[tuple[str, str, str]]
    adjusted: str
    cap: str
    vetoes: list[str]
    measure: Measure | None
    explanation: Explanation | None
    computed_on: date


LEVELS = ("perspectives", "objectives", "measures")


def derivation_page(scorecard: Scorecard, period: Month, window: str, level: str, code: str, today: date) -> DerivationPage | None:
    """level: card, perspective, objective or measure; code: of the node. None where there is no such node."""
    sheet = _Sheet(scorecard, period, window, today)
    if level == "measure":
        return sheet.of_measure(code)
    return sheet.of_card() if level == "card" else sheet.of_node(level, code)


def derivation_document(scorecard: Scorecard, period: Month, window: str, today: date) -> dict[str, Any]:
    """The whole derivation as data: the card, its perspectives and objectives, and every measure with its readings and points, and with
    its rule and what that is applied to. It redoes the sum from what is stored today; revision: as which the period is closed, with the
    scores that were published then (0: it is open)."""
    sheet = _Sheet(scorecard, period, window, today)
    loaded, results = sheet.loaded, sheet.results
    why = marks_of(scorecard, period, window)
    total = derive_card(loaded.plan, results, 0)
    return {
        "unit": scorecard.unit.code,
        "officer": scorecard.officer or None,
        "period": str(period),
        "window": str(Window(window)),
        "revision": revision_of(scorecard, period),
        "card": _data(asdict(total), sheet.codes("perspectives")),
        "perspectives": {
            n.code: _data(asdict(sheet.node("perspective", i)), sheet.codes("objectives")) for i, n in sheet.each("perspectives")
        },
        "objectives": {n.code: _data(asdict(sheet.node("objective", i)), sheet.codes("measures")) for i, n in sheet.each("objectives")},
        "measures": {
            n.code: {**_excused(n.code, _data(asdict(derive(loaded.plan, loaded.facts, results, i)), []), why), **sheet.rule(n)}
            for i, n in sheet.each("measures")
        },
        "adjustments": [{"month": str(row.month), "points": row.points, "reason": row.reason} for row in sheet.adjustments()],
    }


def _data(derived: dict[str, Any], codes: list[str]) -> dict[str, Any]:
    """Codes instead of places, months as they are written, names of reasons."""
    node = derived.get("base", derived)
    if isinstance(node, dict):
        for child in node.get("children", []):
            child["code"] = codes[child.pop("index")]
    if "reason" in derived:
        derived["reason"] = derived["reason"].name.lower()
        derived["months"] = [{**month, "month": str(Month(month["month"]))} for month in derived["months"]]
    return derived


def _excused(code: str, told: dict[str, Any], why: Marks) -> dict[str, Any]:
    """With the reason of each month that is not applicable."""
    for month in told["months"]:
        if month["excused"]:
            month["not_applicable"] = why.get((code, Month.parse(month["month"])), "")
    return told


def _told(row: Adjustment) -> str:
    return f"{row.item.label}: {row.reason}" if row.item else row.reason


class _Sheet:
    """A scored scorecard with the rows behind its places."""

    def __init__(self, scorecard: Scorecard, period: Month, window: str, today: date) -> None:
        self.scorecard, self.period, self.window, self.today = scorecard, period, window, today
        self.loaded: Loaded = load_kept(scorecard)
        self.results: Results = score_cells(self.loaded, [(period, window)], today)
        self.cap = number(self.results.cap[0])
        self.rows: dict[str, dict[int, Any]] = {
            "perspectives": {node.pk: node for node in scorecard.perspectives.all()},
            "objectives": {node.pk: node for node in scorecard.objectives.select_related("perspective")},
            "measures": {node.pk: node for node in scorecard.measures.select_related("objective__perspective").prefetch_related("targets")},
        }

    def each(self, level: str) -> list[tuple[int, Any]]:
        """The places of the scorecard's own nodes, with the nodes."""
        ids = getattr(self.loaded, level).tolist()
        return [(i, self.rows[level][pk]) for i, pk in enumerate(ids) if pk in self.rows[level]]

    def codes(self, level: str) -> list[str]:
        return [node.code for _i, node in self.each(level)]

    def rule(self, measure: Measure) -> dict[str, Any]:
        """How the measure comes about; the parts of a computed one with their values, officers' together."""
        told = {name: getattr(measure, name) or None for name in ("source", "method", "factor", "formula", "across")}
        if measure.is_entered:
            return told
        parts, staff = parts_of(self.loaded, self.results, measure, self.sources[measure.pk])
        return {
            **told,
            "parts": [{name: getattr(part, name) for name in ("code", "name", "value", "dividend", "divisor")} for part in parts],
            "officers": asdict(together(measure, staff)),
        }

    @cached_property
    def sources(self) -> dict[int, list[Measure]]:
        """What each computed measure is computed from."""
        found: dict[int, list[Measure]] = defaultdict(list)
        wanted = Contributor.objects.filter(measure__scorecard=self.scorecard).select_related("source__scorecard__unit")
        for row in wanted.order_by("measure", "position"):
            found[row.measure_id].append(row.source)
        return found

    def node(self, level: str, place: int) -> NodeDerivation:
        plan, results = self.loaded.plan, self.results
        if level == "perspective":
            return derive_node(results.perspectives, results.objectives, plan.perspective_of, place)
        return derive_node(results.objectives, results.measures, plan.objective_of, place)

    def adjustments(self) -> list[Adjustment]:
        inside = self.scorecard.adjustments.filter(month__gte=int(self.period.opening(self.window)), month__lte=int(self.period))
        return list(inside.filter(state=AdjustmentState.APPROVED).select_related("item").order_by("month", "pk"))

    def capping(self) -> list[Measure]:
        """The measures whose veto holds."""
        scores = self.results.measures.score
        return [node for i, node in self.each("measures") if node.veto_cap == self.cap is not None and scores[i] < FULL_MARKS]

    def status(self, band: int) -> Status:
        names = self.loaded.bands[0]
        return status_of(band_name(band, names), names)

    def of_card(self) -> DerivationPage:
        total = derive_card(self.loaded.plan, self.results, 0)
        return self._page("card", _("Scorecard"), [], self._rows(total.base, "perspectives"), total)

    def of_node(self, level: str, code: str) -> DerivationPage | None:
        below = {"perspective": "objectives", "objective": "measures"}[level]
        found = [(i, node) for i, node in self.each(f"{level}s") if node.code == code]
        if not found:
            return None
        place, node = found[0]
        return self._page(level, node.label, self._trail(level, node), self._rows(self.node(level, place), below), self.node(level, place))

    def of_measure(self, code: str) -> DerivationPage | None:
        found = [(i, node) for i, node in self.each("measures") if node.code == code]
        if not found:
            return None
        place, measure = found[0]
        measure.scorecard = self.scorecard
        derived = derive(self.loaded.plan, self.loaded.facts, self.results, place)
        node = NodeDerivation([], derived.score, derived.completeness, int(self.results.measures.band[place]))
        explanation = explain_in(self.loaded, self.results, measure, measure_names(measure), self.today)
        return self._page("measure", measure.label, self._trail("measure", measure), [], node, measure, explanation)

    def _trail(self, level: str, node: Any) -> list[tuple[str, str, str]]:
        objective = node.objective if level == "measure" else node
        perspective = node if level == "perspective" else objective.perspective
        way = [("perspective", perspective), ("objective", objective), ("measure", node)][: LEVELS.index(f"{level}s") + 1]
        return [(kind, one.code, one.label) for kind, one in way]

    def _rows(self, derived: NodeDerivation, level: str) -> list[ChildRow]:
        nodes = dict(self.each(level))
        return [
            ChildRow(
                code=nodes[child.index].code,
                name=nodes[child.index].label,
                weight=input_text(child.weight),
                share=f"{child.share:.4f}%",
                counted=f"{child.counted_share:.4f}%" if child.score is not None else NOTHING,
                score=input_text(child.score) or NOTHING,
                points=f"{child.counted_share * child.score / 100:.6f}" if child.score is not None else NOTHING,
                completeness=exact_percent_text(child.completeness),
                status=self.status(child.band),
                level=level.removesuffix("s"),
            )
            for child in derived.children
        ]

    def _page(
        self,
        level: str,
        title: str,
        trail: list[tuple[str, str, str]],
        children: list[ChildRow],
        found: NodeDerivation | CardDerivation,
        measure: Measure | None = None,
        explanation: Explanation | None = None,
    ) -> DerivationPage:
        total = found if isinstance(found, CardDerivation) else None
        rows = self.adjustments() if total else []
        return DerivationPage(
            scorecard=self.scorecard,
            period=self.period,
            window=self.window,
            period_text=month_text(self.period),
            window_label=str(Window(self.window).label),
            level=level,
            title=str(title),
            trail=trail,
            children=children,
            score=score_text(found.score),
            exact=input_text(found.score) or NOTHING,
            completeness=exact_percent_text(found.completeness),
            minimum=percent_text(self.scorecard.minimum_completeness),
            status=self.status(found.band),
            base=input_text(total.base.score if total else found.score) or NOTHING,
            adjustment=signed_text(total.adjustment) if total else "",
            limit=input_text(total.limit) if total else "",
            adjustments=[(month_text(row.month), signed_text(row.points), _told(row)) for row in rows],
            adjusted=signed_text(float(sum(fraction(row.points) for row in rows))),
            cap=input_text(total.cap) if total else "",
            vetoes=[veto_text(node, self.cap) for node in self.capping() if total or measure == node],
            measure=measure,
            explanation=explanation,
            computed_on=self.today,
        )
