"""What is closed, what was frozen, and what that forbids."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from organisation.models import Unit, UnitPath
from organisation.models.names import in_language
from scorecards.choices import COUNTING, CorrectionState, ReadingState, ReopeningState, Source, Window
from scorecards.models import Closing, Correction, Measure, Month, Reading, Reopening, Score, Scorecard, among
from scorecards.models.measure import due_in
from scorecards.selectors.document import Document, each_measure
from scorecards.selectors.draft import each_node, in_force, weight_in
from scorecards.selectors.score import CardScore, decode
from scorecards.selectors.status import Status
from scorecards.selectors.text import NOTHING, day_text, month_text, percent_text, reading_text, score_text, value_text

BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT c.source_id FROM scorecards_contributor c JOIN scorecards_measure m ON m.id = c.measure_id WHERE m.scorecard_id IN (%s)
    UNION SELECT c.source_id FROM scorecards_contributor c JOIN below ON c.measure_id = below.id
)
SELECT DISTINCT m.scorecard_id FROM below JOIN scorecards_measure m ON m.id = below.id WHERE m.source = 'entered'
"""
IDS_AT_ONCE = 500


def in_force_closings(cards: Iterable[int]) -> "QuerySet[Closing]":
    """The closings of these scorecards (ids) that have not been reopened."""
    return Closing.objects.filter(scorecard__among=among(list(cards)), reopened_at__isnull=True)


def is_closed(card: int, month: Month) -> bool:
    return Closing.objects.filter(scorecard=card, month=int(month), reopened_at__isnull=True).exists()


def revision_of(unit: Unit, month: Month) -> int:
    """As which revision the unit's own month is closed, 0 where it is open."""
    closed = Closing.objects.filter(scorecard__unit=unit, scorecard__officer="", month=int(month), reopened_at__isnull=True)
    return closed.values_list("revision", flat=True).first() or 0


def last_closed(card: int) -> Month | None:
    """The last closed month of the scorecard; all earlier ones of its year are closed too."""
    found = Closing.objects.filter(scorecard=card, reopened_at__isnull=True).aggregate(last=Max("month"))["last"]
    return None if found is None else Month(found)


def cards_in(unit: Unit, year: int, below: bool) -> "QuerySet[Scorecard]":
    """The scorecards of the unit and its officers, with those of all units below it if wanted."""
    units: Any = UnitPath.objects.filter(above=unit).values("below") if below else [unit.pk]
    return Scorecard.objects.filter(unit__in=units, year=year).order_by("pk")


