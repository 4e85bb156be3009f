"""Tension pairs, adjustments, definitions, targets, what-if: through the pages, as their users work with them."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ledger.models import AuditEntry, OutboxEntry
from ledger.services import outbox
from scorecards.assembly.derivation import derivation_document
from scorecards.assembly.document import scores_document
from scorecards.assembly.tension import states_of
from scorecards.models import Adjustment, AdjustmentItem, Contributor, Measure, Month, Reading, Score, Scorecard, Target, TensionReview
from scorecards.selectors.document import document_of
from scorecards.selectors.score import period_before
from scorecards.services import closing, recompute, tension
from scorecards.services.definition import redefine
from scorecards.services.reading import record_reading
from tests import cast

pytestmark = pytest.mark.django_db
PAIR = {"tensions": [{"code": "T1", "name": "Control and service", "name_zh": "监管与服务", "a": ["A"], "b": ["B"]}]}


@pytest.fixture
def card(load) -> Scorecard:
    """A is control, B service: apart in January, traded in February, balanced in March."""
    a = cast.measure("A", readings=cast.readings(90, 95, 92), weight=3)
    return load(cast.document(a, cast.measure("B", readings=cast.readings(70, 60, 80)), **PAIR))


def test_strained_and_traded_pairs_open_review_items(card):
    assert {str(r.period)[-2:]: r.state for r in TensionReview.objects.all()} == {"01": "strained", "02": "traded"}


def test_january_follows_a_december_whose_scorecard_has_no_pairs(load, officer):
    def both(month):
        told = {"targets": [{"from": f"{month[:4]}-01", "points": [0, 100]}]}
        values = (("A", 88), ("B", 80))
        return [cast.measure(code, readings=[{"month": month, "value": x, "state": "submitted"}], **told) for code, x in values]

    past = load(cast.document(*both("2025-12"), year=2025))
    load(cast.document(*both("2026-01"), **PAIR))
    assert not TensionReview.objects.exists()
    for code, value in (("A", 78), ("B", 90)):
        measure = past.measures.get(code=code)
        record_reading(actor=officer, measure=measure, month=Month.of(2025, 12), today=cast.TODAY, numbers={"value": value})
    for _december_then_january in range(2):
        outbox.drain(now=datetime.now(tz=UTC))
    assert [(str(review.period), review.state) for review in TensionReview.objects.all()] == [("2026-01", "traded")]


def test_an_item_without_an_answer_goes_with_its_cause_and_an_answered_one_stays(card, as_user):
    january = TensionReview.objects.get(state="strained")
    as_user("director").post(reverse("scorecards:tension", args=[january.pk]), {"version": 1, "kind": "accept", "text": "New scanners"})
    for month, value in (("2026-01", "88"), ("2026-02", "94")):
        enter(as_user("officer"), card, "B", month, value)
    outbox.drain(now=datetime.now(tz=UTC))
    assert [(review.state, review.answer) for review in TensionReview.objects.all()] == [("strained", "accept")]


def test_answers_are_kept_one_after_the_other(card, as_user):
    review = TensionReview.objects.get(state="traded")
    address = reverse("scorecards:tension", args=[review.pk])
    as_user("director").post(address, {"version": 1, "kind": "accept", "text": "Peak season"})
    stale = as_user("manager").post(address, {"version": 1, "kind": "target", "text": "Lower the queue target"})
    assert "Lower the queue target" in stale.content.decode()
    as_user("manager").post(address, {"version": 2, "kind": "target", "text": "Lower the queue target"})
    page = as_user("director").get(address).content.decode()
    assert page.index("Lower the queue target") < page.index("Peak season")
    assert AuditEntry.objects.filter(verb="answer").count() == 2


def enter(client, card, code: str, month: str, value: str, **more):
    measure = card.measures.get(code=code)
    seen = Reading.objects.filter(measure=measure, month=int(month[:4]) * 12 + int(month[5:]) - 1).values_list("version", flat=True).first()
    return client.post(reverse("scorecards:entry-row", args=["HOUSE", month, measure.pk]), {"seen": seen or 0, "value": value, **more})


def test_not_applicable_needs_a_reason_and_takes_the_month_out(card, as_user):
    officer = as_user("officer")
    assert "Say why" in enter(officer, card, "B", "2026-02", "", mark="1", not_applicable="").content.decode()
    enter(officer, card, "B", "2026-02", "60", mark="1", not_applicable="Terminal closed")
    row = Score.objects.get(scorecard=card, period=12 * 2026 + 1, window="month")
    assert (row.score, row.completeness, row.reasons) == (95, 1, "-b")
    enter(officer, card, "B", "2026-02", "61", not_applicable="Terminal closed")
    assert Reading.objects.get(measure__code="B", month=12 * 2026 + 1).value == 61


def propose(as_user, item) -> Adjustment:
    fields = {"item": item.pk, "month": "2026-02", "reason": "Award of the district", "evidence": "Letter 7"}
    as_user("manager").post(reverse("scorecards:adjustments", args=["HOUSE"]) + "?month=2026-02", fields)
    return Adjustment.objects.get()


@pytest.fixture
def item(card, as_user) -> AdjustmentItem:
    fields = {"unit": "HOUSE", "code": "B1", "name": "Award", "name_zh": "表彰", "points": "2.5", "version": 1}
    as_user("scorecards").post(reverse("scorecards:adjustment-items"), fields)
    return AdjustmentItem.objects.get()


def february(card) -> tuple:
    return Score.objects.values_list("base", "adjustment", "score").get(scorecard=card, period=12 * 2026 + 1, window="month")


def test_an_adjustment_counts_once_another_person_approved_it(card, item, as_user):
    proposed = propose(as_user, item)
    before = february(card)
    assert before[1] == 0
    as_user("director").post(reverse("scorecards:adjustment-decide", args=[proposed.pk]), {"approve": "1"})
    assert february(card) == (before[0], 2.5, before[0] + 2.5)
    assert document_of(card)["adjustments"] == [{"month": "2026-02", "points": 2.5, "reason": "Award of the district"}]


def test_a_proposal_is_taken_back_by_who_made_it_alone(card, item, as_user, people):
    proposed = propose(as_user, item)
    address = reverse("scorecards:adjustment-withdraw", args=[proposed.pk])
    as_user("director").post(address)
    assert Adjustment.objects.filter(pk=proposed.pk).exists()
    assert "Your proposal is taken back." in as_user("manager").post(address, follow=True).content.decode()
    assert not Adjustment.objects.exists()
    assert AuditEntry.objects.get(verb="withdraw").before["evidence"] == "Letter 7"


def test_nobody_decides_an_own_proposal_nor_twice(card, item, as_user, people):
    proposed = propose(as_user, item)
    Adjustment.objects.update(proposed_by=people["director"])
    decide = reverse("scorecards:adjustment-decide", args=[proposed.pk])
    assert "another person decides" in as_user("director").post(decide, {"approve": "1"}, follow=True).content.decode()
    Adjustment.objects.update(proposed_by=people["manager"])
    assert "Say why it is refused" in as_user("director").post(decide, {}, follow=True).content.decode()
    as_user("director").post(decide, {"decision": "No evidence"})
    assert "has decided this" in as_user("director").post(decide, {"approve": "1"}, follow=True).content.decode()
    assert (Adjustment.objects.get().state, february(card)[1]) == ("refused", 0)


def definition(client, measure: Measure) -> dict:
    form = client.get(reverse("scorecards:measure-edit", args=[measure.pk])).context["form"]
    return {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}


def test_a_measure_becomes_a_formula(card, as_user):
    admin, measure = as_user("scorecards"), card.measures.get(code="B")
    Reading.objects.filter(measure=measure).delete()
    fields = {**definition(admin, measure), "source": "formula", "formula": "A / 2 + 10", "since": "2026-01"}
    preview = admin.post(reverse("scorecards:measure-preview", args=[measure.pk]), fields).content.decode()
    assert "“Measure A” / 2 + 10" in preview
    assert "57.5" in preview
    assert Measure.objects.get(pk=measure.pk).source == "entered"
    assert admin.post(reverse("scorecards:measure-edit", args=[measure.pk]), fields).status_code == 302
    outbox.drain(now=datetime.now(tz=UTC))
    assert Score.objects.get(scorecard=card, period=12 * 2026 + 1, window="month").values == [95, 57.5]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"source": "formula", "formula": "A +"}, "ends at character"),
        ({"source": "formula", "formula": "B + 1"}, "computed from itself"),
        ({"source": "mirror", "contributors": "DIVISION/X"}, "There is no measure DIVISION/X"),
        ({"points": "5 / x"}, "Enter a number"),
        ({"points": "50"}, "As many points as curve scores"),
        ({"veto_cap": "130"}, "above 120"),
        ({"due_from": "soon"}, "is not written as this field asks"),
    ],
)
def test_a_wrong_definition_is_refused_at_its_field_and_stays_typed(card, as_user, change, sentence):
    admin, measure = as_user("scorecards"), card.measures.get(code="B")
    Reading.objects.filter(measure=measure).delete()
    address = reverse("scorecards:measure-edit", args=[measure.pk])
    answer = admin.post(address, {**definition(admin, measure), **change})
    assert sentence in answer.content.decode()
    assert all(answer.context["form"][name].value() == value for name, value in change.items())
    assert Measure.objects.get(pk=measure.pk).source == "entered"


def test_two_editors_of_one_scorecard_do_not_overwrite_each_other(card, as_user):
    admin, measure = as_user("scorecards"), card.measures.get(code="B")
    address, fields = reverse("scorecards:measure-edit", args=[measure.pk]), definition(admin, measure)
    admin.post(address, {**fields, "name": "First"})
    answer = admin.post(address, {**fields, "name": "Second"})
    assert "Somebody else has changed this" in answer.content.decode()
    assert Measure.objects.get(pk=measure.pk).name == "First"


def test_targets_are_typed_as_a_grid_and_phased(card, as_user):
    admin, address = as_user("scorecards"), reverse("scorecards:target-edit", args=["HOUSE", 2026])
    answer = admin.post(address, {"version": 1, "A 2026-01": "0 / 90", "A 2026-04": "0 / 95", "B 2026-01": "50 / 20"})
    assert "does not fit them" in answer.content.decode()
    assert answer.context["form"]["B 2026-01"].value() == "50 / 20"
    admin.post(
        address,
        {"version": 1, "A 2026-01": "0 / 90", "A 2026-04": "0 / 95", "phase_code": "B", "phase_points": "0 / 100", "phase_by": "even"},
    )
    assert list(Target.objects.filter(measure__code="A").values_list("points", flat=True)) == [[0, 90], [0, 95]]
    phased = [points[1] for points in Target.objects.filter(measure__code="B").values_list("points", flat=True)]
    assert (phased[0], len(phased), round(sum(phased), 9)) == (8.3333, 12, 100)


def test_a_year_is_phased_over_the_months_that_are_not_closed(load, as_user, people):
    targets = [{"from": f"2026-{month:02d}", "points": [0, 10]} for month in (1, 2, 3)]
    card = load(cast.document(cast.measure("A", method="sum", readings=cast.readings(5, 5), targets=targets)))
    for month in (1, 2):
        closing.close(actor=people["scorecards"], unit=card.unit, month=Month.of(2026, month), below=True, now=datetime.now(tz=UTC))
    admin, address = as_user("scorecards"), reverse("scorecards:target-edit", args=["HOUSE", 2026])
    form = admin.get(address).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields} | {"phase_code": "A", "phase_by": "even"}
    assert "Enter the points of the whole year" in str(admin.post(address, fields).context["form"].errors["phase_points"])
    assert admin.post(address, {**fields, "phase_points": "0 / 220 / 9"}).context["form"].errors
    assert admin.post(address, {**fields, "phase_points": "0 / 220"}).status_code == 302
    points = [points[1] for points in Target.objects.filter(measure__code="A").order_by("from_month").values_list("points", flat=True)]
    assert points == [10, 10, *[20] * 10]


def test_a_target_far_from_the_size_of_the_values_is_named(load, as_user):
    readings = [{"month": "2026-01", "numerator": 45, "denominator": 50, "state": "submitted"}]
    ratio = {"method": "ratio", "factor": 100}
    load(cast.document(cast.measure("A", readings=readings, **ratio), cast.measure("B")))
    load(cast.document(cast.measure("A", **ratio, targets=[]), year=2027))
    admin = as_user("scorecards")
    for year, goal, warned in ((2026, "0 / 95", False), (2026, "0 / 0.95", True), (2027, "0 / 950", True)):
        address = reverse("scorecards:target-edit", args=["HOUSE", year])
        form = admin.get(address).context["form"]
        fields = {name: form[name].value() or "" for name in form.fields} | {f"A {year}-01": goal}
        page = admin.post(address, fields, follow=True).content.decode()
        assert ("the targets of Measure A." in page) is warned


def test_the_preview_draws_the_curve_of_a_month_without_values(load, as_user):
    measure = load(cast.document(cast.measure("A", targets=[{"from": "2026-01", "points": [20, 90]}]))).measures.get()
    admin = as_user("scorecards")
    page = admin.post(reverse("scorecards:measure-preview", args=[measure.pk]), definition(admin, measure)).context["page"]
    assert (page.curve, page.dots) == ([(20, 0), (90, 100)], [])


def test_what_if_writes_nothing_until_adopted(card, as_user):
    admin, address = as_user("scorecards"), reverse("scorecards:what-if", args=["HOUSE", 2026])
    form = admin.get(address + "?month=2026-02").context["form"]
    fields = {name: form[name].value() for name in form.fields} | {"weight m-A": "1", "points m-B": "0 / 60", "since": "2026-03"}
    before = (document_of(card), AuditEntry.objects.count(), OutboxEntry.objects.count(), Score.objects.count())
    tried = admin.post(address, {**fields, "action": "try"})
    effects = {effect.name: (effect.before, effect.after, effect.other_band) for effect in tried.context["effects"].rows}
    assert effects["B Measure B"] == ("60.0", "100.0", True)
    assert effects["Scorecard 2026"] == ("86.3", "97.5", False)
    months = [(row.month, row.total.before, row.total.after, row.other_bands) for row in tried.context["effects"].months]
    assert months == [("Jan 2026", "85.0", "95.0", 1), ("Feb 2026", "86.3", "97.5", 1)]
    assert (document_of(card), AuditEntry.objects.count(), OutboxEntry.objects.count(), Score.objects.count()) == before
    untried = admin.post(address, {**fields, "tried": tried.context["form"]["tried"].value(), "weight m-A": "2", "action": "adopt"})
    assert "Nothing is adopted yet" in untried.content.decode()
    assert document_of(card) == before[0]
    admin.post(address, {**fields, "tried": tried.context["form"]["tried"].value(), "action": "adopt"})
    measures = {m["code"]: m for m in document_of(Scorecard.objects.get(pk=card.pk))["perspectives"][0]["objectives"][0]["measures"]}
    assert measures["A"]["weight"] == [{"from": "2026-01", "weight": 3}, {"from": "2026-03", "weight": 1}]
    assert measures["B"]["targets"] == [{"from": "2026-01", "points": [0, 100]}, {"from": "2026-03", "points": [0, 60]}]


def test_every_level_has_a_sheet_that_adds_up(card, as_user):
    address = reverse("scorecards:derivation", args=["HOUSE", 2026]) + "?month=2026-02&window=month"
    director = as_user("director")
    sheet = director.get(address + "&level=objective&node=O1").context["page"]
    assert [(row.weight, row.counted, row.score, row.points) for row in sheet.children] == [
        ("3", "75.0000%", "95", "71.250000"),
        ("1", "25.0000%", "60", "15.000000"),
    ]
    assert sheet.exact == "86.25"
    assert all(director.get(address + way).status_code == 200 for way in ("", "&level=perspective&node=C", "&level=measure&node=A"))
    assert director.get(address + "&level=measure&node=ZZ").status_code == 404
    data = director.get(reverse("api:explanation", args=["HOUSE", "2026-02", "month"])).json()
    assert data["objectives"]["O1"]["children"][0]["code"] == "A"
    assert data["measures"]["A"]["segment"]["high_point"] == 100


def test_a_value_reaches_the_dashboard_of_the_unit_above(load, as_user):
    """A section's reading, through a roll-up and a mirror, shows two scorecards up."""
    section = cast.document(cast.measure("S", method="sum", readings=cast.readings(10)), unit="DIVISION")
    rolled = cast.measure("R", source="rollup", method="sum", across="sum", contributors=["DIVISION/S"])
    mirror = {"code": "M", "name": "Mirror", "name_zh": "镜像", "weight": 1, "source": "mirror", "contributors": ["HOUSE/R"]}
    load(section, cast.document(rolled), cast.document(mirror, unit="DISTRICT"))
    measure = Measure.objects.get(code="S")
    as_user("officer").post(reverse("scorecards:entry-row", args=["DIVISION", "2026-01", measure.pk]), {"seen": 1, "value": "64"})
    outbox.drain(now=datetime.now(tz=UTC))
    rows = Score.objects.filter(period=12 * 2026, window="month").values_list("unit__code", "score")
    assert dict(rows) == {"DIVISION": 64, "HOUSE": 64, "DISTRICT": 64}


