"""Who sees whose scorecard."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communication.permissions import WRITE_THREAD
from communication.selectors.thread import people_about
from organisation.models import Unit
from scorecards.access import SUBJECTS
from scorecards.models import Measure
from staff.models import Agreement, Posting
from staff.selectors.leader import chiefs_of, led_by, postings_led
from staff.services import talk
from staff.services.posting import appoint
from tests import cast
from tests.conftest import NOW
from tests.staff import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(load):
    return load(cast.document(cast.measure("M1", method="ratio", factor=100), cast.measure("M2", readings=cast.readings(50))))


@pytest.fixture
def clerk(card, people):
    found = make.clerk(people, card, people["chief"])
    people[found.username] = found
    return found


def measure_pages(card) -> list[str]:
    measure = Measure.objects.filter(scorecard=card, source="entered").first()
    return [
        reverse("scorecards:measure", args=[measure.pk]),
        reverse("scorecards:measure-history", args=[measure.pk]),
        reverse("scorecards:evidence", args=[measure.pk, "2026-02"]),
        reverse("scorecards:derivation", args=[card.address, 2026]),
        reverse("scorecards:entry", args=[card.address, "2026-02"]),
        reverse("communication:talk", args=["measure", measure.pk]),
        reverse("communication:talk", args=["reading", f"{measure.pk}.2026-02"]),
    ]


def test_an_officer_opens_everything_of_her_own_and_nothing_of_a_colleague(clerk, people, as_user):
    card = make.card_of(clerk.username)
    own = [reverse("staff:me"), reverse("staff:card", args=[card.pk]), *measure_pages(card)]
    own += [reverse(f"staff:{name}", args=[clerk.pk]) for name in ("explanation", "log", "talks", "service")]
    assert {path: as_user(clerk.username).get(path).status_code for path in own if "card" not in path} == {
        path: 200 for path in own if "card" not in path
    }
    others = [*own[1:], reverse("staff:person", args=[clerk.pk])]
    assert {as_user("officer").get(path).status_code for path in others} == {403}
    seen = [path for path in others if "/evidence/" not in path and "/entry/" not in path]
    assert {as_user("stranger").get(path).status_code for path in seen} == {404}


def test_a_chief_sees_and_verifies_but_does_not_report_in_the_officers_place(clerk, people, as_user):
    card = make.card_of(clerk.username)
    client = as_user("chief")
    assert client.get(reverse("scorecards:verification", args=[card.address, "2026-02"])).status_code == 200
    assert client.get(reverse("scorecards:entry", args=[card.address, "2026-02"])).status_code == 403


def test_what_an_officers_scorecard_says_is_changed_by_agreement_alone(clerk, as_user):
    card = make.card_of(clerk.username)
    measure = card.measures.filter(source="entered").first()
    doors = [reverse("scorecards:measure-edit", args=[measure.pk])]
    doors += [reverse(f"scorecards:{name}", args=[card.address, 2026]) for name in ("target-edit", "weight-edit", "rules-edit", "what-if")]
    assert {as_user("scorecards").get(path).status_code for path in doors} == {403}


def test_nobody_signs_or_writes_for_who_leads_the_same_unit(clerk, card, people, as_user):
    post = Posting.objects.get(person=clerk).post
    appoint(actor=people["director"], person=people["manager"], unit=card.unit, post=post, from_date=make.NEW_YEAR)
    make.give(people["scorecards"], post)
    agreement = Agreement.objects.get(scorecard__officer="manager")
    doors = [
        reverse("staff:agreement-sign", args=[agreement.pk]),
        *(reverse(f"staff:{name}", args=[people["manager"].pk]) for name in ("log", "talks")),
    ]
    assert {as_user("chief").post(path).status_code for path in doors} == {403}
    assert as_user("director").post(doors[0]).status_code == 302


def test_a_comment_on_an_officers_measure_reaches_no_colleague(clerk, people):
    measure = Measure.objects.filter(scorecard__officer=clerk.username, source="entered").first()
    told = people_about(SUBJECTS["measure"](clerk, str(measure.pk), WRITE_THREAD))
    assert {"officer", "former", "stranger"}.isdisjoint({one.username for one in told})
    assert {clerk.username, "chief", "manager", "director"} <= {one.username for one in told}


def test_a_chief_of_a_section_sees_that_section_alone(clerk, people, as_user):
    from organisation.choices import Role
    from organisation.services.membership import grant_role

    division = Unit.objects.get(code="DIVISION")
    people["section"] = make.person("section", division)
    grant_role(actor=None, person=people["section"], unit=division, role=Role.SECTION_CHIEF, from_date=cast.FIRST_DAY)
    client = as_user("section")
    assert client.get(reverse("staff:team", args=["DIVISION"])).status_code == 200
    assert client.get(reverse("staff:team", args=["HOUSE"])).status_code == 404
    assert client.get(reverse("staff:person", args=[clerk.pk])).status_code == 404
    text = client.get(reverse("staff:team", args=["DIVISION"])).content.decode()
    assert clerk.label not in text


def test_the_chief_of_a_chief_is_the_leader_above(clerk, people):
    house, today = Unit.objects.get(code="HOUSE"), cast.TODAY
    assert {one.username for one in chiefs_of(clerk, house, today)} == {"chief", "manager"}
    assert [one.username for one in chiefs_of(people["chief"], house, today)] == ["director"]
    assert [one.person for one in postings_led(led_by(people["chief"], today), people["chief"], today)] == [clerk]


def test_counts_searches_and_exports_hold_nothing_of_other_districts(clerk, people, as_user):
    client = as_user("stranger")
    for name in ("team", "agreements", "coverage", "cascade", "suggestions"):
        address = reverse(f"staff:{name}", args=["HOUSE"])
        assert {client.get(f"{address}{query}").status_code for query in ("", "?q=clerk", "?format=xlsx")} == {404}
    assert clerk.label not in client.get(reverse("staff:team", args=["OTHER"]) + "?q=clerk").content.decode()


PAGES = {
    "staff:team": "chief",
    "staff:agreements": "chief",
    "staff:coverage": "chief",
    "staff:cascade": "chief",
    "staff:postings": "manager",
    "staff:suggestions": "chief",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_the_same_number_of_questions_at_2_and_12_officers(clerk, people, as_user, name):
    def ask() -> int:
        client = as_user(PAGES[name])
        client.get(reverse(name, args=["HOUSE"]))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(name, args=["HOUSE"])).status_code == 200
        return len(asked)

    def add(numbers) -> None:
        post = Posting.objects.get(person=clerk).post
        for number in numbers:
            person = make.person(f"more-{number}", post.unit)
            appoint(actor=people["manager"], person=person, unit=post.unit, post=post, from_date=make.NEW_YEAR)
            talk.plan(actor=people["chief"], person=person, unit=post.unit, planned_on=cast.TODAY, now=NOW)
        make.give(people["manager"], post)

    add(range(1))
    few = ask()
    add(range(1, 11))
    assert ask() == few <= 34


def test_the_inbox_of_a_chief_asks_the_same_number_of_questions_at_1_and_11_officers(clerk, people, django_assert_max_num_queries):
    from communication.selectors.todo import todos

    for numbers in (range(0), range(10)):
        post = Posting.objects.get(person=clerk).post
        for number in numbers:
            person = make.person(f"more-{number}", post.unit)
            appoint(actor=people["manager"], person=person, unit=post.unit, post=post, from_date=make.NEW_YEAR)
        make.give(people["manager"], post)
        with django_assert_max_num_queries(50):
            assert todos(people["chief"], cast.TODAY)
