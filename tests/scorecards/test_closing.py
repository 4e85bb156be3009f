"""Closed is closed: revisions, every way of writing into a closed month, reopening by two persons, corrections."""

import io
import json
import random
import time
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.urls import reverse

from ledger.models import AuditEntry
from ledger.services import outbox
from organisation.models import Unit
from scorecards.apps import put_up_guard, take_down_guard
from scorecards.errors import (
    AlreadyAsked,
    AlreadyDecided,
    ClosedAbove,
    DocumentFaults,
    LaterClosed,
    MonthClosed,
    MonthNotOver,
    NotClosed,
    NothingToDo,
    RestsOnOpen,
    SamePerson,
    SameValue,
    ScorecardError,
    ValueMoved,
)
from scorecards.forms.document import read_document
from scorecards.models import Adjustment, Closing, Correction, Measure, Month, Reading, Reopening, Score, Scorecard
from scorecards.selectors.document import document_of, each_measure
from scorecards.selectors.revision import revisions
from scorecards.services import adjustment, closing, correction, national, recompute, upload, verification
from scorecards.services import reading as readings
from scorecards.services.document import import_documents
from scorecards.services.sandbox import trying
from scorecards.services.scorecard import set_weights
from tests import cast
from tests.conftest import NOW
from tests.scorecards.test_concurrency import Racers

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = (Month.of(2026, number) for number in (1, 2, 3))


@pytest.fixture
def card(load):
    adjusted = [{"month": "2026-01", "points": 2, "reason": "Award"}]
    return load(
        cast.document(
            cast.measure("M1", readings=cast.readings(70, 80)), cast.measure("M2", readings=cast.readings(50, 60)), adjustments=adjusted
        )
    )


@pytest.fixture
def closed(card, people):
    """January is closed."""
    closing.close(actor=people["scorecards"], unit=card.unit, month=JANUARY, below=True, now=NOW)
    return card


def record(measure, officer, value, month=JANUARY, **fields):
    return readings.record_reading(actor=officer, measure=measure, month=month, today=cast.TODAY, numbers={"value": value}, **fields)


def reopen(card, people, month=JANUARY):
    asked = closing.ask_reopening(actor=people["manager"], unit=card.unit, month=month, below=True, reason="Wrong value", now=NOW)
    closing.decide_reopening(actor=people["director"], reopening=asked, approve=True, decision="", now=NOW)


def shown(card, month=JANUARY, window="month"):
    return Score.objects.get(scorecard=card, period=int(month), window=window, revision=0)


def printed(*extra, period="2026-01"):
    out = io.StringIO()
    call_command("scores", "--unit", "HOUSE", "--period", period, "--window", "month", "--json", *extra, stdout=out)
    return json.loads(out.getvalue())


def test_closing_publishes_a_revision_of_all_windows(closed):
    assert set(Score.objects.filter(published_as=1).values_list("period", "window")) == {
        (int(JANUARY), window) for window in ("month", "quarter", "year")
    }
    row = Closing.objects.get()
    assert (row.month, row.revision, row.engine) == (JANUARY, 1, "1")
    measures = {measure["code"]: measure for _path, measure in each_measure(row.frozen)}
    assert measures["M1"]["readings"] == [{"month": "2026-01", "value": 70, "state": "submitted"}]
    assert row.frozen["adjustments"] == [{"month": "2026-01", "points": 2, "reason": "Award"}]


def test_closing_leaves_an_audit_line_for_each_scorecard(closed):
    line = AuditEntry.objects.filter(verb="close").get()
    assert (line.target_kind, line.after) == ("scorecard", {"month": "2026-01", "number": 1})


def test_earlier_months_of_the_year_are_closed_with_it(card, people):
    assert closing.close(actor=people["scorecards"], unit=card.unit, month=FEBRUARY, below=True, now=NOW) == 2
    assert list(Closing.objects.values_list("month", flat=True)) == [JANUARY, FEBRUARY]


def test_the_running_month_cannot_be_closed(card, people):
    with pytest.raises(MonthNotOver):
        closing.close(actor=people["scorecards"], unit=card.unit, month=MARCH, below=True, now=NOW)


