"""Fair scores: transfers, late comers, leave, small numbers of cases."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ledger.services import outbox
from organisation.models import Membership, Unit
from scorecards.models import Measure, Month, Reading
from scorecards.selectors.score import trend
from scorecards.services import definition
from scorecards.services.reading import record_reading
from staff.assembly.result import results
from staff.errors import AbsenceOverlaps, PostingOverlaps
from staff.models import Posting
from staff.selectors.posting import due_months
from staff.services import posting as service
from tests import cast
from tests.staff import make

pytestmark = pytest.mark.django_db
JANUARY, DECEMBER = Month.of(2026, 1), Month.of(2026, 12)
YEAR_END = date(2027, 1, 5)
LINES = [make.line("M1"), *(make.line(f"D{i}", "own") for i in range(3))]


@pytest.fixture
def post(load, people):
    card = load(cast.document(cast.measure("M1", method="ratio", factor=100)))
    return make.post(people["manager"], card.unit, LINES)


@pytest.fixture
def moved(post, people):
    """An officer who went from the house to its division on 10 May."""
    person = make.person("mover", Unit.objects.get(code="HOUSE"))
    told = {"actor": people["manager"], "person": person, "post": post}
    service.appoint(unit=Unit.objects.get(code="HOUSE"), from_date=make.NEW_YEAR, **told)
    make.give(people["manager"], post)
    service.appoint(unit=Unit.objects.get(code="DIVISION"), from_date=date(2026, 5, 10), **told)
    make.give(people["manager"], post)
    return person


def report(username: str, unit: str, months, numerator: float):
    for measure in Measure.objects.select_related("scorecard__unit").filter(scorecard__officer=username, scorecard__unit__code=unit):
        for number in months:
            parts = {"numerator": numerator, "denominator": 100.0}
            record_reading(actor=None, measure=measure, month=Month.of(2026, number), today=YEAR_END, numbers=parts)
    publish(username, unit)


def publish(username: str, unit: str):
    from scorecards.services.recompute import recompute

    recompute(make.card_of(username, unit).pk, changed=None, now=timezone.make_aware(timezone.datetime(2027, 1, 5)))


def test_a_month_belongs_to_the_post_that_is_held_for_more_of_it():
    before = due_months(make.NEW_YEAR, date(2026, 5, 9), 2026)
    after = due_months(date(2026, 5, 10), None, 2026)
    assert (before, after) == ((JANUARY, Month.of(2026, 4)), (Month.of(2026, 5), DECEMBER))
    assert due_months(date(2026, 4, 16), None, 2026)[0] == Month.of(2026, 4)
    assert due_months(make.NEW_YEAR, date(2026, 4, 15), 2026)[1] == Month.of(2026, 3)
    assert due_months(date(2026, 12, 30), None, 2026) is None


def test_a_transfer_on_10_may_keeps_both_parts_by_their_share_of_the_year(moved, people):
    report("mover", "HOUSE", range(1, 5), 80)
    report("mover", "DIVISION", range(5, 13), 90)
    found = results([moved], DECEMBER, JANUARY, "year")[moved.pk]
    assert [(part.unit.code, part.days, part.score) for part in found.parts] == [("HOUSE", 129, "80.0"), ("DIVISION", 236, "90.0")]
    assert [round(part.share, 4) for part in found.parts] == [round(12_900 / 365, 4), round(23_600 / 365, 4)]
    assert found.score == round((129 * 80 + 236 * 90) / 365, 9)


def test_the_explanation_is_enough_to_redo_the_score_by_hand(moved, people, as_user):
    report("mover", "HOUSE", range(1, 5), 80)
    report("mover", "DIVISION", range(5, 13), 90)
    page = as_user("chief").get(reverse("staff:explanation", args=[moved.pk]) + "?month=2026-12&window=year").content.decode()
    for told in ("2026-01-01", "2026-05-09", "2026-05-10", "129", "236", "35.3425%", "64.6575%", "80.0", "90.0", "28.3", "58.2", "86.5"):
        assert told in page


def test_the_old_post_is_due_until_the_transfer_and_the_new_one_from_it(moved):
    def due(unit):
        measure = Measure.objects.get(scorecard__officer="mover", scorecard__unit__code=unit, code="M1")
        return [number for number in range(1, 13) if measure.is_due_in(Month.of(2026, number))]

    assert (due("HOUSE"), due("DIVISION")) == (list(range(1, 5)), list(range(5, 13)))


def test_a_mistyped_last_day_is_corrected_and_what_is_due_follows(moved, people, as_user):
    first, last = Posting.objects.order_by("from_date")
    measure = Measure.objects.filter(scorecard__officer="mover", scorecard__unit__code="DIVISION", code="M1")
    client = as_user("manager")
    due = []
    for day in (date(2026, 5, 31), date(2026, 10, 31), date(2026, 7, 31)):
        client.post(reverse("staff:posting-end", args=[last.pk]), {"last_day": day})
        due.append([number for number in range(1, 13) if measure.get().is_due_in(Month.of(2026, number))])
    assert due == [[5], [5, 6, 7, 8, 9, 10], [5, 6, 7]]
    assert "Correct the last day" in client.get(reverse("staff:service", args=[moved.pk])).content.decode()
    with pytest.raises(PostingOverlaps):
        service.end(actor=people["manager"], posting=first, last_day=date(2026, 6, 1), today=YEAR_END)


def test_a_refused_last_day_stays_at_its_field_with_the_reason(moved, as_user):
    first, last = Posting.objects.order_by("from_date")
    for one, day, sentence in (
        (first, "2026-06-01", "End that one first"),
        (last, "2026-05-01", "before the first"),
        (last, "soon", "valid date"),
    ):
        page = as_user("manager").post(reverse("staff:posting-end", args=[one.pk]), {"last_day": day}).content.decode()
        field = page[page.index('id="div_id_last_day"') :]
        assert f'value="{day}"' in field
        assert sentence in field[: field.index("</form>")]
    assert Posting.objects.get(pk=last.pk).until_date is None


def test_letters_find_people_within_reach_by_number_and_name(moved, as_user):
    address = reverse("staff:posting-people", args=["HOUSE"])
    free, elsewhere = make.person("free", Unit.objects.get(code="HOUSE")), make.person("elsewhere", Unit.objects.get(code="OTHER"))
    Membership.objects.filter(user=free).delete()
    for typed, found in (("mov", ["mover"]), ("OVER", ["mover"]), (moved.name_zh, ["mover"]), ("free", []), (elsewhere.username, [])):
        text = as_user("manager").get(address, {"person": typed}).content.decode()
        assert re.findall(r'value="([^"]*)"', text) == found
    for nothing in ("", " ", "nobody", "\0", "m" * 41):
        assert as_user("manager").get(address, {"person": nothing}).content.decode().strip() == ""


def test_a_post_that_has_not_begun_is_taken_back_and_the_one_before_goes_on(post, people, as_user):
    person, house, today = make.person("waiting", post.unit), post.unit, timezone.localdate()
    for unit, day in ((house, make.NEW_YEAR), (Unit.objects.get(code="DIVISION"), today + timedelta(days=9))):
        service.appoint(actor=people["manager"], person=person, unit=unit, post=post, from_date=day)
    first, coming = Posting.objects.filter(person=person).order_by("from_date")
    address = reverse("staff:posting-end", args=[coming.pk])
    assert "The post has not begun." in as_user("manager").get(address).content.decode()
    as_user("manager").post(address, {"last_day": f"{today}"})
    assert list(Posting.objects.filter(person=person)) == [first]
    assert Posting.objects.get(person=person).until_date is None


def test_whoever_served_less_than_the_least_share_has_no_score(post, people):
    late = make.person("late", post.unit)
    service.appoint(actor=people["manager"], person=late, unit=post.unit, post=post, from_date=date(2026, 9, 1))
    make.give(people["manager"], post)
    report("late", "HOUSE", range(9, 13), 95)
    found = results([late], DECEMBER, JANUARY, "year")[late.pk]
    assert (found.score, found.too_short, found.served) == (None, True, 122)
    quarter = results([late], DECEMBER, Month.of(2026, 10), "quarter")[late.pk]
    assert (quarter.score, quarter.too_short) == (95, False)


def test_leave_counts_neither_for_nor_against_and_whole_months_are_not_applicable(moved, people):
    report("mover", "HOUSE", range(1, 5), 80)
    report("mover", "DIVISION", [5, 6, 9, 10, 11, 12], 90)
    away = {"kind": "illness", "from_date": date(2026, 7, 1), "until_date": date(2026, 8, 31), "note": ""}
    service.be_away(actor=people["chief"], person=moved, today=YEAR_END, **away)
    marks = Reading.objects.filter(measure__scorecard__officer="mover").exclude(not_applicable="")
    assert sorted({str(row.month) for row in marks}) == ["2026-07", "2026-08"]
    publish("mover", "DIVISION")
    found = results([moved], DECEMBER, JANUARY, "year")[moved.pk]
    assert [(part.days, part.away) for part in found.parts] == [(129, 0), (174, 62)]
    assert found.score == round((129 * 80 + 174 * 90) / 303, 9)
    with pytest.raises(AbsenceOverlaps):
        service.be_away(actor=people["chief"], person=moved, today=YEAR_END, **away)


def test_nobody_holds_two_posts_at_a_time(moved, post, people):
    with pytest.raises(PostingOverlaps):
        service.appoint(actor=people["manager"], person=moved, unit=post.unit, post=post, from_date=date(2026, 5, 10))
    assert [(one.unit.code, one.until_date) for one in Posting.objects.order_by("from_date")] == [
        ("HOUSE", date(2026, 5, 9)),
        ("DIVISION", None),
    ]


def test_too_few_cases_are_shown_and_not_scored(load, people):
    card = load(cast.document(cast.measure("M1", method="ratio", factor=100)))
    post = make.post(people["manager"], card.unit, [make.line("M1", minimum_count=50.0), *LINES[1:]])
    person = make.person("rare", card.unit)
    service.appoint(actor=people["manager"], person=person, unit=card.unit, post=post, from_date=make.NEW_YEAR)
    make.give(people["manager"], post)
    measure = Measure.objects.select_related("scorecard__unit").get(scorecard__officer="rare", code="M1")
    for month in (1, 2):
        numbers = {"numerator": 9.0, "denominator": 30.0}
        record_reading(actor=None, measure=measure, month=Month.of(2026, month), today=cast.TODAY, numbers=numbers)
    outbox.drain(now=timezone.now())
    february = Month.of(2026, 2)
    month = trend(card.unit, february, "month", officer="rare")[february].measures["M1"]
    year = trend(card.unit, february, "year", officer="rare")[february].measures["M1"]
    assert (month.value, month.score, month.reason) == (30, None, "too_few")
    assert (year.value, year.score, year.reason) == (30, 30, None)


def test_what_was_not_due_yet_is_not_due_once_reporting_stops_and_all_is_as_before_when_it_goes_on(load):
    measures = (
        cast.measure("A", due_from="2026-06", due_until="2026-11"),
        cast.measure("B", due_until="2026-10"),
        cast.measure("C", due_until="2026-02"),
    )
    card = load(cast.document(*measures))

    def due() -> dict[str, list[int]]:
        return {
            measure.code: [number for number in range(1, 13) if measure.is_due_in(Month.of(2026, number))]
            for measure in card.measures.all()
        }

    before = due()
    definition.stop_reporting(actor=None, scorecard=card, last=Month.of(2026, 7))
    definition.stop_reporting(actor=None, scorecard=card, last=Month.of(2026, 3))
    assert due() == {"A": [], "B": [1, 2, 3], "C": [1, 2]}
    definition.go_on_reporting(actor=None, scorecard=card)
    assert due() == before
