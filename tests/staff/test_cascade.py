"""The cascade: templates given to holders, roll-ups over their parts, and the check that parts add up."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from ledger.models import AuditEntry, JobRun
from organisation.models import Unit
from organisation.services.unit import create_unit
from scorecards.models import Measure, Month, Reading, Scorecard, Tension
from scorecards.selectors.document import definition_of, each_measure
from scorecards.selectors.score import trend
from scorecards.services.reading import record_reading
from staff.assembly.result import results
from staff.errors import HasReadings
from staff.models import Agreement, Line, Posting
from staff.selectors.agreement import stands
from staff.selectors.cascade import equal_share
from staff.selectors.conservation import check
from staff.selectors.coverage import carried, coverage, officers_without
from staff.selectors.post import readiness
from staff.services import agreement, cascade
from staff.services.post import create_post, edit_post
from staff.services.posting import appoint
from tests import cast
from tests.staff import make

pytestmark = pytest.mark.django_db
RATIO = {"method": "ratio", "factor": 100}
MARCH = Month.of(2026, 3)


@pytest.fixture
def house(load):
    """Two measures that can be carried in parts, one that adds up, one that is the same for all."""
    return load(
        cast.document(
            cast.measure("C2-01", **RATIO),
            cast.measure("P2-01", **RATIO),
            cast.measure("SUM", method="sum", targets=[{"from": "2026-01", "points": [0, 600]}]),
            cast.measure("ALL", readings=cast.readings(50, 60)),
            tensions=[{"code": "T2", "name": "Service and control", "a": ["P2-01"], "b": ["C2-01"]}],
        )
    )


@pytest.fixture
def sections(people):
    division = Unit.objects.get(code="DIVISION")
    return [create_unit(actor=None, code=code, name=code, name_zh="科", parent=division) for code in ("T2", "T3")]


def staffed(people, house, sections, lines, each=2):
    """So many officers in each section, all in one post."""
    post = make.post(people["manager"], house.unit, lines)
    for section in sections:
        for number in range(each):
            person = make.person(f"{section.code.lower()}-{number}", section)
            appoint(actor=people["manager"], person=person, unit=section, post=post, from_date=make.NEW_YEAR)
    return post


PARTS = [make.line("C2-01"), make.line("P2-01"), make.line("ALL", "same"), make.line("D1", "own")]


def report(username: str, unit: str, code: str, month: Month = MARCH, **numbers: float):
    measure = Measure.objects.select_related("scorecard__unit").get(scorecard__officer=username, scorecard__unit__code=unit, code=code)
    record_reading(actor=None, measure=measure, month=month, today=date(2026, 4, 2), numbers=numbers)
    make.drain()


def value(unit: str, code: str, month: Month = MARCH):
    return trend(Unit.objects.get(code=unit), month, "month")[month].measures[code].value


def test_a_template_gives_every_holder_the_tree_with_its_weights_and_the_objective_that_each_line_carries(people, house, sections):
    make.give(people["manager"], staffed(people, house, sections, PARTS))
    card = make.card_of("t2-0", "T2")
    assert [(one.code, one.source) for one in card.measures.all()] == [
        ("C2-01", "entered"),
        ("P2-01", "entered"),
        ("ALL", "mirror"),
        ("D1", "entered"),
    ]
    assert [one.code for one in card.objectives.all()] == ["O1"]
    lines = Line.objects.filter(measure__scorecard=card).order_by("measure")
    assert [(one.kind, one.above, one.objective, one.parent) for one in lines] == [
        ("contributory", house, "O1", "C2-01"),
        ("contributory", house, "O1", "P2-01"),
        ("same", house, "O1", "ALL"),
        ("own", house, "O1", ""),
    ]
    weights = [node["weight"] for node in definition_of(card)["perspectives"][0]["objectives"][0]["measures"]]
    assert weights == [25, 25, 25, 25]
    assert Agreement.objects.filter(scorecard__year=2026, state="draft").count() == 4
    assert AuditEntry.objects.filter(verb="create", target_kind="scorecard", target_id=str(card.pk)).count() == 1


def test_an_officers_value_moves_her_score_her_section_and_the_unit(people, house, sections):
    make.give(people["manager"], staffed(people, house, sections, PARTS), tie=True)
    report("t2-0", "T2", "C2-01", numerator=90, denominator=100)
    report("t2-1", "T2", "C2-01", numerator=10, denominator=100)
    report("t3-0", "T3", "C2-01", numerator=100, denominator=100)
    assert trend(Unit.objects.get(code="T2"), MARCH, "month", officer="t2-0")[MARCH].measures["C2-01"].score == 90
    assert (value("T2", "C2-01"), value("T3", "C2-01")) == (50, 100)
    assert value("DIVISION", "C2-01") == value("HOUSE", "C2-01") == pytest.approx(100 * 200 / 300)


def test_the_same_result_is_shown_to_all(people, house, sections):
    make.give(people["manager"], staffed(people, house, sections, PARTS))
    february = Month.of(2026, 2)
    row = trend(sections[0], february, "month", officer="t2-1")[february]
    assert row.measures["ALL"].value == value("HOUSE", "ALL", february) == 60


def test_shares_show_the_remainder_and_equal_parts_mend_it(people, house, sections):
    post = staffed(people, house, sections, [make.line("C2-01", share=8.0), *PARTS[1:]], each=6)
    make.give(people["manager"], post, tie=True)
    measure = house.measures.get(code="C2-01")
    found = check(house, measure, MARCH)
    assert (found.assigned, found.rest, found.balanced, found.number) == (96, 4, False, 12)
    cascade.spread(actor=people["manager"], above=house, code="C2-01", month=MARCH)
    assert (check(house, measure, MARCH).rest, check(house, measure, MARCH).balanced) == (0, True)
    assert sum(Line.objects.filter(parent="C2-01").values_list("share", flat=True)) == pytest.approx(100)


@pytest.mark.parametrize("number", [1, 3, 7, 12, 333])
def test_equal_parts_add_up_to_the_whole_in_hundredths(number):
    assert round(sum(equal_share(i, number, 100) for i in range(number)), 2) == 100


def test_a_sum_is_shared_out_and_its_parts_add_up_to_the_target(people, house, sections):
    lines = [make.line("SUM"), *PARTS[1:]]
    make.give(people["manager"], staffed(people, house, sections, lines), tie=True)
    points = [row.points for row in Measure.objects.get(scorecard__officer="t2-0", code="SUM").targets.all()]
    assert points == [[0, 150]]
    assert [row.points for row in Measure.objects.get(scorecard__unit__code="T2", scorecard__officer="", code="SUM").targets.all()] == [
        [0, 300]
    ]
    line = Line.objects.get(measure__scorecard__officer="t2-0", parent="SUM")
    cascade.set_shares(actor=people["manager"], above=house, code="SUM", shares={line.pk: 50.0}, month=MARCH)
    held = Measure.objects.get(scorecard__officer="t2-0", code="SUM").targets.order_by("from_month")
    assert [(str(row.from_month), row.points) for row in held] == [("2026-01", [0, 150]), ("2026-03", [0, 300])]


def test_what_the_unit_reports_itself_is_compared_with_its_parts(people, house, sections):
    make.give(people["manager"], staffed(people, house, sections, PARTS))
    record_reading(
        actor=None,
        measure=house.measures.select_related("scorecard__unit").get(code="C2-01"),
        month=MARCH,
        today=date(2026, 4, 2),
        numbers={"numerator": 250, "denominator": 300},
    )
    report("t2-0", "T2", "C2-01", numerator=90, denominator=100)
    report("t3-0", "T3", "C2-01", numerator=100, denominator=100)
    found = check(house, house.measures.get(code="C2-01"), MARCH)
    assert not found.tied
    assert found.difference == "60 ÷ 100"


def test_a_measure_with_values_of_its_own_is_not_made_a_sum(people, load, sections):
    card = load(
        cast.document(
            cast.measure("C2-01", **RATIO, readings=[{"month": "2026-01", "numerator": 1, "denominator": 2, "state": "submitted"}])
        )
    )
    post = staffed(people, card, sections, [make.line("C2-01"), *(make.line(f"D{i}", "own") for i in range(3))])
    with pytest.raises(HasReadings):
        make.give(people["manager"], post, tie=True)
    assert Reading.objects.count() == 1


def test_giving_again_draws_unsigned_scorecards_anew_and_leaves_signed_ones(people, house, sections):
    post = staffed(people, house, sections, PARTS)
    make.give(people["manager"], post)
    signed, unsigned = make.card_of("t2-0", "T2"), make.card_of("t2-1", "T2")
    first = Agreement.objects.get(scorecard=signed)
    agreement.talk_over(actor=people["manager"], agreement=first, day=cast.TODAY)
    agreement.sign(actor=people["manager"], agreement=first, now=timezone.now(), today=cast.TODAY)
    fields = {"name": "Inspector", "name_zh": "查验岗", "category": "front_line", "minimum_service": 0.5}
    edit_post(actor=people["manager"], post=post, version=post.version, lines=[*PARTS[:3], make.line("D2", "own")], **fields)
    make.give(people["manager"], post)
    assert {one.code for one in signed.measures.all()} == {"C2-01", "P2-01", "ALL", "D1"}
    assert {one.code for one in unsigned.measures.all()} == {"C2-01", "P2-01", "ALL", "D2"}
    assert JobRun.objects.order_by("-pk").first().arguments["left"] == [["t2-0", "agreed"]]


def test_a_part_of_the_job_done_twice_makes_nothing_twice(people, house, sections):
    post = staffed(people, house, sections, PARTS)
    make.give(people["manager"], post)
    before = Scorecard.objects.count(), Line.objects.count(), Agreement.objects.count()
    make.give(people["manager"], post)
    assert (Scorecard.objects.count(), Line.objects.count(), Agreement.objects.count()) == before


def test_a_template_that_carries_one_side_of_a_tension_is_warned_of(people, house):
    one = make.post(people["manager"], house.unit, [make.line("C2-01"), *PARTS[2:]])
    assert [(pair.has, pair.lacks) for pair in readiness(one, house).warnings] == [("C2-01", "P2-01")]
    assert Tension.objects.count() == 1


def test_a_template_is_ready_with_4_to_8_lines_of_5_to_30_that_make_100(people, house):
    post = make.post(people["manager"], house.unit, PARTS)
    assert readiness(post, house).faults == []
    fields = {"name": "Inspector", "name_zh": "查验岗", "category": "front_line", "minimum_service": 0.5}
    edit_post(actor=people["manager"], post=post, version=post.version, lines=[{**PARTS[0], "weight": 40.0}, PARTS[1]], **fields)
    assert len(readiness(post, house).faults) == 3


def test_coverage_names_objectives_and_officers_without_a_line(people, house, sections):
    post = staffed(people, house, sections, PARTS)
    assert coverage(house.unit, house, cast.TODAY).carrying == 0
    holders = list(Posting.objects.select_related("person", "unit").filter(unit=sections[0]))
    cascade.give(actor=people["manager"], post=post, year=2026, postings=holders, tie=False, today=cast.TODAY)
    make.drain()
    assert carried(house) == {"O1": 2}
    assert [one.person.username for one in officers_without(house.unit, house, cast.TODAY)] == ["t3-0", "t3-1"]


def test_a_person_gives_a_template_on_the_page_and_sees_who_was_left_out(people, house, sections, as_user):
    post = staffed(people, house, sections, PARTS)
    client = as_user("manager")
    answer = client.post(reverse("staff:post-give", args=[post.pk]) + "?year=2026", {"everybody": "on", "tie": "on"})
    make.drain()
    page = client.get(answer.url).content.decode()
    assert "Every holder without a scorecard has one to sign now" in page
    assert Scorecard.objects.filter(officer__startswith="t").count() == 4


def test_shares_that_are_no_numbers_are_refused_at_their_place_and_kept(people, house, sections, as_user):
    make.give(people["manager"], staffed(people, house, sections, PARTS))
    lines = list(Line.objects.filter(parent="C2-01"))
    typed = {f"share-{line.pk}": "many" for line in lines}
    page = as_user("manager").post(reverse("staff:cascade-check", args=["HOUSE", 2026, "C2-01"]), typed).content.decode()
    assert page.count('value="many"') == 4
    assert "Enter a number" in page


def test_another_post_in_the_same_unit_goes_on_on_the_same_scorecard_and_is_agreed_anew(people, house, sections):
    first = staffed(people, house, sections, PARTS, each=1)
    make.give(people["manager"], first)
    person = Posting.objects.get(unit=sections[0]).person
    names = {"name": "Guide", "name_zh": "引导岗", "category": "front_line", "minimum_service": 0.5}
    second = create_post(actor=people["manager"], unit=house.unit, code="GUIDE", **names)
    second = edit_post(actor=people["manager"], post=second, version=1, lines=[PARTS[0], make.line("D7", "own")], **names)
    appoint(actor=people["manager"], person=person, unit=sections[0], post=second, from_date=date(2026, 6, 1))
    make.give(people["manager"], second)
    card = make.card_of(person.username, "T2")
    may, june = Month.of(2026, 5), Month.of(2026, 6)
    due = {one.code: (one.is_due_in(may), one.is_due_in(june)) for one in card.measures.filter(source="entered")}
    assert due == {"C2-01": (True, True), "P2-01": (True, False), "D1": (True, False), "D7": (False, True)}
    weights = stands(definition_of(card), june)
    assert {code: weights[code]["weight"] for code in weights} == {"C2-01": 25, "P2-01": 0, "ALL": 0, "D1": 0, "D7": 25}
    assert Agreement.objects.filter(scorecard=card, state="draft").count() == 1
    assert len(results([person], june, Month.of(2026, 1), "year")[person.pk].parts) == 1


def test_what_a_measure_is_the_sum_of_already_stays_beside_the_new_parts(people, load, sections):
    above = cast.measure("C2-01", **RATIO, source="rollup", contributors=["DIVISION/C2-01"])
    house = load(cast.document(above, cast.measure("ALL")), cast.document(cast.measure("C2-01", **RATIO), unit="DIVISION"))
    post = make.post(people["manager"], house.unit, [make.line("C2-01"), *(make.line(f"D{i}", "own") for i in range(3))])
    person = make.person("direct", house.unit)
    appoint(actor=people["manager"], person=person, unit=house.unit, post=post, from_date=make.NEW_YEAR)
    make.give(people["manager"], post)
    contributors = [node["contributors"] for _path, node in each_measure(definition_of(house)) if node["code"] == "C2-01"]
    assert contributors == [["DIVISION/C2-01", "HOUSE/direct/C2-01"]]
