"""Talks, the log, suggestions, and the measures that the system counts out of them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from communication.models import Notice
from communication.selectors.todo import todos
from ledger.services import outbox
from scorecards.errors import FedAutomatically, NothingToDo, OutOfDate
from scorecards.models import Month, Reading
from scorecards.services import feed
from scorecards.services.reading import enter_reading
from staff.errors import TalkClosed
from staff.models import Agreement, Talk
from staff.selectors.talk import next_due
from staff.services import agreement, log, talk
from tests import cast
from tests.conftest import NOW
from tests.staff import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(load):
    return load(
        cast.document(
            cast.measure("M1", method="ratio", factor=100),
            cast.measure("M2", readings=cast.readings(50)),
            cast.measure("P7-02", method="ratio", factor=100),
            cast.measure("L3-02", method="ratio", factor=100),
            cast.measure("L5-01", method="sum"),
        )
    )


@pytest.fixture
def clerk(card, people):
    found = make.clerk(people, card, people["chief"])
    people[found.username] = found
    return found


@pytest.fixture
def held(clerk, card, people):
    made = talk.plan(actor=people["chief"], person=clerk, unit=card.unit, planned_on=cast.TODAY, now=NOW)
    return talk.write(actor=people["chief"], talk=made, version=1, fields={"chief_notes": "Well done", "held_on": cast.TODAY}, now=NOW)


def test_a_talk_that_is_planned_twice_for_a_day_is_one(clerk, people, as_user):
    for _ in range(2):
        answer = as_user("chief").post(reverse("staff:talks", args=[clerk.pk]), {"planned_on": "2026-04-01"})
    assert answer["Location"] == reverse("staff:talk", args=[Talk.objects.get(person=clerk, planned_on="2026-04-01").pk])
    assert Notice.objects.filter(recipient=clerk, topic="talk_planned").count() == 1


def test_the_officer_confirms_what_both_have_said_and_then_it_stays(held, clerk, people):
    noted = talk.write(actor=clerk, talk=held, version=2, fields={"officer_notes": "Thanks"}, now=NOW)
    with pytest.raises(OutOfDate):
        talk.confirm(actor=clerk, talk=held, version=2, now=NOW)
    talk.confirm(actor=clerk, talk=noted, version=3, now=NOW)
    with pytest.raises(TalkClosed):
        talk.write(actor=people["chief"], talk=noted, version=3, fields={"chief_notes": "Other"}, now=NOW)
    with pytest.raises(NothingToDo):
        talk.confirm(actor=clerk, talk=noted, version=3, now=NOW)


def test_each_writes_only_what_is_theirs(held, clerk, people, as_user):
    as_user(clerk.username).post(reverse("staff:talk", args=[held.pk]), {"version": 2, "officer_notes": "Mine", "chief_notes": "Not mine"})
    held.refresh_from_db()
    assert (held.officer_notes, held.chief_notes) == ("Mine", "Well done")


def test_a_stale_page_keeps_what_was_typed_and_overwrites_nothing(held, clerk, as_user):
    talk.write(actor=clerk, talk=held, version=2, fields={"officer_notes": "First"}, now=NOW)
    typed = {"version": 2, "planned_on": "2026-03-20", "chief_notes": "Second thoughts"}
    page = as_user("chief").post(reverse("staff:talk", args=[held.pk]), typed).content.decode()
    assert "Second thoughts" in page
    assert Talk.objects.get(pk=held.pk).chief_notes == "Well done"


def test_a_talk_is_due_a_quarter_after_the_last_one():
    assert next_due(date(2026, 1, 31), date(2020, 1, 1)) == date(2026, 4, 30)
    assert next_due(None, date(2025, 11, 30)) == date(2026, 2, 28)


def test_a_talk_to_confirm_and_a_step_to_take_are_to_dos_of_the_officer(held, clerk, people):
    talk.improve(actor=people["chief"], talk=held, text="Queue at the peak", training="Crowds", due_on=cast.TODAY)
    tomorrow = cast.TODAY + timedelta(days=1)
    assert {"Confirm the notes of your performance talk", "Improve: Queue at the peak"} <= {todo.title for todo in todos(clerk, tomorrow)}
    talk.finish(actor=clerk, improvement=held.improvements.get(), today=tomorrow)
    assert "Improve: Queue at the peak" not in {todo.title for todo in todos(clerk, tomorrow)}


def test_an_entry_of_the_chief_can_be_replied_to_once(clerk, card, people):
    entry = log.write(actor=people["chief"], person=clerk, unit=card.unit, day=cast.TODAY, kind="incident", text="Late", now=NOW)
    log.reply(actor=clerk, entry=entry, text="The bus")
    with pytest.raises(NothingToDo):
        log.reply(actor=clerk, entry=entry, text="Again")


def test_a_suggestion_is_answered_once_and_never_by_who_made_it(clerk, card, people, as_user):
    made = log.suggest(actor=people["chief"], unit=card.unit, title="Signs", text="Two languages", now=NOW)
    address = reverse("staff:suggestion", args=[made.pk])
    assert as_user("chief").post(address, {"verdict": "adopt", "answer": "Yes"}).status_code == 403
    assert as_user("manager").post(address, {"verdict": "adopt", "answer": "Yes"}).status_code == 302
    with pytest.raises(NothingToDo):
        log.answer(actor=people["manager"], suggestion=made, adopted=False, text="No", now=NOW)


def counted(code: str) -> dict[str, float | None]:
    """What stands in March of the year that runs."""
    row = Reading.objects.get(measure__code=code, measure__scorecard__officer="", month=int(Month.of_day(timezone.localdate())))
    return {name: getattr(row, name) for name in ("value", "numerator", "denominator")}


@pytest.fixture
def this_year(load, people):
    """The same in the year that runs, since the system counts as of today."""
    year = timezone.localdate().year
    measures = [cast.measure(code, method="ratio", factor=100) for code in ("M1", "P7-02", "L3-02")]
    measures += [cast.measure("L5-01", method="sum")]
    for one in measures:
        one["targets"] = [{"from": f"{year}-01", "points": [0, 100]}]
    card = load(cast.document(*measures, year=year))
    post = make.post(people["manager"], card.unit, [make.line("M1"), *(make.line(f"D{i}", "own") for i in range(3))])
    from staff.services.posting import appoint

    for name in ("anna", "bert"):
        people[name] = make.person(name, card.unit)
        appoint(actor=people["manager"], person=people[name], unit=card.unit, post=post, from_date=date(year, 1, 1))
    make.give(people["manager"], post, year=year)
    for code, source in (("P7-02", "talks"), ("L3-02", "agreements"), ("L5-01", "proposals")):
        feed.connect(
            actor=people["manager"], unit=card.unit, measure=card.measures.get(code=code), source=source, today=timezone.localdate()
        )
    return card


def test_talks_agreements_and_suggestions_count_by_themselves(this_year, people):
    today, now = timezone.localdate(), timezone.now()
    made = talk.plan(actor=people["chief"], person=people["anna"], unit=this_year.unit, planned_on=today, now=now)
    made = talk.write(actor=people["chief"], talk=made, version=1, fields={"held_on": today}, now=now)
    talk.confirm(actor=people["anna"], talk=made, version=made.version, now=now)
    first = Agreement.objects.get(scorecard__officer="anna")
    agreement.talk_over(actor=people["chief"], agreement=first, day=today)
    agreement.sign(actor=people["anna"], agreement=first, now=now, today=today)
    agreement.sign(actor=people["chief"], agreement=first, now=now, today=today)
    idea = log.suggest(actor=people["bert"], unit=this_year.unit, title="Signs", text="Two languages", now=now)
    log.answer(actor=people["chief"], suggestion=idea, adopted=True, text="Yes", now=now)
    outbox.drain(now=timezone.now())
    assert counted("P7-02") == counted("L3-02") == {"value": None, "numerator": 1, "denominator": 2}
    assert counted("L5-01")["value"] == 50


def test_what_the_system_counts_is_not_typed(this_year, people):
    measure = this_year.measures.select_related("scorecard__unit").get(code="L5-01")
    with pytest.raises(FedAutomatically):
        enter_reading(
            actor=people["officer"],
            measure=measure,
            month=Month.of_day(timezone.localdate()),
            today=timezone.localdate(),
            seen=None,
            numbers={"value": 1},
        )