def test_a_value_saved_while_a_definition_is_being_typed_is_kept(card, people):
    """The document was made before; readings, adjustments and the unit are those of now."""
    from scorecards.forms.document import read_document

    document = read_document(document_of(card))
    measure = card.measures.select_related("scorecard__unit").get(code="B")
    record_reading(actor=people["officer"], measure=measure, month=Month.of(2026, 2), today=cast.TODAY, numbers={"value": 99})
    redefine(actor=people["scorecards"], scorecard=card, version=card.version, document=document)
    assert Reading.objects.get(measure=measure, month=12 * 2026 + 1).value == 99


def test_a_measure_with_values_is_computed_only_once_they_are_given_up(card, as_user):
    admin, measure = as_user("scorecards"), card.measures.get(code="B")
    fields = {**definition(admin, measure), "source": "formula", "formula": "A"}
    fields.pop("give_up_readings")
    address = reverse("scorecards:measure-edit", args=[measure.pk])
    assert "3 values have been entered" in admin.post(address, fields).content.decode()
    assert "95" in admin.post(reverse("scorecards:measure-preview", args=[measure.pk]), fields).content.decode()
    assert admin.post(address, {**fields, "give_up_readings": "on"}).status_code == 302
    assert AuditEntry.objects.filter(verb="clear", target_id=str(measure.pk)).count() == 3


