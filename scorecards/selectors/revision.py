"""The revisions of a scorecard's month, side by side."""

from dataclasses import dataclass

from organisation.models.names import in_language
from scorecards.choices import CorrectionState, Window
from scorecards.models import Closing, Correction, Month, Score, Scorecard
from scorecards.selectors.document import Document, each_measure
from scorecards.selectors.score import CardScore, decode
from scorecards.selectors.status import Status
from scorecards.selectors.text import NOTHING, reading_text, score_text, value_text


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
