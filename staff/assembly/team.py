"""The team of a unit as a list: score, gaps, agreement, talks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from organisation.models import Unit, User
from organisation.models.names import in_language
from scorecards.models import Measure, Month
from scorecards.selectors.score import CardScore
from scorecards.selectors.text import score_text
from scoring.plan import FULL_MARKS
from staff.assembly.result import Result, results
from staff.models import Agreement, Posting, Talk
from staff.selectors.agreement import latest
from staff.selectors.talk import last_held, next_due, planned


@dataclass(frozen=True)
class TeamRow:
    """gaps: how many measures are below their target; worst: the name of the one that costs most."""

    posting: Posting
    person: User
    unit: Unit
    result: Result
    gaps: int
    worst: str
    agreement: Agreement | None
    agreement_text: str
    agreement_late: bool
    talk: Talk | None
    talk_due: date
    talk_late: bool


def team_rows(postings: Iterable[Posting], period: Month, window: str, today: date) -> list[TeamRow]:
    """A fixed number of queries, however many people there are."""
    postings = list(postings)
    people = [one.person for one in postings]
    found = results(people, period, period.opening(window), window)
    cards = {pk: next((part.card for part in reversed(one.parts) if part.card), None) for pk, one in found.items()}
    signed = latest([card.pk for card in cards.values() if card])
    held, next_talks = last_held([one.pk for one in people]), planned([one.pk for one in people])
    worst = {pk: _worst(found[pk]) for pk in found}
    wanted = [(card.pk, worst[pk]) for pk, card in cards.items() if card and worst[pk]]
    rows = Measure.objects.filter(scorecard__in=[card for card, _code in wanted], code__in={code for _card, code in wanted})
    names = {
        (card, code): in_language(name, name_zh) for card, code, name, name_zh in rows.values_list("scorecard", "code", "name", "name_zh")
    }
    made = []
    for posting in postings:
        pk, card = posting.person_id, cards[posting.person_id]
        agreement = signed.get(card.pk) if card else None
        due = next_due(held.get(pk), posting.from_date)
        late = bool(agreement and agreement.is_open and agreement.due_on < today)
        made.append(
            TeamRow(
                posting=posting,
                person=posting.person,
                unit=posting.unit,
                result=found[pk],
                gaps=_gaps(found[pk]),
                worst=names.get((card.pk, worst[pk]), "") if card else "",
                agreement=agreement,
                agreement_text=str(agreement.get_state_display()) if agreement else _("No scorecard") if card is None else _("Not begun"),
                agreement_late=late,
                talk=next_talks.get(pk),
                talk_due=due,
                talk_late=due < today,
            )
        )
    return made


def _row(result: Result) -> CardScore | None:
    return result.current.row if result.current else None


def _gaps(result: Result) -> int:
    row = _row(result)
    return sum(node.score is not None and node.score < FULL_MARKS for node in row.measures.values()) if row else 0


def _worst(result: Result) -> str:
    row = _row(result)
    if row is None or not row.measures:
        return ""
    code, node = max(row.measures.items(), key=lambda one: one[1].lost)
    return code if node.lost > 0 else ""


def sheet(rows: list[TeamRow]) -> tuple[list[str], list[list[str]]]:
    """The team as a table: names of the columns, and rows."""
    header = [_("Staff number"), _("Name"), _("Unit"), _("Post"), _("Score"), _("Status"), _("Below target"), _("Agreement"), _("Talk due")]
    return header, [
        [
            *(row.person.username, row.person.label, row.unit.label, row.posting.post.label),
            *(score_text(row.result.score), row.result.status.word, str(row.gaps), row.agreement_text, row.talk_due.isoformat()),
        ]
        for row in rows
    ]
