"""Opens the review items of tension pairs, and takes their answers (rule book §7)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from ledger.services import audit
from organisation.models import User
from scorecards.assembly.tension import states_of
from scorecards.choices import REVIEWED_STATES
from scorecards.errors import OutOfDate
from scorecards.models import Month, Scorecard, Tension, TensionReview, among


def open_reviews(cards: list[int], periods: list[Month], now: datetime) -> None:
    """After scores of these months of one year have been published for scorecards with pairs: an item for each pair that was strained
    or traded in them or in the month after each; where the state has become another, an item without an answer goes and one with an
    answer stays. In the transaction of the scores."""
    touched = sorted({*periods, *(period + 1 for period in periods)})
    for card in Scorecard.objects.filter(pk__among=among(cards)).order_by("pk"):
        _open_reviews(card, [period for period in touched if period.year == periods[0].year], now)


def open_reviews_of_january(cards: list[int], year: int, now: datetime) -> None:
    """The same after scores of December, on the scorecards of the next year with pairs that follow these."""
    before = Scorecard.objects.filter(pk__among=among(cards), unit=OuterRef("unit"), officer=OuterRef("officer"))
    following = Scorecard.objects.filter(Exists(before), Exists(Tension.objects.filter(scorecard=OuterRef("pk"))), year=year + 1)
    for card in following.order_by("pk"):
        _open_reviews(card, [Month.of(year + 1, 1)], now)


def _open_reviews(card: Scorecard, periods: list[Month], now: datetime) -> None:
    reviews = TensionReview.objects.filter(tension__scorecard=card, period__in=[int(period) for period in periods])
    stored = {(review.tension_id, review.period): review for review in reviews}
    for pair in states_of(card, periods):
        review = stored.get((pair.tension.pk, pair.period))
        wanted = pair.state in REVIEWED_STATES
        if review is None and wanted:
            TensionReview.objects.create(tension=pair.tension, period=pair.period, state=pair.state, opened_at=now)
        elif review is not None and not wanted and not review.answer:
            review.delete()
        elif review is not None and wanted and review.state != pair.state and not review.answer:
            TensionReview.objects.filter(pk=review.pk).update(state=pair.state)


@transaction.atomic
def answer(*, actor: User, review: TensionReview, version: int, kind: str, text: str, now: datetime) -> None:
    """Say what is done about a strained pair; a later answer replaces it, and both stand in the history. Raises OutOfDate."""
    found = TensionReview.objects.filter(pk=review.pk, version=version)
    before = {"answer": review.answer, "text": review.text} if review.answer else None
    if not found.update(answer=kind, text=text, answered_by=actor, answered_at=now, version=F("version") + 1):
        raise OutOfDate
    place = review.tension.scorecard.unit.code
    after = {"code": review.tension.code, "month": str(review.period), "answer": kind, "text": text}
    audit.record(actor=actor, verb="answer", target=review, place=place, before=before, after=after)