def test_only_the_name_changed_writes_no_target(card, as_user):
    admin, measure = as_user("scorecards"), card.measures.get(code="B")
    admin.post(reverse("scorecards:measure-edit", args=[measure.pk]), {**definition(admin, measure), "name": "Renamed"})
    assert (Measure.objects.get(pk=measure.pk).name, Target.objects.filter(measure=measure).count()) == ("Renamed", 1)


def test_what_is_out_of_reach_cannot_be_looked_at_through_a_mirror(card, load, as_user):
    load(cast.document(cast.measure("X", readings=cast.readings(42)), unit="OTHER"))
    admin, measure = as_user("scorecards"), card.measures.get(code="B")
    empty = dict.fromkeys(("better", "preset", "method", "factor", "frequency", "curve_scores", "points"), "")
    fields = {**definition(admin, measure), **empty, "source": "mirror", "contributors": "OTHER/X"}
    page = admin.post(reverse("scorecards:measure-preview", args=[measure.pk]), fields).content.decode()
    assert "There is no measure OTHER/X" in page
    assert "42" not in page


def test_what_if_with_nothing_typed_changes_nothing(load, as_user):
    phased = [{"from": f"2026-0{month}", "points": [0, 10 * month]} for month in (1, 2, 3)]
    load(cast.document(cast.measure("A", method="sum", targets=phased, readings=cast.readings(10, 20, 30))))
    admin, address = as_user("scorecards"), reverse("scorecards:what-if", args=["HOUSE", 2026])
    form = admin.get(address + "?month=2026-03").context["form"]
    fields = {name: form[name].value() for name in form.fields} | {"window": "year", "action": "try"}
    assert admin.post(address, fields).context["effects"].rows == []


