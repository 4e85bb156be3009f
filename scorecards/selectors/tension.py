"""Reads the review items of tension pairs, and their answers."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Q, QuerySet, Value, When

from ledger.models import AuditEntry
from ledger.selectors import audit
from organisation.models import Unit
from organisation.selectors.person import names
from scorecards.choices import TensionAnswer, TensionState
from scorecards.models import Month, TensionReview
from scorecards.selectors.text import month_text


@dataclass(frozen=True)
class Answer:
    at: datetime
    who: str
    kind: str
    text: str


def reviews(unit: Unit, text: str) -> "QuerySet[TensionReview]":
    """The unit's review items whose pair's name or answer contains the text; those without an answer first, latest month first."""
    found = TensionReview.objects.filter(tension__scorecard__unit=unit, tension__scorecard__officer="").select_related("tension")
    if text:
        named = Q(tension__name__icontains=text) | Q(tension__name_zh__icontains=text) | Q(tension__code__icontains=text)
        found = found.filter(named | Q(text__icontains=text))
    waiting_first = Case(When(answer="", then=Value(0)), default=Value(1))
    return found.order_by(waiting_first, "-period", "tension__position")


def answers_of(review: TensionReview) -> list[Answer]:
    """All answers, latest first."""
    entries: list[AuditEntry] = list(audit.of_target("tensionreview", [str(review.pk)]).filter(verb="answer"))
    people = names({entry.actor for entry in entries})
    return [
        Answer(
            at=entry.at,
            who=people[entry.actor].label if entry.actor in people else "",
            kind=str(TensionAnswer((entry.after or {})["answer"]).label),
            text=str((entry.after or {})["text"]),
        )
        for entry in entries
    ]


def tone_of(state: str) -> str:
    """good, warn, bad or none."""
    return {TensionState.BALANCED: "good", TensionState.STRAINED: "warn", TensionState.UNKNOWN: "none"}.get(TensionState(state), "bad")


def period_text(review: TensionReview) -> str:
    return month_text(Month(review.period))
