"""What waits to be verified."""

from dataclasses import dataclass
from datetime import date

from scorecards.choices import ReadingState, Window
from scorecards.models import Evidence, Month, Reading, Scorecard
from scorecards.selectors.entry import Hint
from scorecards.selectors.measure import goal_of, target_in_force
from scorecards.selectors.recent import held, value_of
from scorecards.selectors.score import CardScore, trend
from scorecards.selectors.status import Status
from scorecards.selectors.text import day_text, difference_text, month_text, reading_text, value_text


@dataclass(frozen=True)
class VerificationRow:
    """One reading. seen: its id and version; own: entered by who looks at it; hint: where it is unlike earlier ones."""

    reading: Reading
    seen: str
    own: bool
    typed: str
    value: str
    before: str
    difference: str
    target: str
    status: Status | None
    hint: Hint | None
    entered_by: str
    files: list[Evidence]


@dataclass(frozen=True)
class VerificationPage:
    card: Scorecard
    month: Month
    month_text: str
    deadline: str
    rows: list[VerificationRow]
    verified: int
    drafts: int
    returned: int

    @property
    def others(self) -> bool:
        """Whether there is anything that the reader may verify."""
        return any(not row.own for row in self.rows)


def verification_page(card: Scorecard, month: Month, today: date, reader: int, hints: dict[int, Hint]) -> VerificationPage:
    """Submitted readings, those that stand out first. reader: the id of who looks. A fixed number of queries."""
    found = Reading.objects.filter(measure__scorecard=card, month=int(month)).select_related("measure__scorecard", "entered_by")
    readings = list(found.prefetch_related("measure__targets").order_by("measure__objective__perspective__position", "measure__position"))
    scores = trend(card.unit, month, Window.MONTH, months=2, officer=card.officer)
    files: dict[int, list[Evidence]] = {}
    for one in Evidence.objects.filter(measure__scorecard=card, month=int(month)):
        files.setdefault(one.measure_id, []).append(one)
    states = [reading.state for reading in readings]
    rows = [
        _row(reading, month, reader, hints.get(reading.measure_id), scores, files.get(reading.measure_id, []))
        for reading in readings
        if reading.state == ReadingState.SUBMITTED
    ]
    return VerificationPage(
        card=card,
        month=month,
        month_text=month_text(month),
        deadline=day_text(card.deadline_of(month)),
        rows=sorted(rows, key=lambda row: row.hint is None),
        verified=states.count(ReadingState.VERIFIED),
        drafts=states.count(ReadingState.DRAFT),
        returned=states.count(ReadingState.RETURNED),
    )


def _row(
    reading: Reading, month: Month, reader: int, hint: Hint | None, scores: dict[Month, CardScore], files: list[Evidence]
) -> VerificationRow:
    measure = reading.measure
    target = target_in_force(measure, month)
    now = scores[month].measures.get(measure.code) if month in scores else None
    before = scores[month - 1].measures.get(measure.code) if month - 1 in scores else None
    value = value_of(held(reading) or {}, measure.factor)
    return VerificationRow(
        reading=reading,
        seen=f"{reading.pk}:{reading.version}",
        own=reading.entered_by_id == reader,
        typed=reading_text(held(reading) or {}),
        value=value_text(value),
        before=value_text(before.value if before else None),
        difference=difference_text(value, before.value if before else None),
        target=goal_of(measure, target.points) if target else "–",
        status=now.status if now and now.score is not None else None,
        hint=hint,
        entered_by=reading.entered_by.label if reading.entered_by else "–",
        files=files,
    )