@pytest.mark.django_db(transaction=True)
def test_scores_survive_a_layout_that_was_rolled_back(card):
    from django.db import transaction

    from scorecards.assembly import cache
    from scorecards.models import Layout

    Layout.objects.all().delete()
    cache.forget()
    with pytest.raises(RuntimeError), transaction.atomic():
        recompute.publish_locked([card.pk], 2026, [(Month.of(2026, 1), "month")], datetime.now(tz=UTC))
        raise RuntimeError
    recompute.publish_locked([card.pk], 2026, [(Month.of(2026, 1), "month")], datetime.now(tz=UTC))
    row = Score.objects.get(scorecard=card, period=12 * 2026, window="month")
    assert Layout.objects.filter(pk=row.layout_id).exists()


def test_rules_are_edited_and_refused_at_their_field(card, as_user):
    admin, address = as_user("scorecards"), reverse("scorecards:rules-edit", args=["HOUSE", 2026])
    form = admin.get(address).context["form"]
    fields = {name: form[name].value() for name in form.fields}
    answer = admin.post(address, {**fields, "bands": "red 5, green 50", "minimum_completeness": "2"})
    assert set(answer.context["form"].errors) == {"bands", "minimum_completeness"}
    admin.post(address, {**fields, "missing_policy": "zero", "bands": "poor 0, good 50", "wide": "40", "deadline_day": "5"})
    outbox.drain(now=datetime.now(tz=UTC))
    changed = Scorecard.objects.get(pk=card.pk)
    assert (changed.missing_policy, changed.bands, changed.tension_thresholds["wide"]) == ("zero", [["poor", 0], ["good", 50]], 40)
    assert Score.objects.get(scorecard=card, period=12 * 2026, window="month").band == "good"
    assert not TensionReview.objects.filter(state="strained").exists()


