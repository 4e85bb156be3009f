"""To-dos, news, reminders, the daily mail, deputies."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from communication.models import Digest, Notice
from communication.selectors import notice as notices
from communication.selectors.todo import todos
from communication.services import digest
from organisation.models import Unit
from organisation.services import delegation
from scorecards.models import Assignment, Month, Reading
from scorecards.services import adjustment, assignment, closing, correction, reminder, verification
from scorecards.services import reading as readings
from tests import cast
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
FEBRUARY, MARCH = Month.of(2026, 2), Month.of(2026, 3)
JANUARY_ALONE = cast.readings(70)


@pytest.fixture
def card(load):
    """Of three months the last whole one, February, has not been reported; today is 20 March."""
    return load(cast.document(cast.measure("M1", readings=JANUARY_ALONE), cast.measure("M2", readings=JANUARY_ALONE)))


def titles(person, today=cast.TODAY):
    return [todo.title for todo in todos(person, today)]


def enter(card, code, person, month=FEBRUARY, value=50.0):
    measure = card.measures.get(code=code)
    return readings.enter_reading(actor=person, measure=measure, month=month, today=cast.TODAY, seen=None, numbers={"value": value})


def test_a_todo_vanishes_when_its_work_is_done_and_the_next_one_appears(card, people):
    officer, manager = people["officer"], people["manager"]
    assert "Enter 2 values of House, Feb 2026" in titles(officer)
    enter(card, "M1", officer)
    assert "Enter 1 value of House, Feb 2026" in titles(officer)
    enter(card, "M2", officer)
    assert "Submit 2 drafts of House, Feb 2026" in titles(officer)
    assert "Verify 2 values of House, Feb 2026" not in titles(manager)
    verification.submit(actor=officer, scorecard=card, month=FEBRUARY, now=NOW)
    assert not [title for title in titles(officer) if "Feb 2026" in title]
    assert "Verify 2 values of House, Feb 2026" in titles(manager)
    one, two = Reading.objects.filter(month=int(FEBRUARY)).order_by("pk")
    verification.send_back(actor=manager, scorecard=card, month=FEBRUARY, seen={one.pk: one.version}, reason="Why?", now=NOW)
    verification.verify(actor=manager, scorecard=card, month=FEBRUARY, seen={two.pk: two.version}, now=NOW)
    assert "Correct 1 returned value of House, Feb 2026" in titles(officer)
    assert "Verify 2 values of House, Feb 2026" not in titles(manager)


def test_late_work_comes_first(card, people):
    found = todos(people["officer"], cast.TODAY)
    assert (found[0].late, found[0].due) == (True, date(2026, 3, 10))


def test_one_does_not_verify_what_one_entered(card, people):
    enter(card, "M1", people["chief"])
    verification.submit(actor=people["chief"], scorecard=card, month=FEBRUARY, now=NOW)
    assert not [title for title in titles(people["chief"]) if title.startswith("Verify") and "Feb" in title]
    assert "Verify 1 value of House, Feb 2026" in titles(people["manager"])


def test_work_goes_to_whoever_reports_the_measure(card, people):
    assignment.assign(actor=people["manager"], unit=card.unit, codes=["M1"], person=people["officer"], today=cast.TODAY)
    assert "Enter 2 values of House, Feb 2026" in titles(people["officer"])
    assert "Enter 1 value of House, Feb 2026" in titles(people["chief"])


def test_a_deputy_is_given_the_work_too(card, people):
    assignment.assign(actor=people["manager"], unit=card.unit, codes=["M1", "M2"], person=people["officer"], today=cast.TODAY)
    assert not [title for title in titles(people["chief"]) if title.startswith("Enter")]
    delegation.delegate(actor=people["officer"], deputy=people["chief"], from_date=cast.TODAY, until_date=cast.TODAY)
    assert "Enter 2 values of House, Feb 2026" in titles(people["chief"])
    assert not [title for title in titles(people["chief"], cast.TODAY + timedelta(days=1)) if title.startswith("Enter 2")]


def test_handing_over_moves_everything_and_keeps_the_history(card, people):
    unit = card.unit
    assignment.assign(actor=people["manager"], unit=unit, codes=["M1", "M2"], person=people["officer"], today=date(2026, 1, 5))
    told = {"unit": unit, "giver": people["officer"], "taker": people["chief"], "now": NOW}
    assert assignment.hand_over(actor=people["manager"], today=cast.TODAY, **told) == 2
    rows = Assignment.objects.filter(code="M1").values_list("person__username", "from_date", "until_date")
    assert list(rows) == [("officer", date(2026, 1, 5), date(2026, 3, 19)), ("chief", cast.TODAY, None)]
    assert Notice.objects.get(topic="handed_over").recipient == people["chief"]


def test_decisions_wait_for_those_who_may_take_them(card, people):
    closing.close(actor=people["scorecards"], unit=card.unit, month=Month.of(2026, 1), below=True, now=NOW)
    asked = {"numbers": {"value": 5.0}, "not_applicable": "", "reason": "x", "evidence": "x", "now": NOW}
    correction.ask(actor=people["officer"], measure=card.measures.get(code="M1"), month=Month.of(2026, 1), **asked)
    closing.ask_reopening(actor=people["manager"], unit=card.unit, month=Month.of(2026, 1), below=True, reason="x", now=NOW)
    item = adjustment.create_item(actor=people["scorecards"], unit=card.unit, code="X", name="X", name_zh="", points=1)
    adjustment.propose(actor=people["manager"], scorecard=card, item=item, month=FEBRUARY, reason="x", evidence="x", now=NOW)
    assert "Decide 1 correction of House" in titles(people["manager"])
    assert "Decide the reopening of Jan 2026 of House" in titles(people["director"])
    assert not [title for title in titles(people["officer"]) if title.startswith("Decide")]
    assert titles(people["stranger"]) == titles(people["audit"]) == []


def test_the_administrator_closes_the_first_open_month(card, people):
    assert "Close Jan 2026 of House" in titles(people["scorecards"])
    closing.close(actor=people["scorecards"], unit=card.unit, month=Month.of(2026, 1), below=True, now=NOW)
    assert "Close Feb 2026 of House" in titles(people["scorecards"])


def reminded(day, topic):
    reminder.remind(today=day, now=datetime(day.year, day.month, day.day, tzinfo=UTC))
    return sorted(Notice.objects.filter(topic=topic).values_list("recipient__username", flat=True))


def test_reminders_come_before_and_after_the_deadline_once_each(card):
    assert reminded(date(2026, 3, 6), "due_soon") == []
    assert reminded(date(2026, 3, 7), "due_soon") == ["chief", "manager", "officer"]
    assert reminded(date(2026, 3, 8), "due_soon") == ["chief", "manager", "officer"]
    assert reminded(date(2026, 3, 10), "overdue") == []
    assert reminded(date(2026, 3, 11), "overdue") == ["chief", "manager", "officer"]
    assert reminded(date(2026, 3, 15), "escalated") == []
    assert reminded(date(2026, 3, 16), "escalated") == ["chief", "manager"]


def test_nobody_is_reminded_of_what_is_there(card, people):
    for code in ("M1", "M2"):
        enter(card, code, people["officer"])
    assert reminded(date(2026, 3, 20), "overdue") == []


def test_a_measure_that_is_silent_for_two_months_is_named(load):
    load(cast.document(cast.measure("M1", readings=cast.readings(1, 2)), cast.measure("S1", name="Silent", name_zh="沉默")))
    assert reminded(date(2026, 3, 20), "silent") == ["chief", "manager"]
    with translation.override("zh-hans"):
        assert "沉默" in notices.line(Notice.objects.filter(topic="silent")[0]).text


def test_every_topic_has_a_sentence_in_both_languages(people):
    about = dict.fromkeys(("who", "what", "text", "month", "why", "unit", "file", "number", "day", "units", "year", "whose"), "x")
    for topic in notices.topics():
        made = Notice(recipient=people["officer"], topic=topic, about=about, at=NOW)
        english = notices.line(made).text
        with translation.override("zh-hans"):
            assert notices.line(made).text != english


@pytest.fixture
def mailing(settings):
    settings.EMAIL_HOST = "mail.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def at(hour, minute=0):
    return datetime(2026, 3, 20, hour - 8, minute, tzinfo=UTC)


def test_one_mail_a_day_after_its_hour_in_the_language_of_the_reader(card, people, mailing):
    officer = people["officer"]
    officer.language = "zh-hans"
    officer.save(update_fields=["language"])
    digest.subscribe(actor=officer, address="li@customs.example")
    assert digest.send_due(now=at(8, 20)) == 0
    assert digest.send_due(now=at(8, 31)) == 1
    assert digest.send_due(now=at(9)) == 0
    assert "填报海关 2026年2月数据，共2项" in mail.outbox[0].body
    assert "http://127.0.0.1:8000/entry/HOUSE/2026-02/" in mail.outbox[0].body


def test_without_a_mail_server_nothing_is_sent_and_nothing_breaks(card, people):
    digest.subscribe(actor=people["officer"], address="li@customs.example")
    assert digest.send_due(now=at(12)) == 0
    assert not Digest.objects.exists()


def test_a_mail_that_cannot_be_sent_is_tried_again(card, people, mailing, monkeypatch):
    digest.subscribe(actor=people["officer"], address="li@customs.example")

    def fail(*_args, **_kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(digest, "send_mail", fail)
        assert digest.send_due(now=at(9)) == 0
    assert digest.send_due(now=at(9)) == 1


def test_news_are_searched_and_read(card, people, as_user):
    reminded(date(2026, 3, 20), "overdue")
    client = as_user("officer")
    assert "was due on March 10" in client.get(reverse("communication:news")).content.decode()
    assert "No news fit" in client.get(reverse("communication:news") + "?q=zzz").content.decode()
    assert client.post(reverse("communication:inbox-read")).status_code == 302
    assert not notices.unread(people["officer"]).exists()
    assert notices.unread(people["chief"]).exists()


def test_the_inbox_asks_the_same_number_of_questions_at_1_and_30_measures(load, people, django_assert_max_num_queries):
    for number in (1, 30):
        load(cast.document(*(cast.measure(f"M{i}") for i in range(number))))
        with django_assert_max_num_queries(40):
            todos(people["manager"], cast.TODAY)


def test_what_a_unit_below_owes_is_not_the_todo_of_the_unit_above(load, people):
    load(cast.document(cast.measure("D1"), unit="DIVISION"))
    assert not [title for title in titles(people["officer"]) if "Division" in title]
    division = Unit.objects.get(code="DIVISION")
    assignment.assign(actor=people["manager"], unit=division, codes=["D1"], person=people["officer"], today=cast.TODAY)
    assert [title for title in titles(people["officer"]) if "Division" in title]