def test_closing_twice_has_one_effect(closed, people):
    with pytest.raises(NothingToDo):
        closing.close(actor=people["scorecards"], unit=closed.unit, month=JANUARY, below=True, now=NOW)
    assert Closing.objects.count() == 1


def test_what_the_scores_rest_on_is_closed_first_or_together(load, people):
    load(cast.document(cast.measure("D1", readings=cast.readings(40)), unit="DIVISION"))
    above = cast.measure("R1", source="rollup", across="sum", contributors=["DIVISION/D1"], frequency="monthly", readings=[])
    card = load(cast.document(above))
    told = {"actor": people["scorecards"], "month": JANUARY, "now": NOW}
    with pytest.raises(RestsOnOpen, match="DIVISION"):
        closing.close(unit=card.unit, below=False, **told)
    closing.close(unit=card.unit, below=True, **told)
    assert Closing.objects.count() == 2
    asked = {"actor": people["manager"], "month": JANUARY, "reason": "Wrong", "now": NOW}
    with pytest.raises(ClosedAbove, match="HOUSE"):
        closing.ask_reopening(unit=Unit.objects.get(code="DIVISION"), below=True, **asked)
    closing.ask_reopening(unit=card.unit, below=True, **asked)


def test_later_edits_leave_the_revision_as_it_is(closed, people):
    before = printed()
    document = read_document(document_of(Scorecard.objects.select_related("unit__parent").get(pk=closed.pk)))
    for _path, measure in each_measure(document):
        measure["preset"], measure["curve_scores"] = "custom", [0, 50]
    import_documents(actor=people["scorecards"], documents=[document])
    outbox.drain(now=datetime.now(tz=UTC))
    assert printed() == before
    assert printed("--live")["score"] < before["score"]
    assert printed(period="2026-02")["score"] < 50


def test_the_published_scores_are_those_that_were_computed(card, people):
    live = printed()
    closing.close(actor=people["scorecards"], unit=card.unit, month=JANUARY, below=True, now=NOW)
    assert printed() == live == printed("--live")


def test_recomputing_a_closed_month_changes_nothing(closed, people):
    before = shown(closed).computed_at
    recompute.recompute(closed.pk, changed=None, now=datetime.now(tz=UTC))
    national.start(actor=people["scorecards"], unit=closed.unit, month=JANUARY)
    outbox.drain(now=datetime.now(tz=UTC))
    assert shown(closed).computed_at == before
    assert not Score.objects.exclude(revision=0).exists()


# Each tries to change something of closed January and must fail: by a named refusal of a service, or by the database itself.
def _measure(card):
    return card.measures.get(code="M1")


def _document(card, change):
    document = document_of(Scorecard.objects.select_related("unit__parent").get(pk=card.pk))
    change(document)
    return read_document(document)


def _node(document):
    return next(measure for _path, measure in each_measure(document) if measure["code"] == "M1")