def test_the_preview_applies_the_definition_to_the_months_of_last_year_too(load, as_user, monkeypatch):
    a, b = (
        cast.measure(code, targets=[{"from": "2025-01", "points": [0, 100]}], readings=cast.readings(30, year=2025, first=12))
        for code in "AB"
    )
    load(cast.document(a, b, year=2025), cast.document(cast.measure("A", readings=cast.readings(50)), cast.measure("B")))
    monkeypatch.setattr("scorecards.views.measure.timezone.localdate", lambda: cast.TODAY)
    admin, measure = as_user("scorecards"), Measure.objects.get(code="B", scorecard__year=2026)
    fields = {**definition(admin, measure), "source": "formula", "formula": "A × 2", "since": "2026-01"}
    page = admin.post(reverse("scorecards:measure-preview", args=[measure.pk]), fields).context["page"]
    assert [(row.month, row.value) for row in page.rows if row.value != "–"] == [("Jan 2026", "100"), ("Dec 2025", "60")]
    assert Measure.objects.get(code="B", scorecard__year=2025).source == "entered"


def test_a_year_is_phased_over_the_months_that_are_due(load, as_user):
    load(cast.document(cast.measure("A"), cast.measure("B", method="sum", frequency="quarterly")))
    admin, address = as_user("scorecards"), reverse("scorecards:target-edit", args=["HOUSE", 2026])
    asked = {"version": 1, "A 2026-01": "0 / 90", "phase_code": "B", "phase_points": "0 / 100", "phase_by": "even"}
    assert admin.post(address, asked).status_code == 302
    phased = Target.objects.filter(measure__code="B").values_list("from_month", "points")
    assert [(month.number, points[1]) for month, points in phased] == [(3, 25), (6, 25), (9, 25), (12, 25)]


def test_a_closed_month_is_told_at_the_cell_that_was_typed(card, as_user, people):
    close_january(card, people)
    admin, address = as_user("scorecards"), reverse("scorecards:target-edit", args=["HOUSE", 2026])
    form = admin.post(address, {"version": card.version, "A 2026-01": "0 / 80", "B 2026-01": "0 / 100"}).context["form"]
    assert "closed month" in str(form.errors["A 2026-01"])


def close_january(card, people) -> None:
    closing.close(actor=people["scorecards"], unit=card.unit, month=Month.of(2026, 1), below=True, now=datetime.now(tz=UTC))
    card.refresh_from_db()


