"""Whether the parts of a unit's measure add up to the whole, and what nobody carries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from organisation.models import Unit, User
from scorecards.choices import COUNTED_STATES, DIVIDED_METHODS, Counts, Method, Source, Window
from scorecards.models import Measure, Month, Reading, Scorecard
from scorecards.models.measure import due_in
from scorecards.selectors.score import trend
from scorecards.selectors.text import input_text, month_text, short_month_text, value_text
from staff.choices import SMALLEST, WHOLE, LineKind
from staff.models import Line


def lines_of(above: Scorecard, code: str) -> "QuerySet[Line]":
    """The officers' lines that carry a part of the measure of that code, by unit and officer."""
    found = Line.objects.filter(above=above, parent=code, kind=LineKind.CONTRIBUTORY).select_related("measure__scorecard__unit")
    return found.order_by("measure__scorecard__unit__code", "measure__scorecard__officer")


def assigned(above: Scorecard, codes: Iterable[str], month: Month) -> dict[str, float]:
    """How much of each measure is carried in that month, in percent."""
    codes = list(codes)
    rows = Line.objects.filter(above=above, parent__in=codes, kind=LineKind.CONTRIBUTORY).filter(_due("measure__", month))
    found = dict(rows.order_by().values("parent").annotate(total=Sum("share")).values_list("parent", "total"))
    return {code: found.get(code) or 0.0 for code in codes}


def _due(path: str, month: Month) -> Q:
    begun = Q(**{f"{path}due_from__isnull": True}) | Q(**{f"{path}due_from__lte": int(month)})
    return begun & (Q(**{f"{path}due_until__isnull": True}) | Q(**{f"{path}due_until__gte": int(month)}))


@dataclass(frozen=True)
class PartRow:
    """One officer's part. due: in this month; typed: what counts of the month."""

    line: Line
    unit: Unit
    person: User | None
    officer: str
    due: bool
    share: float
    target: str
    typed: str


@dataclass(frozen=True)
class UnitSum:
    """A unit's officers together. share: in percent; typed: their values added up."""

    unit: Unit
    rows: list[PartRow]
    share: float
    typed: str


@dataclass(frozen=True)
class MonthSum:
    """How much of the whole is carried in one month, in percent."""

    month: Month
    label: str
    carried: float

    @property
    def balanced(self) -> bool:
        return abs(self.carried - WHOLE) < SMALLEST


@dataclass(frozen=True)
class Check:
    """assigned, rest: in percent (rest below 0: more than the whole is given away). whole: what the unit itself says of the month, parts:
    what its officers say together, difference: between them, empty where they agree or one is missing. tied: the unit's measure is the sum
    of its parts."""

    measure: Measure
    month_text: str
    units: list[UnitSum]
    assigned: float
    rest: float
    tied: bool
    whole: str
    parts: str
    difference: str
    number: int
    months: list["MonthSum"]

    @property
    def balanced(self) -> bool:
        return abs(self.rest) < SMALLEST

    @property
    def over(self) -> float:
        return -self.rest


def check(above: Scorecard, measure: Measure, month: Month, shown: set[int] | None = None) -> Check:
    """A fixed number of queries. shown: the lines (ids) of which there are rows, None: all; sums are of all lines."""
    lines = list(lines_of(above, measure.code).prefetch_related("measure__targets"))
    readings = {row.measure_id: row for row in _counting(above, [line.measure_id for line in lines], month)}
    people = {one.username: one for one in User.objects.filter(username__in=[line.measure.scorecard.officer for line in lines])}
    units: dict[int, list[PartRow]] = defaultdict(list)
    for line in lines:
        card, part = line.measure.scorecard, line.measure
        units[card.unit_id].append(
            PartRow(
                line=line,
                unit=card.unit,
                person=people.get(card.officer),
                officer=card.officer,
                due=due_in(part.frequency, part.due_from, part.due_until, month),
                share=line.share or 0.0,
                target=_target(part, month),
                typed=_text([readings[part.pk]] if part.pk in readings else [], measure),
            )
        )
    counted = [readings[line.measure_id] for line in lines if line.measure_id in readings]
    given = sum(row.share for rows in units.values() for row in rows if row.due)
    own = None if measure.source == Source.ROLLUP else Reading.objects.filter(measure=measure, month=int(month)).first()
    return Check(
        measure=measure,
        month_text=month_text(month),
        units=[_unit(rows, readings, measure, shown) for rows in units.values()],
        assigned=round(given, 2),
        rest=round(WHOLE - given, 2),
        tied=measure.source == Source.ROLLUP,
        whole=_published(above, measure, month) if measure.source == Source.ROLLUP else _text([own] if own else [], measure),
        parts=_text(counted, measure),
        difference=_difference(own, counted, measure) if own and counted else "",
        number=len(lines),
        months=[_month(lines, Month.of(above.year, number)) for number in range(1, 13)],
    )


