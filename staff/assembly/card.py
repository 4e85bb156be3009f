"""An officer's scorecard as a page: the sentence, the measures, the way from them up to the unit's strategy."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from organisation.access import units_for
from organisation.models import User
from scorecards.choices import ReadingState, Window
from scorecards.models import Evidence, Measure, Month, Objective, Reading, Scorecard
from scorecards.permissions import VIEW_SCORECARD, VIEW_STAFF
from scorecards.selectors.entry import default_entry_month
from scorecards.selectors.moment import moment
from scorecards.selectors.score import CardScore, NodeScore, months_up_to, reason_in, series, status_in, trend
from scorecards.selectors.status import Status
from scorecards.selectors.text import goal_text, month_text, score_text, value_text
from scoring.plan import FULL_MARKS
from staff.assembly.result import Result, results
from staff.choices import LineKind
from staff.models import Absence, Agreement, Line, Talk
from staff.selectors.agreement import latest
from staff.selectors.talk import improvements_open, last_held, next_due, planned


@dataclass(frozen=True)
class LineRow:
    """One measure. objective: the unit's objective that it carries; weight: of the whole scorecard, in percent; points: what it brings."""

    measure: Measure
    kind: str
    objective: str
    above: str
    share: str
    weight: str
    target: str
    value: str
    status: Status
    score: str
    points: str
    lost: float
    reason: str
    state: str
    files: int


@dataclass(frozen=True)
class Step:
    """One step of the chain from the officer up. status: None where a step has a value alone; reachable: the reader may go there."""

    level: str
    name: str
    value: str
    status: Status | None
    url_name: str
    url_code: Any
    reachable: bool


@dataclass(frozen=True)
class CardPage:
    """card: the last one of the period within the reader's reach, None where there is none. reach: units (ids), None: all."""

    person: User
    period: Month
    period_text: str
    window: str
    window_label: str
    result: Result
    card: Scorecard | None
    sentence: str
    rows: list[LineRow]
    total: str
    line: list[float | None]
    chain: list[Step]
    agreement: Agreement | None
    talk: Talk | None
    talk_due: date | None
    improvements: list[Any]
    entry_due: date | None
    entry_missing: int
    absent: list[Absence]
    reach: set[int] | None


def card_page(person: User, period: Month, window: str, today: date, reader: User) -> CardPage:
    """A fixed number of queries. reader: who looks, and finds the score of all parts, and the measures of those within reach."""
    result = results([person], period, period.opening(window), window)[person.pk]
    reach = None if reader.pk == person.pk else set(units_for(reader, VIEW_STAFF).values_list("pk", flat=True))
    part = next((one for one in reversed(result.parts) if one.card and (reach is None or one.unit.pk in reach)), None)
    card = part.card if part else _any_card(person, period.year, reach)
    row = part.row if part else None
    lines = _lines(card)
    rows = list(_rows(card, row, lines, period, window, today)) if card else []
    own = trend(card.unit, period, Window.MONTH, officer=card.officer) if card else {}
    agreement = latest([card.pk]).get(card.pk) if card else None
    entry = _entry(card, today) if card else (None, 0)
    return CardPage(
        person=person,
        period=period,
        period_text=month_text(period),
        window=window,
        window_label=str(Window(window).label),
        result=result,
        card=card,
        sentence=_sentence(result, rows),
        rows=rows,
        total=score_text(row.score if row else None),
        line=series(own, months_up_to(period), lambda one: one.score),
        chain=_chain(card, rows, lines, period, window, reader) if card else [],
        agreement=agreement,
        talk=planned([person.pk]).get(person.pk),
        talk_due=next_due(last_held([person.pk]).get(person.pk), result.current.first) if result.current else None,
        improvements=list(improvements_open(person, None if reach is None else units_for(reader, VIEW_STAFF))[:5]),
        entry_due=entry[0],
        entry_missing=entry[1],
        reach=reach,
        absent=list(Absence.objects.filter(person=person, until_date__gte=today)[:3]),
    )


def _any_card(person: User, year: int, reach: set[int] | None) -> Scorecard | None:
    found = Scorecard.objects.filter(officer=person.username, year=year).select_related("unit").order_by("-pk")
    return next((card for card in found if reach is None or card.unit_id in reach), None)


def _lines(card: Scorecard | None) -> dict[str, Line]:
    found = Line.objects.filter(measure__scorecard=card).select_related("above__unit", "measure") if card else []
    return {line.measure.code: line for line in found}


def _entry(card: Scorecard, today: date) -> tuple[date | None, int]:
    """The deadline of the month that is being entered, and how many values it lacks."""
    month = default_entry_month(card.unit, today, card.officer)
    if month.year != card.year or month > Month.of_day(today):
        return None, 0
    due = {measure.pk for measure in card.measures.all() if measure.is_due_in(month)}
    there = Reading.objects.filter(measure__in=due, month=int(month)).exclude(state=ReadingState.DRAFT).count()
    return (card.deadline_of(month), len(due) - there) if len(due) > there else (None, 0)