def test_what_is_dated_later_stays_when_something_is_adopted(load, as_user):
    phased = [{"from": f"2026-{month:02d}", "points": [0, 10 * month]} for month in (1, 3, 9)]
    weight = [{"from": "2026-01", "weight": 1}, {"from": "2026-09", "weight": 3}]
    load(cast.document(cast.measure("A", targets=phased, weight=weight), cast.measure("B")))
    admin, address = as_user("scorecards"), reverse("scorecards:what-if", args=["HOUSE", 2026])
    form = admin.get(address + "?month=2026-03").context["form"]
    fields = {name: form[name].value() for name in form.fields} | {"since": "2026-06", "points m-A": "0 / 45", "weight m-A": "2"}
    tried = admin.post(address, fields | {"action": "try"}).context["form"]["tried"].value()
    assert admin.post(address, fields | {"action": "adopt", "tried": tried}).status_code == 302
    measure = Measure.objects.get(code="A")
    assert [(month.number, points[1]) for month, points in measure.targets.values_list("from_month", "points")] == [
        (1, 10),
        (3, 30),
        (6, 45),
        (9, 90),
    ]
    assert list(measure.weights.order_by("from_month").values_list("weight", flat=True)) == [1, 2, 3]


def test_points_that_were_not_touched_are_not_written_into_another_month(load, as_user):
    phased = [{"from": f"2026-{month:02d}", "points": [0, 10 * month]} for month in (1, 4)]
    measure = load(cast.document(cast.measure("A", targets=phased))).measures.get()
    admin, address = as_user("scorecards"), reverse("scorecards:measure-edit", args=[measure.pk])
    untouched = {**definition(admin, measure), "shown": "2026-01", "points": "0 / 10"}
    saved = admin.post(address, {**untouched, "since": "2026-05"})
    assert measure.targets.count() == 2
    assert saved.url.endswith("?month=2026-05")
    admin.post(address, {**untouched, "version": 2, "since": "2026-05", "shown": "2026-05"})
    assert [points[1] for points in measure.targets.values_list("points", flat=True)] == [10, 40, 10]


def test_a_formula_can_be_tried_though_a_month_is_closed(card, as_user, people):
    close_january(card, people)
    admin, measure = as_user("scorecards"), card.measures.get(code="B")
    address = reverse("scorecards:measure-preview", args=[measure.pk])
    assert "80" in admin.post(address, definition(admin, measure)).content.decode()
    fields = {**definition(admin, measure), "source": "formula", "formula": "A / 2 + 10"}
    page = admin.post(address, fields).content.decode()
    assert "57.5" in page
    assert "closed month" not in page
    assert "computed from itself" in admin.post(address, {**fields, "formula": "A + B"}).content.decode()
    assert not Measure.objects.filter(code="TRIED").exists()


def test_a_formula_is_read_as_it_is_typed_with_an_input_method(card, as_user):
    admin, measure = as_user("scorecards"), card.measures.get(code="B")
    Reading.objects.filter(measure=measure).delete()
    fields = {**definition(admin, measure), "source": "formula", "formula": "１０＋（A × ２）"}
    assert admin.post(reverse("scorecards:measure-edit", args=[measure.pk]), fields).status_code == 302
    assert Measure.objects.get(pk=measure.pk).formula == "10+(A × 2)"
    squared = admin.post(reverse("scorecards:measure-edit", args=[measure.pk]), {**fields, "formula": "A²"})
    assert "At character 2" in str(squared.context["form"].errors["formula"])
    empty = admin.post(reverse("scorecards:measure-edit", args=[measure.pk]), {**fields, "formula": " "})
    assert "Enter the formula" in str(empty.context["form"].errors["formula"])


def test_a_measure_that_is_saved_untouched_keeps_its_zeros(load, as_user):
    measure = load(cast.document(cast.measure("A", veto_cap=0, lowest=0, highest=100))).measures.get()
    admin = as_user("scorecards")
    assert admin.post(reverse("scorecards:measure-edit", args=[measure.pk]), definition(admin, measure)).status_code == 302
    stored = Measure.objects.get(pk=measure.pk)
    assert (stored.veto_cap, stored.lowest, stored.highest) == (0, 0, 100)


def test_the_curve_and_the_warning_are_those_of_the_points_that_are_typed(load, as_user):
    measure = load(cast.document(cast.measure("A", readings=cast.readings(50, 60)))).measures.get()
    admin, address = as_user("scorecards"), reverse("scorecards:measure-preview", args=[measure.pk])
    fields = {**definition(admin, measure), "since": "2026-12", "points": "40 / 80"}
    page = admin.post(address, fields).context["page"]
    assert page.curve == [(40, 0), (80, 100)]
    assert sorted((value, score) for value, score, _month in page.dots) == [(50, 25), (60, 50)]
    assert not page.is_out_of_size
    assert admin.post(address, {**fields, "points": "0 / 9"}).context["page"].is_out_of_size


def test_perspectives_that_are_tried_add_up_to_100(card, as_user):
    admin, address = as_user("scorecards"), reverse("scorecards:what-if", args=["HOUSE", 2026])
    form = admin.get(address + "?month=2026-02").context["form"]
    fields = {name: form[name].value() for name in form.fields} | {"weight p-C": "115", "action": "try"}
    assert "15 more than 100" in admin.post(address, fields).content.decode()


