"""From draft to verified: what counts when, who may verify, and what is returned."""

import json
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from communication.models import Notice
from ledger.services import outbox
from scorecards.assembly.entry import entry_page
from scorecards.errors import NothingToDo, OutsideLimits, OwnReading
from scorecards.forms.document import read_document
from scorecards.models import Measure, Month, Reading, Score, Scorecard
from scorecards.selectors.document import document_of, each_measure
from scorecards.services import assignment, verification
from scorecards.services import reading as service
from scorecards.services.document import import_documents
from tests import cast
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
MARCH = Month.of(2026, 3)


def enter(measure, actor, value, seen=None):
    return service.enter_reading(actor=actor, measure=measure, month=MARCH, today=cast.TODAY, seen=seen, numbers={"value": value})


@pytest.fixture
def card(load):
    return load(cast.document(cast.measure("M1", readings=cast.readings(70, 80)), cast.measure("M2", readings=cast.readings(50, 60))))


def score(card):
    row = Score.objects.filter(scorecard=card, period=int(MARCH), window="month").first()
    return row.score if row else None


def test_a_draft_counts_nowhere_until_it_is_submitted(card, people):
    enter(card.measures.get(code="M1"), people["officer"], 90.0)
    assert score(card) is None
    page = entry_page(card.unit, MARCH, cast.TODAY, people["officer"].pk)
    assert (page.strip.score, page.strip.provisional, page.strip.drafts, page.strip.missing) == ("90.0", True, 1, 1)
    assert verification.submit(actor=people["officer"], scorecard=card, month=MARCH, now=NOW) == 1
    assert score(card) == 90.0


def test_each_hands_in_what_is_hers(card, people):
    assignment.assign(actor=people["manager"], unit=card.unit, codes=["M2"], person=people["chief"], today=cast.TODAY)
    enter(card.measures.get(code="M1"), people["officer"], 90.0)
    enter(card.measures.get(code="M2"), people["chief"], 80.0)
    assert entry_page(card.unit, MARCH, cast.TODAY, people["officer"].pk).strip.drafts == 1
    assert verification.submit(actor=people["officer"], scorecard=card, month=MARCH, now=NOW) == 1
    assert Reading.objects.get(measure__code="M2", month=int(MARCH)).state == "draft"
    assert verification.submit(actor=people["chief"], scorecard=card, month=MARCH, now=NOW) == 1


def test_an_import_of_a_document_needs_a_new_verification(card, people):
    reading = submitted(card, people)
    verification.verify(actor=people["manager"], scorecard=card, month=MARCH, seen={reading.pk: reading.version}, now=NOW)
    document = read_document(document_of(Scorecard.objects.select_related("unit__parent").get(pk=card.pk)))
    for _path, measure in each_measure(document):
        for row in measure["readings"]:
            row["value"] = 42
    import_documents(actor=people["manager"], documents=[document])
    stored = Reading.objects.get(pk=reading.pk)
    assert (stored.value, stored.entered_by, stored.verified_by) == (42, people["manager"], None)


def test_submitting_twice_has_one_effect(card, people):
    enter(card.measures.get(code="M1"), people["officer"], 90.0)
    verification.submit(actor=people["officer"], scorecard=card, month=MARCH, now=NOW)
    with pytest.raises(NothingToDo):
        verification.submit(actor=people["officer"], scorecard=card, month=MARCH, now=NOW)


def submitted(card, people):
    measure = card.measures.get(code="M1")
    enter(measure, people["officer"], 90.0)
    verification.submit(actor=people["officer"], scorecard=card, month=MARCH, now=NOW)
    return Reading.objects.get(measure=measure, month=int(MARCH))


