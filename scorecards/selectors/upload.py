"""Files of values: what they would change, and how far they are."""

import difflib
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from organisation.models import Unit
from scorecards.choices import COUNTING, FILE_FAULTS, PART_LABELS, PROBLEMS, RowKind, Source
from scorecards.models import Closing, ColumnMapping, Measure, Month, Reading, Scorecard, Upload, UploadRow
from scorecards.selectors.feed import labels
from scorecards.selectors.recent import held, kept, within_limits
from scorecards.selectors.text import month_text, reading_text
from spreadsheets.columns import letter

Parts = dict[str, float]
ROWS_SHOWN = 50


@dataclass
class Value:
    """What a file says of one measure in one month. number: of the row; cells: where it stands; parts: the numbers by name; typed: all
    that stood there, as text; problem: why it cannot be taken (a key of `PROBLEMS`), about: the words for that sentence.
    computed: some of it is the stored result of a formula."""

    number: int
    cells: str
    code: str
    month: Month | None
    parts: Parts = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    note: str = ""
    problem: str = ""
    about: dict[str, str] = field(default_factory=dict)
    computed: bool = False


@dataclass(frozen=True)
class World:
    """What the unit's scorecards know: measures by year and code, readings, closed months, codes that the system
    counts itself, all as of today."""

    measures: dict[tuple[int, str], Measure]
    readings: dict[tuple[int, int], Reading]
    closed: set[tuple[int, int]]
    years: set[int]
    codes: set[str]
    fed: set[str]
    _closest: dict[str, str] = field(default_factory=dict)

    def closest(self, code: str) -> str:
        """The known code that is most like this one, empty where none is."""
        if code not in self._closest:
            found = difflib.get_close_matches(code.upper()[:40], sorted(self.codes), n=1, cutoff=0.6)
            self._closest[code] = found[0] if found else ""
        return self._closest[code]


def world(unit: Unit, months: Iterable[Month]) -> World:
    """A fixed number of queries."""
    months = list(months)
    years = {month.year for month in months}
    cards = list(Scorecard.objects.filter(unit=unit, officer="", year__in=years).select_related("unit"))
    by_card = {card.pk: card for card in cards}
    measures = {}
    for measure in Measure.objects.filter(scorecard__in=cards):
        measure.scorecard = by_card[measure.scorecard_id]
        measures[measure.scorecard.year, measure.code] = measure
    readings = Reading.objects.filter(measure__scorecard__in=cards, month__in=[int(month) for month in months])
    closings = Closing.objects.filter(scorecard__in=cards, reopened_at__isnull=True)
    return World(
        measures,
        {(reading.measure_id, int(reading.month)): reading for reading in readings},
        set(closings.values_list("scorecard", "month")),
        {card.year for card in cards},
        {code for _year, code in measures},
        set(labels(unit)),
    )


def classified(upload: Upload, values: list[Value], today: date) -> list[UploadRow]:
    """For each value of the file what importing it would do; nothing is saved."""
    known = world(upload.unit, {value.month for value in values if value.month is not None})
    counts = Counter((value.code.casefold(), value.month) for value in values if not value.problem)
    return [_row(upload, value, known, counts, today) for value in values]


def _row(upload: Upload, value: Value, known: World, counts: Counter[Any], today: date) -> UploadRow:
    row = UploadRow(upload=upload, number=value.number, cells=value.cells[:60], code=value.code[:60], month=value.month, typed=value.typed)
    row.about = {**value.about, **({"note": value.note} if value.note else {})}
    measure = known.measures.get((value.month.year, value.code)) if value.month is not None else None
    row.measure = measure
    row.problem = value.problem or _problem(value, measure, known, counts, today, row.about)
    if row.problem:
        row.kind = RowKind.PROBLEM
        return row
    assert measure is not None and value.month is not None  # noqa: PT018  else it is a problem
    reading = known.readings.get((measure.pk, int(value.month)))
    row.before, row.after, row.seen = held(reading), value.parts, reading.version if reading else 0
    row.was = None if reading is None else kept(reading)
    same = reading is not None and row.before == row.after and reading.state in COUNTING
    row.kind = RowKind.NEW if reading is None else RowKind.SAME if same else RowKind.CHANGE
    if value.computed:
        row.about["computed"] = "1"
    return row


def _problem(value: Value, measure: Measure | None, known: World, counts: Counter[Any], today: date, about: dict[str, str]) -> str:
    """The first thing that stands in the way, empty if nothing does; about is given the words for its sentence."""
    assert value.month is not None
    about |= {"code": value.code, "month": str(value.month), "year": str(value.month.year)}
    if measure is None:
        about["close"] = known.closest(value.code)
        return "unknown_code" if value.month.year in known.years else "no_scorecard"
    about["parts"] = " ".join(measure.parts)
    stands = {
        "twice": counts[value.code.casefold(), value.month] > 1,
        "computed_measure": measure.source != Source.ENTERED or value.code in known.fed,
        "not_begun": value.month > Month.of_day(today),
        "not_due": measure.is_entered and not measure.is_due_in(value.month),
        "closed": (measure.scorecard_id, int(value.month)) in known.closed,
        "wrong_parts": set(value.parts) != set(measure.parts),
        "negative": any(value.parts.get(name, 0) < 0 for name in ("denominator", "volume")),
    }
    found = next((name for name, is_so in stands.items() if is_so), "")
    return found or ("" if within_limits(measure, value.parts) else "outside")