def test_what_would_be_a_circle_last_year_alone_can_be_tried(load, as_user):
    load(cast.document(cast.measure("A", source="formula", formula="B"), cast.measure("B"), year=2025))
    measure = load(cast.document(cast.measure("A", readings=cast.readings(40)), cast.measure("B"))).measures.get(code="B")
    admin = as_user("scorecards")
    fields = {**definition(admin, measure), "source": "formula", "formula": "A + 1"}
    page = admin.post(reverse("scorecards:measure-preview", args=[measure.pk]), fields).content.decode()
    assert "41" in page
    assert "computed from itself" not in page


def test_nothing_is_proposed_for_a_closed_month(card, item, as_user, people):
    close_january(card, people)
    page = as_user("manager").post(
        reverse("scorecards:adjustments", args=["HOUSE"]) + "?month=2026-02",
        {"item": item.pk, "month": "2026-01", "reason": "Award", "evidence": "File 7"},
    )
    assert "is closed" in str(page.context["form"].errors["month"])
    assert not Adjustment.objects.exists()


def test_a_country_of_pairs_asks_no_more_questions_than_one_card(load, django_assert_num_queries):
    def national(*units):
        load(*(cast.document(*(cast.measure(code, readings=cast.readings(90, 50)) for code in "AB"), unit=unit, **PAIR) for unit in units))
        cards = list(Scorecard.objects.filter(unit__code__in=units).values_list("pk", flat=True))
        TensionReview.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            tension.open_reviews(cards, [Month.of(2026, 1), Month.of(2026, 2)], datetime.now(tz=UTC))
        return len(queries)

    assert national("HOUSE") == national("HOUSE", "OTHER", "DIVISION")


def test_a_side_weighs_by_the_share_of_the_whole_scorecard(load):
    def objective(code, weight, *measures):
        return {"code": code, "name": code, "weight": weight, "measures": list(measures)}

    a, b, c = (cast.measure(code, readings=cast.readings(value)) for code, value in (("A", 90), ("B", 60), ("C", 70)))
    document = cast.document(tensions=[{"code": "T1", "name": "P", "a": ["A", "B"], "b": ["C"]}])
    document["perspectives"] = [
        {"code": "C", "name": "C", "weight": 30, "objectives": [objective("O1", 1, a), objective("O2", 3, c)]},
        {"code": "P", "name": "P", "weight": 70, "objectives": [objective("O3", 1, b)]},
    ]
    pair = states_of([load(document)], [Month.of(2026, 1)])[0]
    assert pair.a == pytest.approx((0.3 * 0.25 * 90 + 0.7 * 60) / (0.3 * 0.25 + 0.7), abs=1e-9)


@pytest.mark.parametrize(
    ("thresholds", "values", "wanted"),
    [
        ({"low": 60, "moved": 5, "wide": 15}, ((70, 72), (76, 66)), "traded"),
        ({"low": 60, "moved": 7, "wide": 15}, ((70, 72), (76, 66)), "balanced"),
        ({"low": 80, "moved": 7, "wide": 15}, ((70, 72), (76, 66)), "both_low"),
        ({"low": 60, "moved": 7, "wide": 9}, ((70, 72), (76, 66)), "strained"),
    ],
)
def test_each_threshold_of_the_scorecard_decides(load, thresholds, values, wanted):
    measures = (cast.measure(code, readings=cast.readings(*column)) for code, column in zip("AB", zip(*values, strict=True), strict=True))
    card = load(cast.document(*measures, tension_thresholds=thresholds, **PAIR))
    assert states_of([card], [Month.of(2026, 2)])[0].state == wanted


@pytest.mark.parametrize(
    ("window", "month", "wanted"),
    [("month", 6, "2026-05"), ("quarter", 6, "2026-03"), ("quarter", 1, "2025-10"), ("year", 6, "2026-05"), ("year", 1, "None")],
)
def test_change_looks_back_as_far_as_its_window(window, month, wanted):
    assert str(period_before(Month.of(2026, month), window)) == wanted


def test_a_veto_is_told_where_its_score_is_shown(load, as_user):
    card = load(cast.document(cast.measure("A", readings=cast.readings(90), veto_cap=40), cast.measure("B", readings=cast.readings(80))))
    client, sentence = as_user("chief"), "Veto: A Measure A scores below 100, so the scorecard scores 40 at most."
    shown = {
        reverse("scorecards:dashboard", args=["HOUSE"]): True,
        reverse("scorecards:tree", args=["HOUSE"]): True,
        reverse("scorecards:derivation", args=["HOUSE", 2026]): True,
        reverse("scorecards:measure", args=[card.measures.get(code="A").pk]): True,
        reverse("scorecards:measure", args=[card.measures.get(code="B").pk]): False,
    }
    assert {address: sentence in client.get(f"{address}?month=2026-01").content.decode() for address in shown} == shown