def _rows(card: Scorecard, row: CardScore | None, lines: dict[str, Line], period: Month, window: str, today: date) -> Iterator[LineRow]:
    measures = list(card.measures.select_related("objective__perspective", "scorecard__unit"))
    objectives = {
        (one.scorecard_id, one.code): one for one in Objective.objects.filter(scorecard__in={line.above_id for line in lines.values()})
    }
    readings = {one.measure_id: one for one in Reading.objects.filter(measure__in=measures, month=int(period))}
    counted = Evidence.objects.filter(measure__in=measures).order_by().values("measure").annotate(n=Count("pk"))
    files = dict(counted.values_list("measure", "n"))
    at = moment(card, period, window, today)
    for measure in measures:
        node, line, share = row.measures.get(measure.code) if row else None, lines.get(measure.code), _share(row, measure)
        cited = objectives.get((line.above_id, line.objective)) if line else None
        reading = readings.get(measure.pk)
        yield LineRow(
            measure=measure,
            kind=str(LineKind(line.kind).label) if line else "",
            objective=(cited or measure.objective).label,
            above=line.above.unit.code if line else "",
            share=f"{line.share:g}%" if line and line.share is not None else "",
            weight=f"{round(share, 1):g}%" if share is not None else "–",
            target=goal_text(*node.goal) if node else "–",
            value=value_text(node.value if node else None),
            status=status_in(node, measure, at),
            score=score_text(node.score if node else None),
            points=score_text(share * node.score / FULL_MARKS if node and node.score is not None and share is not None else None),
            lost=node.lost if node else 0.0,
            reason=reason_in(node),
            state=str(reading.get_state_display()) if reading else "",
            files=files.get(measure.pk, 0),
        )


def _share(row: CardScore | None, measure: Measure) -> float | None:
    """Of the whole scorecard, in percent."""
    if row is None:
        return None
    nodes = [
        row.measures.get(measure.code),
        row.objectives.get(measure.objective.code),
        row.perspectives.get(measure.objective.perspective.code),
    ]
    share = 100.0
    for node in nodes:
        share *= float(node.weight) / 100 if node else 0.0
    return share


def _sentence(result: Result, rows: list[LineRow]) -> str:
    if result.too_short:
        return _("The service in this period is too short for a score: %(served)d of %(span)d days.") % {
            "served": result.served,
            "span": result.span,
        }
    if result.score is None:
        return _("There is no score yet.")
    told = _("The score is %(score)s so far.") % {"score": result.score_text}
    worst = max(rows, key=lambda row: row.lost, default=None)
    more = _("Every target is reached.")
    if worst is not None and worst.lost > 0:
        more = _("Most is lost with %(name)s (%(lost)s points).") % {"name": worst.measure.label, "lost": score_text(worst.lost)}
    return f"{told} {more}"


def _chain(card: Scorecard, rows: list[LineRow], lines: dict[str, Line], period: Month, window: str, reader: User) -> list[Step]:
    """From the contributory measure that loses most (else the first one that cites a measure above) up to the unit's perspective."""
    cited = [one for one in rows if one.measure.code in lines and lines[one.measure.code].parent]
    if not cited:
        return []
    first = max(cited, key=lambda one: (lines[one.measure.code].kind == LineKind.CONTRIBUTORY, one.lost))
    line, measure = lines[first.measure.code], first.measure
    units = [card.unit] if card.unit_id != line.above.unit_id else []
    units.append(line.above.unit)
    seen = set(units_for(reader, VIEW_SCORECARD).filter(pk__in=[unit.pk for unit in units]).values_list("code", flat=True))
    steps = [
        Step(
            _("Me"), measure.label, f"{first.value} {measure.unit}".strip(), first.status, "scorecards:measure", measure.pk, reachable=True
        )
    ]
    scores = None
    for unit in units:
        scores = trend(unit, period, window, months=1).get(period)
        node = scores.measures.get(line.parent) if scores else None
        if node:
            value = f"{value_text(node.value)} {measure.unit}".strip()
            steps.append(
                Step(unit.label, measure.label, value, node.status, "scorecards:dashboard", unit.code, reachable=unit.code in seen)
            )
    return [*steps, *_strategy(line, scores, reachable=line.above.unit.code in seen)]


def _strategy(line: Line, scores: CardScore | None, *, reachable: bool) -> list[Step]:
    found = Objective.objects.select_related("perspective").filter(scorecard=line.above, code=line.objective).first()
    if found is None:
        return []
    objective = scores.objectives.get(found.code) if scores else None
    perspective = scores.perspectives.get(found.perspective.code) if scores else None
    code = line.above.unit.code
    return [
        Step(_("Objective of the unit"), found.label, *_told(objective), "scorecards:tree", code, reachable=reachable),
        Step(_("Perspective"), found.perspective.label, *_told(perspective), "scorecards:map", code, reachable=reachable),
    ]


def _told(node: NodeScore | None) -> tuple[str, Status | None]:
    return (score_text(node.score), node.status) if node else ("–", None)