def _unit(rows: list[PartRow], readings: dict[int, Reading], measure: Measure, shown: set[int] | None) -> UnitSum:
    counted = [readings[row.line.measure_id] for row in rows if row.line.measure_id in readings]
    visible = [row for row in rows if shown is None or row.line.pk in shown]
    return UnitSum(rows[0].unit, visible, sum(row.share for row in rows if row.due), _text(counted, measure))


def _month(lines: list[Line], month: Month) -> MonthSum:
    carried = sum(line.share or 0 for line in lines if line.measure.is_due_in(month))
    return MonthSum(month, short_month_text(month), round(carried, 2))


def _counting(above: Scorecard, measures: list[int], month: Month) -> "QuerySet[Reading]":
    states = COUNTED_STATES[Counts.SUBMITTED]
    return Reading.objects.filter(measure__in=measures, month=int(month), state__in=states, not_applicable="")


def _target(measure: Measure, month: Month) -> str:
    begun = [row for row in measure.targets.all() if row.from_month <= month]
    row = max(begun, key=lambda one: one.from_month, default=None)
    return " / ".join(input_text(point) for point in row.points) if row else "–"


def _sums(readings: list[Reading], measure: Measure) -> tuple[float, float]:
    """Numerators (values, values times volumes) and denominators (volumes) together."""
    if measure.method == Method.RATIO:
        return sum(row.numerator or 0 for row in readings), sum(row.denominator or 0 for row in readings)
    if measure.method == Method.WEIGHTED:
        return sum((row.value or 0) * (row.volume or 0) for row in readings), sum(row.volume or 0 for row in readings)
    return sum(row.value or 0 for row in readings), float(len(readings))


def _text(readings: list[Reading], measure: Measure) -> str:
    if not readings:
        return "–"
    first, second = _sums(readings, measure)
    if measure.method in DIVIDED_METHODS:
        value = value_text((measure.factor or 1) * first / second if second else None)
        return f"{value} ({input_text(first)} ÷ {input_text(second)})" if measure.method == Method.RATIO else value
    return value_text(first if measure.method == Method.SUM else first / second if measure.method == Method.AVERAGE else None)


def _difference(own: Reading, counted: list[Reading], measure: Measure) -> str:
    """What the unit reports and no officer does, in counts."""
    whole, parts = _sums([own], measure), _sums(counted, measure)
    if measure.method == Method.RATIO:
        over, under = whole[0] - parts[0], whole[1] - parts[1]
        return f"{input_text(over)} ÷ {input_text(under)}" if over or under else ""
    if measure.method == Method.SUM:
        return input_text(whole[0] - parts[0]) if whole[0] != parts[0] else ""
    return input_text(whole[1] - parts[1]) if measure.method == Method.WEIGHTED and whole[1] != parts[1] else ""


def _published(above: Scorecard, measure: Measure, month: Month) -> str:
    row = trend(above.unit, month, Window.MONTH, months=1).get(month)
    node = row.measures.get(measure.code) if row else None
    return value_text(node.value if node else None)


@dataclass(frozen=True)
class CascadedMeasure:
    """A measure of the unit in the list. carried: in percent, None where nobody carries a part; number: of people who do."""

    measure: Measure
    carried: float | None
    number: int
    same: int
    tied: bool

    @property
    def carried_text(self) -> str:
        return f"{round(self.carried, 2):g}%" if self.carried is not None else "–"

    @property
    def balanced(self) -> bool:
        return self.carried is None or abs(self.carried - WHOLE) < SMALLEST


def overview(above: Scorecard, month: Month, text: str) -> list[CascadedMeasure]:
    """The measures of the unit's scorecard that fit the text, with how they are carried in that month. Three queries."""
    parts: dict[str, tuple[float, int]] = {}
    same: dict[str, int] = defaultdict(int)
    lines = Line.objects.filter(above=above).exclude(parent="")
    columns = ("kind", "parent", "share", "measure__scorecard__officer")
    seen: set[tuple[str, str]] = set()
    for line in lines.filter(_due("measure__", month) | Q(kind=LineKind.SAME)).values(*columns).order_by():
        who = line["parent"], line["measure__scorecard__officer"]
        if line["kind"] == LineKind.SAME:
            same[line["parent"]] += who not in seen
            seen.add(who)
        else:
            share, number = parts.get(line["parent"], (0.0, 0))
            parts[line["parent"]] = share + (line["share"] or 0), number + 1
    found = []
    for measure in above.measures.select_related("objective__perspective"):
        if text.lower() in f"{measure.code} {measure.name} {measure.name_zh}".lower():
            carried, number = parts.get(measure.code, (None, 0))
            found.append(
                CascadedMeasure(
                    measure, None if carried is None else round(carried, 2), number, same[measure.code], measure.source == Source.ROLLUP
                )
            )
    return found


def sheet(rows: list[CascadedMeasure]) -> tuple[list[str], list[list[str]]]:
    """The measures as a table: names of the columns, and rows."""
    header = [_("Code"), _("Measure"), _("Objective"), _("Carried"), _("Officers with a part"), _("Officers with the same")]
    return header, [
        [row.measure.code, row.measure.label, row.measure.objective.label, row.carried_text, str(row.number), str(row.same)] for row in rows
    ]