def test_roll_ups_of_rule_book_example_10(load, as_user):
    def part(unit, *values):
        sums = cast.measure("S", method="latest", frequency="monthly", preset="unscored", curve_scores=None, better=None, targets=[])
        sums["readings"] = [{"month": f"2026-{month:02d}", "value": value, "state": "submitted"} for month, value in values]
        return sums

    def ratio(numerator, denominator):
        told = [{"month": "2026-03", "numerator": numerator, "denominator": denominator, "state": "submitted"}]
        return cast.measure("R", method="ratio", factor=100, readings=told)

    load(
        cast.document(part("HOUSE", (3, 10)), ratio(2, 4), unit="HOUSE"), cast.document(part("OTHER", (1, 7)), ratio(2, 100), unit="OTHER")
    )
    plain = {"preset": "unscored", "curve_scores": None, "better": None, "targets": []}
    over = {"source": "rollup", "readings": []}
    above = load(
        cast.document(
            cast.measure("S", method="latest", across="sum", contributors=["HOUSE/S", "OTHER/S"], **over, **plain),
            cast.measure("R", method="ratio", factor=100, contributors=["HOUSE/R", "OTHER/R"], **over, **plain),
            unit="DISTRICT",
        )
    )
    found = scores_document(above, Month.of(2026, 3), "year", cast.TODAY)["perspectives"][0]["objectives"][0]["measures"]
    assert [round(measure["value"], 3) for measure in found] == [17, 3.846]
    rule = derivation_document(above, Month.of(2026, 3), "year", cast.TODAY)["measures"]["R"]
    assert [(part["code"], part["dividend"], part["divisor"]) for part in rule["parts"]] == [("HOUSE/R", 2, 4), ("OTHER/R", 2, 100)]
    assert (rule["method"], rule["factor"], rule["officers"]["number"]) == ("ratio", 100, 0)
    sheet = reverse("scorecards:derivation", args=["DISTRICT", 2026]) + "?month=2026-03&window=year&level=measure&node=R"
    assert "100 × 4 ÷ 104" in as_user("director").get(sheet).content.decode()


def test_a_link_that_is_made_while_a_value_is_saved_is_followed(load):
    """What rests on the value is looked for when all is committed. The link comes back past the service, so nothing else asks for it."""
    below = load(cast.document(cast.measure("S", method="sum", readings=cast.readings(10)), unit="DIVISION"))
    above = load(cast.document(cast.measure("S", method="sum", source="rollup", across="sum", contributors=["DIVISION/S"])))
    link = Contributor.objects.get(measure__scorecard=above)
    link.delete()
    record_reading(actor=None, measure=below.measures.get(), month=Month.of(2026, 1), today=cast.TODAY, numbers={"value": 60.0})
    link.save()
    outbox.drain(now=datetime.now(tz=UTC))
    assert Score.objects.get(scorecard=above, period=int(Month.of(2026, 1)), window="month").score == 60


def test_only_what_rests_on_the_value_is_asked_for_and_only_in_its_month(load):
    twice = cast.measure("T", method="sum", source="formula", formula="S * 2")
    below = load(cast.document(cast.measure("S", method="sum", readings=cast.readings(10)), twice, unit="DIVISION"))
    above = load(cast.document(cast.measure("S", method="sum", source="rollup", across="sum", contributors=["DIVISION/S"])))
    told = {"measures": [below.measures.get(code="S").pk], "month": int(Month.of(2026, 1))}
    recompute.handle_above(str(below.pk), [told], datetime.now(tz=UTC))
    asked = OutboxEntry.objects.values_list("topic", "key", "payload")
    assert list(asked) == [("recompute", str(above.pk), {"month": int(Month.of(2026, 1))})]


def test_an_old_year_can_be_computed_anew_and_one_without_scorecards_is_refused(load, as_user):
    load(cast.document(cast.measure("A", readings=cast.readings(50, year=2019)), year=2019))
    load(cast.document(cast.measure("A"), unit="OTHER", year=2021))
    admin, address = as_user("scorecards"), reverse("scorecards:recompute")
    refused = admin.post(address, {"unit": "HOUSE", "month": "2021-03"})
    assert "scorecard of this year" in str(refused.context["form"].errors["month"])
    assert admin.post(address, {"unit": "HOUSE", "month": "2019-03"}).status_code == 302


def test_a_closed_month_keeps_the_legend_of_its_bands(card, as_user, people):
    close_january(card, people)
    redefine(
        actor=people["scorecards"],
        scorecard=card,
        version=card.version,
        document={**document_of(card), "bands": [["low", 0], ["high", 70]]},
    )
    address = reverse("scorecards:tree", args=["HOUSE"])
    legends = {month: as_user("chief").get(f"{address}?month=2026-{month}").context["page"].legend for month in ("01", "02")}
    assert [text for _status, text in legends["01"]] == ["85 and over", "60–84.9", "0–59.9"]
    assert [text for _status, text in legends["02"]] == ["70 and over", "0–69.9"]
