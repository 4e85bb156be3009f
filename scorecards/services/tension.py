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
    answer stays. In the transaction of the scores. The same number of queries, however many scorecards there are."""
    touched = [month for month in sorted({*periods, *(period + 1 for period in periods)}) if month.year == periods[0].year]
    reviews = TensionReview.objects.filter(tension__scorecard__among=among(cards), period__in=[int(month) for month in touched])
    stored = {(review.tension_id, review.period): review for review in reviews}
    fresh: list[TensionReview] = []
    gone: list[TensionReview] = []
    other: list[TensionReview] = []
    for pair in states_of(Scorecard.objects.filter(pk__among=among(cards)), touched):
        review, wanted = stored.get((pair.tension.pk, pair.period)), pair.state in REVIEWED_STATES
        if review is None and wanted:
            fresh.append(TensionReview(tension=pair.tension, period=pair.period, state=pair.state, opened_at=now))
        elif review is not None and not review.answer and review.state != pair.state:
            review.state = pair.state
            (other if wanted else gone).append(review)
    TensionReview.objects.bulk_create(fresh)
    TensionReview.objects.bulk_update(other, ["state"])
    if gone:
        TensionReview.objects.filter(pk__in=[review.pk for review in gone]).delete()


def paired_in_the_next_year(cards: list[int], year: int) -> set[int]:
    """The scorecards with pairs that follow these of that year; whether a pair traded in January follows from December, too."""
    before = Scorecard.objects.filter(pk__among=among(cards), unit=OuterRef("unit"), officer=OuterRef("officer"))
    following = Scorecard.objects.filter(Exists(before), Exists(Tension.objects.filter(scorecard=OuterRef("pk"))), year=year + 1)
    return set(following.values_list("pk", flat=True))


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
