"""Recording readings: what is taken, what is refused, what it leaves behind."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from ledger.models import AuditEntry
from ledger.services import outbox
from scorecards.errors import NotBegun, NotDue, ReadingChanged, WrongParts
from scorecards.models import Measure, Month, Reading, Score
from scorecards.services.reading import clear_reading, record_reading
from tests import cast

pytestmark = pytest.mark.django_db
MARCH, APRIL = Month.of(2026, 3), Month.of(2026, 4)


def record(measure, officer, value=50.0, month=MARCH, **fields):
    return record_reading(actor=officer, measure=measure, month=month, today=cast.TODAY, numbers={"value": value}, **fields)


def test_a_reading_its_audit_line_and_its_recompute_are_one(measure, officer):
    lines = AuditEntry.objects.count()
    record(measure, officer)
    assert Reading.objects.get(measure=measure, month=int(MARCH)).value == 50
    line = AuditEntry.objects.first()
    assert AuditEntry.objects.count() == lines + 1
    assert (line.actor, line.place, line.before["value"], line.after["value"]) == (str(officer.pk), "HOUSE", 90, 50)
    assert Score.objects.get(scorecard=measure.scorecard, period=int(MARCH), window="month").score == 50


def test_the_same_value_again_changes_nothing(measure, officer):
    record(measure, officer)
    lines = AuditEntry.objects.count()
    record(measure, officer)
    assert AuditEntry.objects.count() == lines


def test_scores_follow_when_the_outbox_is_drained(measure, officer):
    record(measure, officer)
    outbox.drain(now=datetime.now(tz=UTC))
    rows = Score.objects.filter(period=int(MARCH))
    assert {row.window: row.score for row in rows} == {"month": 50, "quarter": pytest.approx(200 / 3), "year": pytest.approx(200 / 3)}


def test_a_month_that_has_not_begun_is_refused(measure, officer):
    with pytest.raises(NotBegun):
        record(measure, officer, month=APRIL)


def test_a_month_in_which_nothing_is_due_is_refused(load, officer):
    card = load(cast.document(cast.measure("Q", frequency="quarterly")))
    with pytest.raises(NotDue):
        record(card.measures.get(), officer, month=Month.of(2026, 2))


def test_other_numbers_than_the_method_holds_are_refused(load, officer):
    card = load(cast.document(cast.measure("R", method="ratio", factor=100)))
    with pytest.raises(WrongParts):
        record(card.measures.get(), officer)


def test_not_applicable_stands_instead_of_a_value(measure, officer):
    reading = record_reading(actor=officer, measure=measure, month=MARCH, today=cast.TODAY, not_applicable="hall closed")
    assert (reading.value, reading.not_applicable) == (None, "hall closed")
    with pytest.raises(WrongParts):
        record(measure, officer, not_applicable="hall closed")


def test_an_older_version_overwrites_nothing(measure, officer):
    record(measure, officer, value=60.0, seen=1)
    with pytest.raises(ReadingChanged, match="Officer has saved 60 here"):
        record(measure, officer, value=70.0, seen=1)
    assert Reading.objects.get(measure=measure, month=int(MARCH)).value == 60


def test_an_empty_cell_filled_by_another_is_not_overwritten(load, officer):
    measure = load(cast.document(cast.measure("M1"))).measures.get()
    record(measure, officer, value=60.0, seen=0)
    with pytest.raises(ReadingChanged):
        record(measure, officer, value=70.0, seen=0)


def test_a_reading_taken_back_leaves_the_month_missing(measure, officer):
    clear_reading(actor=officer, measure=measure, month=MARCH, seen=1)
    outbox.drain(now=datetime.now(tz=UTC))
    assert Score.objects.get(period=int(MARCH), window="month").score is None
    assert AuditEntry.objects.first().verb == "clear"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"value": 1.0, "not_applicable": "both"},
        {"numerator": 1.0},
        {"numerator": 1.0, "denominator": -1.0},
        {"value": 1.0, "volume": -1.0},
        {"value": 1.0, "numerator": 1.0, "denominator": 1.0},
    ],
)
def test_the_database_keeps_a_reading_whole(measure, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(measure=measure, month=int(APRIL), **fields)


def test_the_database_keeps_one_reading_a_month(measure):
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(measure=measure, month=int(MARCH), value=1.0)


def test_the_database_refuses_a_factor_where_there_is_no_ratio(measure):
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(factor=100)


def test_a_version_never_stands_for_two_values(load, officer):
    measure = load(cast.document(cast.measure("M1"))).measures.get()
    record(measure, officer, value=10.0, seen=0)
    clear_reading(actor=officer, measure=measure, month=MARCH, seen=1)
    record(measure, officer, value=20.0, seen=0)
    with pytest.raises(ReadingChanged):
        record(measure, officer, value=11.0, seen=1)