def _raw(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _import(card, people, change):
    import_documents(actor=people["scorecards"], documents=[_document(card, change)])


def _file(card, people):
    made = upload.begin(actor=people["officer"], unit=card.unit, month=JANUARY, name="a.csv", content=b"code,value\nM1,3\n", now=NOW)
    outbox.drain(now=datetime.now(tz=UTC))
    upload.confirm(actor=people["officer"], upload=made)


def _weigh(card, people):
    weights = {_measure(card): 3.0}
    set_weights(
        actor=people["scorecards"], scorecard=card, version=Scorecard.objects.get(pk=card.pk).version, groups=[weights], since=JANUARY
    )


def _adjust(card, people):
    item = adjustment.create_item(actor=people["scorecards"], unit=card.unit, code="X", name="X", name_zh="", points=1)
    told = {"item": item, "month": JANUARY, "reason": "x", "evidence": "x", "now": NOW}
    made = adjustment.propose(actor=people["manager"], scorecard=card, **told)
    adjustment.decide(actor=people["director"], adjustment=made, approve=True, decision="", now=NOW)


def _stored(card):
    return Reading.objects.get(measure=_measure(card), month=int(JANUARY))


PATHS = {
    "record": lambda card, people: record(_measure(card), people["officer"], 99.0),
    "enter": lambda card, people: readings.enter_reading(
        actor=people["officer"], measure=_measure(card), month=JANUARY, today=cast.TODAY, seen=None, numbers={"value": 99.0}
    ),
    "mark": lambda card, people: readings.record_reading(
        actor=people["officer"], measure=_measure(card), month=JANUARY, today=cast.TODAY, not_applicable="closed hall"
    ),
    "clear": lambda card, people: readings.clear_reading(actor=people["officer"], measure=_measure(card), month=JANUARY),
    "note": lambda card, people: readings.annotate(actor=people["officer"], measure=_measure(card), month=JANUARY, note="x"),
    "submit": lambda card, people: verification.submit(actor=people["officer"], scorecard=card, month=JANUARY, now=NOW),
    "verify": lambda card, people: verification.verify(
        actor=people["manager"], scorecard=card, month=JANUARY, seen={_stored(card).pk: _stored(card).version}, now=NOW
    ),
    "return": lambda card, people: verification.send_back(
        actor=people["manager"], scorecard=card, month=JANUARY, seen={_stored(card).pk: _stored(card).version}, reason="x", now=NOW
    ),
    "import a value": lambda card, people: _import(card, people, lambda doc: _node(doc)["readings"][0].update(value=99)),
    "import without a value": lambda card, people: _import(card, people, lambda doc: _node(doc)["readings"].pop(0)),
    "import a target": lambda card, people: _import(card, people, lambda doc: _node(doc)["targets"][0].update(points=[0, 50])),
    "import a weight": lambda card, people: _import(card, people, lambda doc: _node(doc).update(weight=7)),
    "import an adjustment": lambda card, people: _import(card, people, lambda doc: doc["adjustments"][0].update(points=5)),
    "import without a measure": lambda card, people: _import(
        card, people, lambda doc: doc["perspectives"][0]["objectives"][0]["measures"].pop(0)
    ),
    "upload": _file,
    "weights": _weigh,
    "adjustment": _adjust,
    "save": lambda card, people: Reading(
        pk=_stored(card).pk, measure=_measure(card), month=JANUARY, value=1.0, state="draft", entered_at=NOW
    ).save(),
    "update": lambda card, people: Reading.objects.filter(measure=_measure(card), month=int(JANUARY)).update(value=1.0),
    "bulk update": lambda card, people: Reading.objects.bulk_update([Reading(pk=_stored(card).pk, value=2.0)], ["value"]),
    "bulk create": lambda card, people: Reading.objects.bulk_create([Reading(measure=_measure(card), month=JANUARY, value=2.0)]),
    "move into it": lambda card, people: Reading.objects.filter(measure=_measure(card), month=int(FEBRUARY)).update(
        month=int(JANUARY), measure=card.measures.get(code="M2")
    ),
    "move out of it": lambda card, people: Reading.objects.filter(measure=_measure(card), month=int(JANUARY)).update(month=int(MARCH)),
    "delete": lambda card, people: Reading.objects.filter(measure=_measure(card)).delete(),
    "delete the measure": lambda card, people: _measure(card).delete(),
    "raw update": lambda card, people: _raw("UPDATE scorecards_reading SET value = 3 WHERE month = %s", int(JANUARY)),
    "raw delete": lambda card, people: _raw("DELETE FROM scorecards_reading WHERE month = %s", int(JANUARY)),
    "raw score": lambda card, people: _raw("UPDATE scorecards_score SET score = 120 WHERE published_as = 1"),
    "raw score put aside": lambda card, people: _raw("UPDATE scorecards_score SET revision = 1 WHERE published_as = 1"),
    "raw score deleted": lambda card, people: _raw("DELETE FROM scorecards_score WHERE period = %s", int(JANUARY)),
    "raw adjustment": lambda card, people: Adjustment.objects.filter(scorecard=card).update(points=9),
    "raw reopening": lambda card, people: _raw("UPDATE scorecards_closing SET reopened_at = closed_at"),
    "raw revision": lambda card, people: _raw("UPDATE scorecards_closing SET frozen = '{}'"),
    "raw closing deleted": lambda card, people: _raw("DELETE FROM scorecards_closing"),
}


@pytest.mark.parametrize("path", PATHS)
def test_no_way_of_writing_reaches_a_closed_month(closed, people, path):
    before = printed(), list(Reading.objects.filter(month=int(JANUARY)).values()), list(Closing.objects.values())
    with pytest.raises((ScorecardError, DatabaseError)), transaction.atomic():
        PATHS[path](closed, people)
    assert (printed(), list(Reading.objects.filter(month=int(JANUARY)).values()), list(Closing.objects.values())) == before


def test_the_same_paths_are_open_before_closing(card, people):
    """The control: what is refused above is refused because of the closing."""
    open_paths = [name for name in PATHS if name not in {"submit", "move into it", "raw revision", "bulk create"} and "raw" not in name]
    refused = []
    for name in open_paths:
        try:
            with transaction.atomic():
                PATHS[name](card, people)
                transaction.set_rollback(True)
        except (ScorecardError, DatabaseError) as error:
            refused.append((name, error))
    assert refused == []


def test_the_api_and_the_pages_refuse_in_words(closed, as_user):
    measure = _measure(closed)
    client = as_user("officer")
    answer = client.post(reverse("scorecards:entry-row", args=["HOUSE", "2026-01", measure.pk]), {"value": "9", "seen": "1"})
    assert "is closed. Ask for a correction" in answer.content.decode()
    rows = json.dumps([{"measure": measure.pk, "seen": 1, "value": "9"}])
    answer = client.post(reverse("scorecards:entry-block", args=["HOUSE", "2026-01"]), {"rows": rows})
    assert "is closed. Ask for a correction" in answer.json()["rows"][str(measure.pk)]
    page = client.get(reverse("scorecards:entry", args=["HOUSE", "2026-01"])).content.decode()
    assert "is closed as revision 1" in page
    assert "Request a correction" in page


@pytest.mark.parametrize("address", ["/units/HOUSE/", "/units/HOUSE/scorecard/", "/units/HOUSE/scorecard/2026/explanation/"])
def test_pages_of_a_closed_period_say_so(closed, as_user, address):
    text = as_user("director").get(f"{address}?month=2026-01").content.decode()
    assert "Closed, revision 1" in text
    assert "/units/HOUSE/months/2026-01/" in text


def test_a_document_says_where_it_reaches_into_a_closed_month(closed, people):
    with pytest.raises(DocumentFaults) as refusal:
        _import(closed, people, lambda document: _node(document)["targets"][0].update(points=[0, 50]))
    assert refusal.value.faults[0].path == "perspectives[0].objectives[0].measures[0].targets"


def test_a_closed_month_does_not_lock_the_next_one(closed, people):
    record(_measure(closed), people["officer"], 99.0, month=FEBRUARY)
    _import(closed, people, lambda document: _node(document)["targets"].append({"from": "2026-02", "points": [0, 50]}))
    assert shown(closed, FEBRUARY).score > 60


def test_correcting_reopening_and_closing_again_leaves_two_revisions(closed, people):
    measure, officer = _measure(closed), people["officer"]
    first = printed()
    asked = correction.ask(
        actor=officer, measure=measure, month=JANUARY, numbers={"value": 90.0}, not_applicable="", reason="Typo", evidence="Log", now=NOW
    )
    correction.decide(actor=people["chief"], correction=asked, approve=True, decision="", now=NOW)
    assert printed() == first
    reopen(closed, people)
    stored = _stored(closed)
    assert (stored.value, stored.state, stored.entered_by, stored.verified_by) == (90.0, "verified", officer, people["chief"])
    assert Correction.objects.get().state == "applied"
    assert printed()["score"] == 72.0
    record(measure, officer, 95.0)
    closing.close(actor=people["scorecards"], unit=closed.unit, month=JANUARY, below=True, now=NOW)
    heads, rows = revisions(closed, JANUARY)
    assert [(head.closing.revision, head.score) for head in heads] == [(1, "62.0"), (2, "74.5")]
    assert [cell.value for cell in rows[0].cells] == ["70", "95"]
    assert (rows[0].code, rows[0].differs, rows[1].differs) == ("M1", True, False)


def test_a_revision_put_aside_cannot_be_changed_either(closed, people):
    reopen(closed, people)
    for sql in ("UPDATE scorecards_score SET score = 1 WHERE revision = 1", "DELETE FROM scorecards_score WHERE revision = 1"):
        with pytest.raises(DatabaseError), transaction.atomic():
            _raw(sql)
    assert Score.objects.filter(revision=1).count() == 3


def test_reopening_needs_a_second_person_and_one_decision(closed, people):
    asked = closing.ask_reopening(actor=people["manager"], unit=closed.unit, month=JANUARY, below=True, reason="x", now=NOW)
    told = {"reopening": asked, "approve": True, "decision": "", "now": NOW}
    with pytest.raises(SamePerson):
        closing.decide_reopening(actor=people["manager"], **told)
    with pytest.raises(AlreadyAsked):
        closing.ask_reopening(actor=people["scorecards"], unit=closed.unit, month=JANUARY, below=True, reason="y", now=NOW)
    closing.decide_reopening(actor=people["director"], **told)
    with pytest.raises(AlreadyDecided):
        closing.decide_reopening(actor=people["director"], **told)
    with pytest.raises(DatabaseError), transaction.atomic():
        Reopening.objects.filter(pk=asked.pk).update(decided_by=F("asked_by"))


def test_a_refused_reopening_opens_nothing(closed, people):
    asked = closing.ask_reopening(actor=people["manager"], unit=closed.unit, month=JANUARY, below=True, reason="x", now=NOW)
    closing.decide_reopening(actor=people["director"], reopening=asked, approve=False, decision="No", now=NOW)
    with pytest.raises(MonthClosed):
        record(_measure(closed), people["officer"], 1.0)


def test_a_month_is_not_reopened_while_a_later_one_is_closed(card, people):
    closing.close(actor=people["scorecards"], unit=card.unit, month=FEBRUARY, below=True, now=NOW)
    with pytest.raises(LaterClosed, match="Feb 2026"):
        closing.ask_reopening(actor=people["manager"], unit=card.unit, month=JANUARY, below=True, reason="x", now=NOW)


def test_what_is_not_closed_needs_neither_reopening_nor_correction(card, people):
    with pytest.raises(NotClosed):
        closing.ask_reopening(actor=people["manager"], unit=card.unit, month=JANUARY, below=True, reason="x", now=NOW)
    told = {"numbers": {"value": 1.0}, "not_applicable": "", "reason": "x", "evidence": "x", "now": NOW}
    with pytest.raises(NotClosed):
        correction.ask(actor=people["officer"], measure=_measure(card), month=JANUARY, **told)


def test_a_correction_of_what_has_moved_since_is_not_written(closed, people):
    told = {"measure": _measure(closed), "month": JANUARY, "not_applicable": "", "reason": "x", "evidence": "x", "now": NOW}
    with pytest.raises(SameValue):
        correction.ask(actor=people["officer"], numbers={"value": 70.0}, **told)
    asked = correction.ask(actor=people["officer"], numbers={"value": 9.0}, **told)
    reopen(closed, people)
    with pytest.raises(NotClosed):
        correction.decide(actor=people["chief"], correction=asked, approve=True, decision="", now=NOW)
    record(_measure(closed), people["officer"], 33.0)
    closing.close(actor=people["scorecards"], unit=closed.unit, month=JANUARY, below=True, now=NOW)
    with pytest.raises(ValueMoved):
        correction.decide(actor=people["chief"], correction=asked, approve=True, decision="", now=NOW)
    assert _stored(closed).value == 33


def test_trying_other_weights_is_possible_while_a_month_is_closed(closed, as_user):
    page = as_user("scorecards").get(reverse("scorecards:what-if", args=["HOUSE", 2026]) + "?month=2026-02")
    assert page.status_code == 200
    document = _document(closed, lambda found: _node(found).update(weight=7))
    with trying([document]):
        pass
    measure = _measure(closed)
    preview = as_user("scorecards").post(reverse("scorecards:measure-preview", args=[measure.pk]), {"source": "formula", "formula": "M2"})
    assert preview.status_code == 200


@pytest.mark.needs_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_migration_may_remake_a_guarded_table():
    call_command("migrate", verbosity=0)
    with pytest.raises(DatabaseError), connection.schema_editor() as editor:
        editor._remake_table(Measure)
    take_down_guard(connection.alias)
    with connection.schema_editor() as editor:
        editor._remake_table(Measure)
    put_up_guard(connection.alias)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'closed_%'")
        assert cursor.fetchone()[0] == 11


def test_a_correction_is_decided_once_by_another_person(closed, people):
    told = {"numbers": {"value": 1.0}, "not_applicable": "", "reason": "x", "evidence": "x", "now": NOW}
    asked = correction.ask(actor=people["chief"], measure=_measure(closed), month=JANUARY, **told)
    with pytest.raises(AlreadyAsked):
        correction.ask(actor=people["officer"], measure=_measure(closed), month=JANUARY, **told)
    with pytest.raises(SamePerson):
        correction.decide(actor=people["chief"], correction=asked, approve=True, decision="", now=NOW)
    correction.decide(actor=people["manager"], correction=asked, approve=False, decision="No proof", now=NOW)
    with pytest.raises(AlreadyDecided):
        correction.decide(actor=people["manager"], correction=asked, approve=True, decision="", now=NOW)


def test_many_scorecards_are_closed_by_a_job(card, people, monkeypatch):
    monkeypatch.setattr(closing, "AT_ONCE", 0)
    run = closing.begin(actor=people["scorecards"], unit=card.unit, month=JANUARY, below=True, now=NOW)
    assert not Closing.objects.exists()
    outbox.drain(now=datetime.now(tz=UTC))
    run.refresh_from_db()
    assert (run.state, Closing.objects.count()) == ("done", 1)


RACES, UNITS = 1000, 84
LATEST_START = 0.02


@pytest.mark.needs_redis
@pytest.mark.django_db(transaction=True)
def test_1000_races_of_closing_against_editing(people):
    """Each edit is either fully in the revision, or refused. It begins a little later than the closing, which has more to look at before
    both want the same lock."""
    documents = [
        read_document(
            cast.document(
                cast.measure("M1", readings=cast.readings(*[10.0] * 12, year=2025), targets=[{"from": "2025-01", "points": [0, 100]}]),
                unit=f"U{i}",
                year=2025,
            )
        )
        for i in range(UNITS)
    ]
    cards = import_documents(actor=people["scorecards"], documents=documents)
    measures = {measure.scorecard_id: measure for measure in Measure.objects.select_related("scorecard__unit")}
    chance, accepted, refused = random.Random(5), 0, 0
    with Racers(2) as racers:
        for trial in range(RACES):
            card, month = cards[trial % UNITS], Month.of(2025, trial // UNITS + 1)
            value, wait = float(20 + trial % 70), LATEST_START * chance.random() ** 3

            def edit(measure=measures[card.pk], month=month, value=value, wait=wait):
                time.sleep(wait)
                record(measure, people["officer"], value, month=month)

            def close(unit=card.unit, month=month):
                closing.close(actor=people["scorecards"], unit=unit, month=month, below=False, now=NOW)

            raised = racers.race(edit, close)
            assert all(isinstance(error, MonthClosed) for error in raised), raised
            expected = 10.0 if raised else value
            frozen = Closing.objects.get(scorecard=card, month=int(month)).frozen
            assert _node(frozen)["readings"][0]["value"] == expected == shown(card, month).score
            assert Reading.objects.get(measure=measures[card.pk], month=int(month)).value == expected
            accepted, refused = accepted + (not raised), refused + bool(raised)
    assert accepted > RACES // 20
    assert refused > RACES // 20
