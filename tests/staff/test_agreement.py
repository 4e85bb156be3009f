"""Agreements: talked over, signed by both, frozen, changed by request."""

from datetime import timedelta

import pytest
from django.urls import reverse

from communication.models import Notice
from communication.selectors.todo import todos
from scorecards.errors import NothingToDo
from scorecards.models import Month
from scorecards.selectors.document import definition_of
from staff.errors import AlreadySigned, ChangeOpen, NothingChanged, TalkFirst
from staff.models import Agreement
from staff.selectors.agreement import stands
from staff.services import agreement as service
from staff.services import reminder
from tests import cast
from tests.conftest import NOW
from tests.staff import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(load, people):
    card = load(cast.document(cast.measure("M1", method="ratio", factor=100), cast.measure("M2", readings=cast.readings(50))))
    return make.clerk(people, card, people["chief"])


@pytest.fixture
def first(clerk):
    return Agreement.objects.get(scorecard__officer=clerk.username)


def signed(first, clerk, people):
    service.talk_over(actor=people["chief"], agreement=first, day=cast.TODAY)
    service.sign(actor=clerk, agreement=first, now=NOW, today=cast.TODAY)
    return service.sign(actor=people["chief"], agreement=first, now=NOW, today=cast.TODAY)


def test_nobody_signs_before_the_talk(first, clerk):
    with pytest.raises(TalkFirst):
        service.sign(actor=clerk, agreement=first, now=NOW, today=cast.TODAY)


def test_it_is_in_force_with_the_second_signature_and_keeps_what_was_signed(first, clerk, people):
    service.talk_over(actor=people["chief"], agreement=first, day=cast.TODAY)
    assert service.sign(actor=clerk, agreement=first, now=NOW, today=cast.TODAY).state == "draft"
    with pytest.raises(AlreadySigned):
        service.sign(actor=clerk, agreement=first, now=NOW, today=cast.TODAY)
    found = service.sign(actor=people["chief"], agreement=first, now=NOW, today=cast.TODAY)
    assert found.state == "agreed"
    assert found.document == definition_of(found.scorecard)
    with pytest.raises(NothingToDo):
        service.sign(actor=people["chief"], agreement=first, now=NOW, today=cast.TODAY)


def test_another_day_of_the_talk_asks_for_signatures_anew(first, clerk, people):
    service.talk_over(actor=people["chief"], agreement=first, day=cast.TODAY)
    service.sign(actor=clerk, agreement=first, now=NOW, today=cast.TODAY)
    service.talk_over(actor=people["chief"], agreement=first, day=cast.TODAY - timedelta(days=1))
    first.refresh_from_db()
    assert first.officer_signed_at is None


def test_a_change_is_in_force_from_its_month_once_both_have_signed(first, clerk, people):
    signed(first, clerk, people)
    card, june = make.card_of(clerk.username), Month.of(2026, 6)
    wanted = stands(definition_of(card), june)
    wanted["M1"] = {"weight": 20.0, "points": [0, 80]}
    wanted["D1"] = {**wanted["D1"], "weight": 30.0}
    asked = service.ask_change(actor=clerk, scorecard=card, from_month=june, wanted=wanted, reason="New hall", today=cast.TODAY, now=NOW)
    assert sorted(asked.changes) == ["D1", "M1"]
    assert stands(definition_of(card), june)["M1"]["weight"] == 25
    signed(asked, clerk, people)
    document = definition_of(card)
    assert stands(document, Month.of(2026, 5))["M1"] == {"weight": 25, "points": [0, 100]}
    assert stands(document, june)["M1"] == {"weight": 20, "points": [0, 80]}
    assert [node["weight"] for node in document["perspectives"]] == [100]
    assert [one.number for one in Agreement.objects.filter(scorecard=card, state="agreed").order_by("number")] == [1, 2]


def test_one_change_at_a_time_and_none_that_changes_nothing(first, clerk, people):
    signed(first, clerk, people)
    card, june = make.card_of(clerk.username), Month.of(2026, 6)
    told = {"actor": clerk, "scorecard": card, "from_month": june, "reason": "x", "today": cast.TODAY, "now": NOW}
    now = stands(definition_of(card), june)
    with pytest.raises(NothingChanged):
        service.ask_change(wanted=now, **told)
    other = {**now, "M1": {"weight": 30.0, "points": [0, 100]}, "D1": {**now["D1"], "weight": 20.0}}
    asked = service.ask_change(wanted=other, **told)
    with pytest.raises(ChangeOpen):
        service.ask_change(wanted=other, **told)
    service.withdraw(actor=people["chief"], agreement=asked, today=cast.TODAY, now=NOW)
    assert service.ask_change(wanted=other, **told).number == 3


def test_an_agreement_is_a_to_do_of_both_until_they_have_signed_and_late_when_its_time_is_over(first, clerk, people):
    def titles(person, day):
        return [(todo.title, todo.late) for todo in todos(person, day) if "scorecard" in todo.title and "sign" in todo.title]

    assert titles(clerk, cast.TODAY) == [("Look at your scorecard of 2026 and sign it", False)]
    Agreement.objects.update(due_on=cast.TODAY)
    tomorrow = cast.TODAY + timedelta(days=1)
    assert titles(people["chief"], tomorrow) == [("Talk over and sign the scorecard of Clerk-House", True)]
    signed(first, clerk, people)
    assert titles(clerk, tomorrow) == titles(people["chief"], tomorrow) == []


def test_the_leader_above_is_told_once_a_week_of_overdue_agreements(first, people):
    Agreement.objects.update(due_on=cast.TODAY - timedelta(days=3))
    for _time in range(2):
        reminder.remind(today=cast.TODAY, now=NOW)
    told = Notice.objects.filter(topic="agreement_overdue")
    assert {one.recipient.username for one in told} == {"director"}
    assert told.count() == 1


def test_weights_that_do_not_make_100_are_refused_and_what_was_typed_stays(first, clerk, people, as_user):
    signed(first, clerk, people)
    card = make.card_of(clerk.username)
    typed = {f"weight {code}": "30" for code in ("M1", "M2", "D1", "D2")}
    points = {f"points {code}": "0 / 100" for code in ("M1", "D1", "D2")}
    page = as_user("chief").post(
        reverse("staff:agreement-change", args=[card.pk]), {**typed, **points, "from_month": "2026-12", "reason": "More"}
    )
    text = page.content.decode()
    assert "The weights add up to 120; they must make 100." in text
    assert text.count('value="30"') == 4


def test_signing_twice_on_a_stale_page_has_one_effect(first, clerk, people, as_user):
    people[clerk.username] = clerk
    service.talk_over(actor=people["chief"], agreement=first, day=cast.TODAY)
    client = as_user("chief")
    for _time in range(2):
        assert client.post(reverse("staff:agreement-sign", args=[first.pk])).status_code == 302
    first.refresh_from_db()
    assert (first.state, first.chief) == ("draft", people["chief"])