def cards_below(cards: list[int]) -> set[int]:
    """The scorecards (ids) whose readings these rest on."""
    found: set[int] = set()
    for start in range(0, len(cards), IDS_AT_ONCE):
        ids = cards[start : start + IDS_AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(BELOW % ", ".join(["%s"] * len(ids)), ids)
            found |= {card for (card,) in cursor.fetchall()}
    return found


def frozen_document(document: Document, month: Month) -> Document:
    """What a revision keeps of a scorecard: the month's readings, the weights and points in force in it, its adjustments."""
    shown = in_force(document, month)
    shown["adjustments"] = [row for row in document["adjustments"] if row["month"] == str(month)]
    for _level, node in each_node(shown):
        node["weight"] = weight_in(node, month)
    for _path, measure in each_measure(shown):
        begun = [row for row in measure["targets"] or [] if row["from"] <= str(month)]
        measure["targets"] = begun[-1:]
        measure["readings"] = [row for row in measure["readings"] if row["month"] == str(month)]
    return shown


def reaches_into(before: Document, after: Document, last: Month) -> Iterator[tuple[str, str]]:
    """The path and sentence of whatever the newer document would change in the closed months, up to the last of them (rule book §10)."""
    months = [str(Month.of(last.year, number)) for number in range(1, last.number + 1)]
    old = {key: node for key, _path, node in _nodes(before)}
    given = {key: (path, node) for key, path, node in _nodes(after)}
    for key, node in old.items():
        if key not in given:
            reported = any(row["month"] in months for row in node.get("readings") or [])
            if reported or any(weight_in(node, Month.parse(month)) or _points_in(node, month) for month in months):
                yield "", _("%(code)s counts in closed months and cannot be left out.") % {"code": key[1]}
            continue
        path, new = given[key]
        if any(weight_in(node, Month.parse(month)) != weight_in(new, Month.parse(month)) for month in months):
            yield f"{path}.weight", _("This weight is in force in a closed month.")
        if any(_points_in(node, month) != _points_in(new, month) for month in months):
            yield f"{path}.targets", _("This target is in force in a closed month.")
        if _reported(node, months) != _reported(new, months):
            yield f"{path}.readings", _("This would change a value of a closed month.")
    if _adjusted(before, months) != _adjusted(after, months):
        yield "adjustments", _("This would change an adjustment of a closed month.")


def _nodes(document: Document) -> Iterator[tuple[tuple[str, str], str, Document]]:
    for p, perspective in enumerate(document["perspectives"]):
        yield ("perspective", perspective["code"]), f"perspectives[{p}]", perspective
        for o, objective in enumerate(perspective.get("objectives", [])):
            yield ("objective", objective["code"]), f"perspectives[{p}].objectives[{o}]", objective
            for m, measure in enumerate(objective.get("measures", [])):
                yield ("measure", measure["code"]), f"perspectives[{p}].objectives[{o}].measures[{m}]", measure


def _points_in(node: Document, month: str) -> Any:
    begun = sorted((row for row in node.get("targets") or [] if row["from"] <= month), key=lambda row: str(row["from"]))
    return [float(point) for point in begun[-1]["points"]] if begun else None


def _reported(node: Document, months: list[str]) -> list[Document]:
    rows = [{**row, **{k: float(v) for k, v in row.items() if isinstance(v, int | float)}} for row in node.get("readings") or []]
    return sorted((row for row in rows if row["month"] in months), key=lambda row: str(row["month"]))


def _adjusted(document: Document, months: list[str]) -> list[tuple[str, float, str]]:
    rows = document.get("adjustments") or []
    return sorted((row["month"], float(row["points"]), row["reason"]) for row in rows if row["month"] in months)


def corrections_waiting(cards: Iterable[int], month: Month) -> "QuerySet[Correction]":
    """Those approved that a reopening of these scorecards would write."""
    waiting = Correction.objects.filter(measure__scorecard__among=among(list(cards)), month=int(month), state=CorrectionState.APPROVED)
    return waiting.select_related("measure__scorecard__unit", "asked_by").order_by("pk")


@dataclass(frozen=True)
class MonthRow:
    """A month of a unit with those below it. state: open, due (over and past the deadline), closed, partly or none."""

    month: Month
    text: str
    state: str
    deadline: str
    cards: int
    closed: int
    due: int
    reported: int
    verified: int
    drafts: int
    returned: int
    revisions: int
    reopening: Reopening | None
    may_close: bool

    @property
    def completeness(self) -> str:
        return percent_text(self.reported / self.due if self.due else None)

    @property
    def missing(self) -> int:
        return max(0, self.due - self.reported - self.drafts - self.returned)

    @property
    def unverified(self) -> int:
        return self.reported - self.verified


@dataclass(frozen=True)
class UnitRow:
    """What one unit lacks in a month."""

    unit: Unit
    due: int
    reported: int
    verified: int
    drafts: int
    closed: bool

    @property
    def completeness(self) -> str:
        return percent_text(self.reported / self.due if self.due else None)


def months_table(unit: Unit, year: int, today: date) -> list[MonthRow]:
    """The months of the year, the latest that has begun first. A fixed number of queries."""
    cards = list(cards_in(unit, year, below=True))
    if not cards:
        return []
    counted = _counts(dict.fromkeys((card.pk for card in cards), 0), Month.of(year, 1), Month.of(year, 12))
    closings = Closing.objects.filter(scorecard__among=among([card.pk for card in cards])).order_by()
    in_force = dict(closings.filter(reopened_at__isnull=True).values("month").annotate(n=Count("pk")).values_list("month", "n"))
    revisions = dict(closings.values("month").annotate(n=Max("revision")).values_list("month", "n"))
    asked = {int(row.month): row for row in Reopening.objects.filter(unit=unit, state=ReopeningState.ASKED).select_related("asked_by")}
    own = next((card for card in cards if card.unit_id == unit.pk and not card.officer), cards[0])
    rows = []
    last = min(Month.of(year, 12), Month.of_day(today))
    for month in (Month(at) for at in range(last, Month.of(year, 1) - 1, -1)):
        closed, found = in_force.get(int(month), 0), counted[0, int(month)]
        over = month < Month.of_day(today)
        late = today > own.deadline_of(month)
        state = "closed" if closed == len(cards) else "partly" if closed else "due" if over and late else "open"
        rows.append(
            MonthRow(
                month=month,
                text=month_text(month),
                state=state,
                deadline=day_text(own.deadline_of(month)),
                cards=len(cards),
                closed=closed,
                due=found.due,
                reported=found.reported,
                verified=found.verified,
                drafts=found.drafts,
                returned=found.returned,
                revisions=revisions.get(int(month), 0),
                reopening=asked.get(int(month)),
                may_close=over and closed < len(cards),
            )
        )
    return rows


def units_table(unit: Unit, month: Month, text: str) -> list[UnitRow]:
    """The units right below (each with all below it), and the unit's own scorecards, with what the month lacks. A fixed number of
    queries."""
    cards = list(cards_in(unit, month.year, below=True))
    closed = set(in_force_closings(card.pk for card in cards).filter(month=int(month)).values_list("scorecard", flat=True))
    children = list(unit.children.order_by("code"))
    branch = dict(UnitPath.objects.filter(above__in=children).values_list("below", "above"))
    group_of = {card.pk: branch.get(card.unit_id, unit.pk) for card in cards}
    counted = _counts(group_of, month, month)
    rows = []
    for one in [unit, *children]:
        own = [card.pk for card in cards if group_of[card.pk] == one.pk]
        if own and text.casefold() in f"{one.code} {one.name} {one.name_zh}".casefold():
            found = counted[one.pk, int(month)]
            rows.append(UnitRow(one, found.due, found.reported, found.verified, found.drafts, all(pk in closed for pk in own)))
    return rows


@dataclass
class _Counts:
    due: int = 0
    reported: int = 0
    verified: int = 0
    drafts: int = 0
    returned: int = 0


def _counts(group_of: dict[int, int], first: Month, last: Month) -> dict[tuple[int, int], _Counts]:
    """By group and month: how many readings are due on the scorecards (ids) of the group, and how many there are. Two queries."""
    found: dict[tuple[int, int], _Counts] = defaultdict(_Counts)
    measures = Measure.objects.filter(scorecard__among=among(group_of), source=Source.ENTERED).order_by()
    shapes = measures.values("scorecard", "frequency", "due_from", "due_until").annotate(n=Count("pk"))
    for shape in shapes:
        first_due, last_due = (None if at is None else Month(at) for at in (shape["due_from"], shape["due_until"]))
        for month in (Month(at) for at in range(first, last + 1)):
            if due_in(shape["frequency"], first_due, last_due, month):
                found[group_of[shape["scorecard"]], int(month)].due += shape["n"]
    readings = Reading.objects.filter(measure__scorecard__among=among(group_of), month__gte=int(first), month__lte=int(last)).order_by()
    rows = readings.values("measure__scorecard", "month", "state").annotate(n=Count("pk"))
    for card, number, state, n in rows.values_list("measure__scorecard", "month", "state", "n"):
        counts = found[group_of[card], int(number)]
        counts.reported += n if state in COUNTING else 0
        counts.verified += n if state == ReadingState.VERIFIED else 0
        counts.drafts += n if state == ReadingState.DRAFT else 0
        counts.returned += n if state == ReadingState.RETURNED else 0
    return found


def open_months_to_close(units: list[Unit], today: date) -> list[tuple[Scorecard, Month]]:
    """For each of the units with a scorecard its first open month, of this year or the last, whose deadline has passed."""
    years = [today.year - 1, today.year]
    cards = Scorecard.objects.filter(unit__in=units, officer="", year__in=years).select_related("unit").order_by("unit", "year")
    last = dict(
        Closing.objects.filter(scorecard__in=cards, reopened_at__isnull=True)
        .order_by()
        .values("scorecard")
        .annotate(last=Max("month"))
        .values_list("scorecard", "last")
    )
    found: dict[int, tuple[Scorecard, Month]] = {}
    for card in cards:
        month = Month(last[card.pk]) + 1 if card.pk in last else Month.of(card.year, 1)
        if month.year == card.year and today > card.deadline_of(month):
            found.setdefault(card.unit_id, (card, month))
    return list(found.values())


@dataclass(frozen=True)
class RevisionCell:
    """One measure in one revision."""

    value: str
    score: str
    status: Status | None
    reading: str


@dataclass(frozen=True)
class RevisionRow:
    """One measure in all revisions. differs: whether they do not all say the same."""

    code: str
    names: tuple[str, str]
    cells: list[RevisionCell | None]
    differs: bool

    @property
    def label(self) -> str:
        return in_language(*self.names)


@dataclass(frozen=True)
class Revision:
    """closing: its row; score, status: of the whole scorecard in the month."""

    closing: Closing
    score: str
    status: Status
    corrections: list[Correction]


def revisions(card: Scorecard, month: Month) -> tuple[list[Revision], list[RevisionRow]]:
    """All revisions of a scorecard's month side by side."""
    closings = list(
        Closing.objects.filter(scorecard=card, month=int(month)).select_related("closed_by", "reopening__asked_by", "reopening__decided_by")
    )
    rows = Score.objects.filter(scorecard=card, period=int(month), window=Window.MONTH, published_as__gt=0).select_related("layout")
    scores = {row.published_as: decode(row) for row in rows}
    applied = list(
        Correction.objects.filter(measure__scorecard=card, month=int(month), state=CorrectionState.APPLIED).select_related(
            "measure", "asked_by"
        )
    )
    heads = [
        Revision(
            one,
            score_text(scores[one.revision].score),
            scores[one.revision].status,
            applied if one.reopened_at is None and one.revision > 1 else [],
        )
        for one in closings
        if one.revision in scores
    ]
    measures: dict[str, tuple[str, str]] = {}
    readings: dict[tuple[int, str], str] = {}
    for one in closings:
        for _path, measure in each_measure(one.frozen):
            measures[measure["code"]] = (measure["name"], measure["name_zh"])
            readings[one.revision, measure["code"]] = _reading_text(measure["readings"])
    found = []
    for code, names in measures.items():
        cells = [_revision_cell(scores[head.closing.revision], code, readings.get((head.closing.revision, code), "")) for head in heads]
        told = {(cell.value, cell.score, cell.reading) if cell else None for cell in cells}
        if told <= {None, (NOTHING, NOTHING, "")}:
            continue
        found.append(RevisionRow(code, names, cells, len(told) > 1))
    return heads, sorted(found, key=lambda row: not row.differs)


def _revision_cell(scores: CardScore, code: str, reading: str) -> RevisionCell | None:
    node = scores.measures.get(code)
    if node is None:
        return None
    return RevisionCell(value_text(node.value), score_text(node.score), node.status if node.score is not None else None, reading)


def _reading_text(readings: list[Document]) -> str:
    return reading_text(readings[0]) if readings else ""