def test_whoever_entered_a_value_cannot_verify_it(card, people):
    enter(card.measures.get(code="M1"), people["chief"], 90.0)
    verification.submit(actor=people["chief"], scorecard=card, month=MARCH, now=NOW)
    reading = Reading.objects.get(month=int(MARCH))
    told = {"scorecard": card, "month": MARCH, "seen": {reading.pk: reading.version}, "now": NOW}
    with pytest.raises(OwnReading):
        verification.verify(actor=people["chief"], **told)
    assert verification.verify(actor=people["manager"], **told) == 1
    with pytest.raises(NothingToDo):
        verification.verify(actor=people["manager"], **told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.filter(pk=reading.pk).update(verified_by=people["chief"])


def test_a_value_changed_since_it_was_seen_is_not_verified(card, people):
    reading = submitted(card, people)
    enter(reading.measure, people["officer"], 95.0)
    with pytest.raises(NothingToDo):
        verification.verify(actor=people["manager"], scorecard=card, month=MARCH, seen={reading.pk: reading.version}, now=NOW)


def test_a_returned_value_counts_no_more_and_its_officer_is_told(card, people):
    reading = submitted(card, people)
    seen = {reading.pk: reading.version}
    verification.send_back(actor=people["manager"], scorecard=card, month=MARCH, seen=seen, reason="Which hall?", now=NOW)
    assert score(card) is None
    notice = Notice.objects.get(recipient=people["officer"], topic="returned")
    assert notice.about["why"] == "Which hall?"
    enter(reading.measure, people["officer"], 90.0)
    verification.submit(actor=people["officer"], scorecard=card, month=MARCH, now=NOW)
    assert (score(card), Reading.objects.get(pk=reading.pk).returned_because) == (90.0, "")


def test_changing_a_submitted_value_counts_at_once_and_asks_for_verification_again(card, people):
    reading = submitted(card, people)
    verification.verify(actor=people["manager"], scorecard=card, month=MARCH, seen={reading.pk: reading.version}, now=NOW)
    enter(reading.measure, people["officer"], 90.0)
    assert Reading.objects.get(pk=reading.pk).state == "verified"
    enter(reading.measure, people["officer"], 70.0)
    stored = Reading.objects.get(pk=reading.pk)
    assert (stored.state, stored.verified_by, score(card)) == ("submitted", None, 70.0)


def test_a_value_that_cannot_be_is_refused(load, people):
    card = load(cast.document(cast.measure("P", lowest=0, highest=100), cast.measure("R", method="ratio", factor=100, highest=100)))
    with pytest.raises(OutsideLimits, match="Must be between 0 and 100"):
        enter(card.measures.get(code="P"), people["officer"], 130.0)
    with pytest.raises(OutsideLimits, match="Must be 100 or less"):
        told = {"actor": people["officer"], "measure": card.measures.get(code="R"), "month": MARCH, "today": cast.TODAY}
        service.record_reading(**told, numbers={"numerator": 5.0, "denominator": 4.0})


def test_an_unlike_value_is_marked_with_what_may_have_been_meant(load, people):
    months = [90.0, 91.0, 92.0, 90.5, 91.5, 92.5, 91.2, 90.8, 91.1, 91.9, 92.2, 91.4]
    load(cast.document(cast.measure("M1", readings=cast.readings(*months, year=2025)), year=2025))
    card = load(cast.document(cast.measure("M1")))
    enter(card.measures.get(), people["officer"], 9.1)
    hint = entry_page(card.unit, MARCH, cast.TODAY, 0).groups[0].rows[0].hint
    assert hint.likely == "91"
    enter(card.measures.get(), people["officer"], 91.3)
    assert entry_page(card.unit, MARCH, cast.TODAY, 0).groups[0].rows[0].hint is None


def test_values_that_stand_out_come_first_for_the_verifier(load, people, as_user):
    steady = cast.readings(*[90.0] * 8)
    load(cast.document(cast.measure("A", readings=steady), cast.measure("B", readings=[*steady[:7], {**steady[7], "value": 9}])))
    text = as_user("manager").get(reverse("scorecards:verification", args=["HOUSE", "2026-08"])).content.decode()
    assert text.index("Measure B") < text.index("Measure A")
    assert "Did you mean 90?" in text


def test_the_page_verifies_in_bulk_and_returns_with_a_reason(card, people, as_user):
    enter(card.measures.get(code="M1"), people["officer"], 90.0)
    enter(card.measures.get(code="M2"), people["officer"], 80.0)
    verification.submit(actor=people["officer"], scorecard=card, month=MARCH, now=NOW)
    seen = [f"{reading.pk}:{reading.version}" for reading in Reading.objects.filter(month=int(MARCH)).order_by("pk")]
    address, client = reverse("scorecards:verification", args=["HOUSE", "2026-03"]), as_user("manager")
    assert "Choose at least one value" in client.post(address, {"verdict": "verify"}).content.decode()
    assert "Say why it is returned" in client.post(address, {"verdict": "return", "seen": seen[:1]}).content.decode()
    assert client.post(address, {"verdict": "return", "seen": seen[:1], "reason": "Why?"}).status_code == 302
    assert client.post(address, {"verdict": "verify", "seen": seen[1:]}).status_code == 302
    assert sorted(Reading.objects.filter(month=int(MARCH)).values_list("state", flat=True)) == ["returned", "verified"]
    assert "has been changed in the meantime" in client.post(address, {"verdict": "verify", "seen": seen}).content.decode()


def test_a_pasted_block_saves_each_row_by_itself(card, people, as_user):
    one, two = card.measures.order_by("code")
    rows = [{"measure": one.pk, "seen": 0, "value": "1,234.5"}, {"measure": two.pk, "seen": 0, "value": "4,2"}]
    address = reverse("scorecards:entry-block", args=["HOUSE", "2026-03"])
    answer = as_user("officer").post(address, {"rows": json.dumps(rows)}).json()
    assert "Saved" in answer["rows"][str(one.pk)]
    assert "write 4.2 or 42" in answer["rows"][str(two.pk)]
    assert Reading.objects.get(month=int(MARCH)).value == 1234.5


@pytest.mark.parametrize("rows", ["", "x", "{}", "[1]", '[{"measure": "abc"}]', '[{"measure": 1, "value": [2]}]', "[" * 2000, "[{}]"])
def test_a_strange_block_is_refused_in_words(card, as_user, rows):
    answer = as_user("officer").post(reverse("scorecards:entry-block", args=["HOUSE", "2026-03"]), {"rows": rows})
    assert answer.status_code == 200
    assert answer.json()["sentence"]
    assert not Reading.objects.filter(month=int(MARCH)).exists()


def test_a_note_is_kept_with_the_value(card, people, as_user):
    measure = card.measures.get(code="M1")
    address = reverse("scorecards:entry-note", args=["HOUSE", "2026-03", measure.pk])
    assert "Enter the value first" in as_user("officer").post(address, {"note": "x"}).content.decode()
    enter(measure, people["officer"], 90.0)
    assert "Saved" in as_user("officer").post(address, {"note": "Two extra flights"}).content.decode()
    assert Reading.objects.get(month=int(MARCH)).note == "Two extra flights"


def test_scores_of_verified_values_only_follow_the_verification(load, people):
    card = load(cast.document(cast.measure("M1"), counts="verified"))
    enter(card.measures.get(), people["officer"], 90.0)
    verification.submit(actor=people["officer"], scorecard=card, month=MARCH, now=NOW)
    assert score(card) is None
    reading = Reading.objects.get()
    verification.verify(actor=people["manager"], scorecard=card, month=MARCH, seen={reading.pk: reading.version}, now=NOW)
    assert score(card) == 90.0


def test_a_submission_reaches_the_unit_above(load, people):
    load(cast.document(cast.measure("D1"), unit="DIVISION"))
    card = load(
        cast.document(
            cast.measure(
                "R1",
                source="mirror",
                contributors=["DIVISION/D1"],
                **dict.fromkeys(("better", "preset", "method", "frequency", "curve_scores")),
                targets=[],
            )
        )
    )
    measure = Measure.objects.get(code="D1")
    enter(measure, people["officer"], 90.0)
    verification.submit(actor=people["officer"], scorecard=measure.scorecard, month=MARCH, now=NOW)
    outbox.drain(now=datetime.now(tz=UTC))
    assert score(card) == 90.0