def parts_text(parts: Parts | None) -> str:
    return reading_text(parts or {})


def uploads(unit: Unit, text: str) -> "QuerySet[Upload]":
    """The unit's files whose name contains the text, latest first; without their content."""
    found = Upload.objects.filter(unit=unit).defer("content").select_related("actor")
    return found.filter(name__icontains=text) if text else found


def counts_of(upload: Upload) -> dict[str, int]:
    """How many rows there are of each kind."""
    found = dict(upload.rows.order_by().values("kind").annotate(n=Count("pk")).values_list("kind", "n"))
    return {kind: found.get(kind, 0) for kind in RowKind.values}


def rows(upload: Upload, kind: str) -> "QuerySet[UploadRow]":
    return upload.rows.filter(kind=kind).select_related("measure").order_by("number", "pk")


def signature_of(header: list[str]) -> str:
    """Under which a mapping is remembered: the names of the columns in their order."""
    return hashlib.sha256("\n".join(name.casefold() for name in header).encode()).hexdigest()


def known_mapping(unit: Unit, header: list[str]) -> dict[str, Any] | None:
    """How a file with these columns was read in that unit before."""
    return ColumnMapping.objects.filter(unit=unit, signature=signature_of(header)).values_list("mapping", flat=True).first()


def codes_of(unit: Unit) -> dict[str, str]:
    """The methods of all measures that are entered on the unit's scorecards, by code; the latest year's where they differ."""
    rows = Measure.objects.filter(scorecard__unit=unit, scorecard__officer="", source=Source.ENTERED).order_by("scorecard__year")
    return dict(rows.values_list("code", "method"))


def measures_to_map(unit: Unit) -> list[Measure]:
    """The measures that are entered on the unit's latest scorecard."""
    card = Scorecard.objects.filter(unit=unit, officer="").order_by("-year").first()
    return list(card.measures.filter(source=Source.ENTERED)) if card else []


def months_for(unit: Unit, month: Month) -> list[tuple[str, str]]:
    """The months of the unit's scorecards up to this one, latest first, as choices."""
    years = Scorecard.objects.filter(unit=unit, officer="", year__lte=month.year).order_by("-year").values_list("year", flat=True)
    found = [Month.of(year, number) for year in years for number in range(12, 0, -1)]
    return [(str(one), month_text(one)) for one in found if one <= month] or [(str(month), month_text(month))]


def columns_of(upload: Upload) -> list[tuple[str, str, list[str]]]:
    """Letter, name and first values of each column."""
    return [(letter(i), name, [row[i] for row in upload.sample if i < len(row)]) for i, name in enumerate(upload.header)]


def fault_text(upload: Upload) -> str:
    """Why the file is refused as a whole; empty where it is not."""
    return str(FILE_FAULTS[upload.fault]) % {"detail": upload.detail} if upload.fault else ""


@dataclass(frozen=True)
class ShownRow:
    """One row of the preview. hint: what to look at, though nothing stands in the way."""

    row: UploadRow
    month: str
    name: str
    before: str
    after: str
    sentence: str
    hint: str


def shown(row: UploadRow) -> ShownRow:
    words = defaultdict(str, row.about)
    words["parts"] = ", ".join(str(PART_LABELS[name]) for name in row.about.get("parts", "").split())
    hints = []
    if row.about.get("outlier"):
        close = _("Unlike earlier months. Did you mean %(likely)s?") if row.about.get("likely") else _("Unlike earlier months.")
        hints.append(close % words)
    if row.about.get("computed"):
        hints.append(_("The stored result of a formula."))
    if row.problem == "unknown_code" and row.about.get("close"):
        hints.append(_("Closest: %(close)s.") % words)
    return ShownRow(
        row=row,
        month=month_text(row.month) if row.month is not None else "",
        name=row.measure.label if row.measure else row.code,
        before=parts_text(row.before),
        after=parts_text(row.after) or " / ".join(row.typed.values()),
        sentence=str(PROBLEMS[row.problem]) % words if row.problem else "",
        hint=" ".join(hints),
    )


def rejected_sheet(upload: Upload) -> tuple[list[str], list[list[str | int]]]:
    """Header and rows of what was not taken, with the reasons; laid out like the template, so that they can be mended and imported."""
    header = [
        _("Code"),
        _("Measure"),
        _("Cell"),
        _("Month"),
        _("Value"),
        _("Numerator"),
        _("Denominator"),
        _("Volume"),
        _("Note"),
        _("Why"),
    ]
    found = [shown(row) for row in rows(upload, RowKind.PROBLEM)]
    names = ("value", "numerator", "denominator", "volume")
    lines: list[list[str | int]] = [
        [
            *(one.row.code, one.name, one.row.cells, str(one.row.month or "")),
            *(one.row.typed.get(name, "") for name in names),
            *(one.row.about.get("note", ""), f"{one.sentence} {one.hint}".strip()),
        ]
        for one in found
    ]
    return header, lines
