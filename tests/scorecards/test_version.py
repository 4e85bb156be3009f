"""Versions: drafts in steps, approval by two people, what is in force from which month, and what stays as it was."""

import copy
import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from ledger.models import AuditEntry
from ledger.services import outbox
from organisation.models import Unit
from scorecards.choices import VersionState
from scorecards.errors import (
    CodeUsed,
    DraftChanged,
    LinkRefused,
    NoSuchNode,
    NoSuchStep,
    NotInState,
    OutOfDate,
    OwnWork,
    VersionOpen,
)
from scorecards.forms.document import read_document
from scorecards.models import Measure, Month, Objective, Reading, Score, Scorecard, Version
from scorecards.selectors.document import BLANK_MEASURE, definition_of, document_of, each_measure, each_objective
from scorecards.selectors.draft import adopted, begun, blank, for_year, in_force, lost_readings, merged, of_unit, undated
from scorecards.selectors.text import month_text, value_text
from scorecards.selectors.version import differences, newest_begun, outlook, state_text, unit_of
from scorecards.services import closing
from scorecards.services import map as strategy_map
from scorecards.services import version as service
from tests import cast
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
MARCH, APRIL = Month.of(2026, 3), Month.of(2026, 4)


@pytest.fixture
def card(load):
    second = {
        "code": "O2",
        "name": "Second",
        "name_zh": "第二",
        "weight": 3,
        "measures": [cast.measure("B", readings=cast.readings(40, 50, 60))],
    }
    document = cast.document(cast.measure("A", readings=cast.readings(90, 80, 70, 70)))
    document["perspectives"][0]["objectives"].append(second)
    return load(document)


@pytest.fixture
def draft(card, people):
    return begin(people["manager"], card)


def begin(actor, card, month=MARCH, source=None):
    told = {"year": month.year, "from_month": month, "source": source or definition_of(card), "reason": "Change", "now": NOW}
    return service.begin(actor=actor, unit=card.unit, **told)


def told(people, version, who="manager"):
    version.refresh_from_db()
    return {"actor": people[who], "version": version, "seen": version.edits, "now": NOW}


def decision(people, version, who="director"):
    version.refresh_from_db()
    view = outlook(version)
    seen = {"edits": version.edits, "seen": view.card_version}
    return {"actor": people[who], "version": version, "document": read_document(view.document), "now": NOW, **seen}


def approve(people, version):
    service.submit(**told(people, version))
    service.approve(**decision(people, version))
    outbox.drain(now=timezone.now())


def scores(card):
    return {(row.period, row.window): (row.score, row.node_scores) for row in Score.objects.filter(scorecard=card)}


def test_a_draft_changes_nothing_until_it_is_approved(card, draft, people):
    before = document_of(card)
    strategy_map.move(code="O2", perspective="C", x=10, row=0, **told(people, draft))
    assert document_of(Scorecard.objects.get(pk=card.pk)) == before


def test_there_is_one_open_draft_a_year(card, draft, people):
    with pytest.raises(VersionOpen):
        begin(people["manager"], card)
    service.discard(actor=people["manager"], version=draft)
    assert begin(people["manager"], card).number == 2


def test_a_step_that_was_made_from_an_older_draft_is_refused_with_the_name(draft, people):
    stale = told(people, draft)
    strategy_map.link(cause="O1", effect="O2", **told(people, draft, "scorecards"))
    with pytest.raises(DraftChanged, match="Scorecards"):
        strategy_map.move(code="O1", perspective="C", x=1, row=0, **stale)


def test_undo_and_redo_follow_the_steps(draft, people):
    strategy_map.link(cause="O1", effect="O2", **told(people, draft))
    strategy_map.move(code="O1", perspective="C", x=7, row=0, **told(people, draft))
    service.undo(**told(people, draft))
    service.undo(**told(people, draft))
    draft.refresh_from_db()
    assert draft.document["links"] == []
    with pytest.raises(NoSuchStep):
        service.undo(**told(people, draft))
    service.redo(**told(people, draft))
    draft.refresh_from_db()
    assert [link["from"] for link in draft.document["links"]] == ["O1"]


def test_a_new_step_forgets_what_was_undone(draft, people):
    strategy_map.link(cause="O1", effect="O2", **told(people, draft))
    service.undo(**told(people, draft))
    strategy_map.move(code="O1", perspective="C", x=7, row=0, **told(people, draft))
    with pytest.raises(NoSuchStep):
        service.redo(**told(people, draft))


def test_a_stale_page_is_told_even_if_the_number_of_steps_is_the_same(draft, people):
    strategy_map.link(cause="O1", effect="O2", **told(people, draft))
    stale = told(people, draft)
    service.undo(**told(people, draft, "scorecards"))
    strategy_map.link(cause="O2", effect="O1", **told(people, draft, "scorecards"))
    with pytest.raises(DraftChanged):
        strategy_map.unlink(cause="O1", effect="O2", **stale)


@pytest.mark.parametrize(("cause", "effect"), [("O1", "O1"), ("O1", "O2"), ("O2", "O1")])
def test_an_arrow_joins_two_objectives_once(draft, people, cause, effect):
    strategy_map.link(cause="O1", effect="O2", **told(people, draft))
    with pytest.raises(LinkRefused):
        strategy_map.link(cause=cause, effect=effect, **told(people, draft))


def test_what_is_not_there_cannot_be_moved_linked_or_edited(draft, people):
    for action, fields in (
        (strategy_map.move, {"code": "X", "perspective": "C", "x": 1, "row": 0}),
        (strategy_map.move, {"code": "O1", "perspective": "X", "x": 1, "row": 0}),
        (strategy_map.link, {"cause": "O1", "effect": "X"}),
        (strategy_map.unlink, {"cause": "O1", "effect": "O2"}),
        (strategy_map.edit_objective, {"code": "X", "fields": {}}),
    ):
        with pytest.raises(NoSuchNode):
            action(**fields, **told(people, draft))


def test_a_code_is_used_once(draft, people):
    with pytest.raises(CodeUsed):
        strategy_map.add_objective(perspective="C", fields={"code": "O1", "name": "x"}, **told(people, draft))
    with pytest.raises(CodeUsed):
        strategy_map.add_measure(objective="O1", measure=cast.measure("B"), **told(people, draft))


def test_moving_one_objective_leaves_the_others_where_they_are(draft, people):
    from scorecards.assembly.map import placed

    before = placed(draft.document).boxes
    strategy_map.move(code="O1", perspective="C", x=1000, row=0, **told(people, draft))
    draft.refresh_from_db()
    after = placed(draft.document).boxes
    assert abs(after["O2"].x - before["O2"].x) < 1
    assert after["O1"].x > before["O1"].x


def test_removing_an_objective_takes_its_measures_and_arrows_with_it(draft, people):
    strategy_map.link(cause="O1", effect="O2", **told(people, draft))
    strategy_map.remove_objective(code="O2", **told(people, draft))
    draft.refresh_from_db()
    assert draft.document["links"] == []
    assert [one["code"] for _path, one in each_measure(draft.document)] == ["A"]


def test_the_one_who_submitted_does_not_approve(draft, people):
    service.submit(**told(people, draft))
    with pytest.raises(OwnWork):
        service.approve(**decision(people, draft, "manager"))


def test_whoever_worked_on_a_version_does_not_approve_it(draft, people):
    strategy_map.arrange(**told(people, draft, "director"))
    strategy_map.link(cause="O1", effect="O2", **told(people, draft, "director"))
    service.submit(**told(people, draft))
    with pytest.raises(OwnWork):
        service.approve(**decision(people, draft))


def test_what_was_changed_after_it_was_looked_at_is_not_approved(draft, people):
    service.submit(**told(people, draft))
    looked_at = decision(people, draft)
    service.send_back(actor=people["director"], version=draft, reason="No", now=NOW)
    strategy_map.link(cause="O1", effect="O2", **told(people, draft))
    service.submit(**told(people, draft))
    with pytest.raises(OutOfDate):
        service.approve(**looked_at)


def test_what_is_in_review_is_not_edited_and_comes_back_with_the_reason(draft, people):
    service.submit(**told(people, draft))
    with pytest.raises(NotInState):
        strategy_map.arrange(**told(people, draft))
    service.send_back(actor=people["director"], version=draft, reason="Too many measures", now=NOW)
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT
    assert [remark.text for remark in draft.remarks.all()] == ["Too many measures"]


def test_a_version_is_decided_once(draft, people):
    service.submit(**told(people, draft))
    again = decision(people, draft)
    service.approve(**again)
    with pytest.raises(NotInState):
        service.approve(**again)


def test_approving_what_was_seen_before_somebody_changed_the_scorecard_is_refused(card, draft, people):
    service.submit(**told(people, draft))
    looked_at = decision(people, draft)
    Scorecard.objects.filter(pk=card.pk).update(version=looked_at["seen"] + 1)
    with pytest.raises(OutOfDate):
        service.approve(**looked_at)
    draft.refresh_from_db()
    assert draft.state == VersionState.IN_REVIEW


def test_weights_hold_from_the_month_on_and_earlier_scores_stay(card, draft, people):
    before = scores(card)
    changed = copy.deepcopy(draft.document)
    changed["perspectives"][0]["objectives"][0]["weight"] = 9
    strategy_map.replace(verb="weights", about="", document=changed, **told(people, draft))
    approve(people, draft)
    after = scores(card)
    early = {key: value for key, value in before.items() if key[0] < MARCH}
    assert early == {key: after[key] for key in early}
    assert after[MARCH, "month"] != before[MARCH, "month"]


def test_removing_adding_and_renaming_leave_earlier_months_as_they_were(card, people):
    before = scores(card)
    draft = begin(people["manager"], card, APRIL)
    strategy_map.remove_objective(code="O2", **told(people, draft))
    strategy_map.add_objective(perspective="C", fields={"code": "O3", "name": "Third", "weight": 1}, **told(people, draft))
    strategy_map.add_measure(objective="O3", measure={**BLANK_MEASURE, **cast.measure("N")}, **told(people, draft))
    strategy_map.edit_objective(code="O1", fields={"name": "First"}, **told(people, draft))
    approve(people, draft)
    after = scores(card)
    assert {key: value[0] for key, value in before.items() if key[0] < APRIL} == {key: after[key][0] for key in before if key[0] < APRIL}
    assert after[APRIL, "month"][0] == 70
    assert Reading.objects.filter(measure__code="B").count() == 3
    retired, fresh = Measure.objects.get(code="B"), Measure.objects.get(code="N")
    assert (retired.due_until, fresh.due_from) == (MARCH, APRIL)
    assert Objective.objects.get(code="O1").name == "First"


def test_what_has_ended_is_not_on_the_next_draft_and_ends_once(card, people):
    draft = begin(people["manager"], card, APRIL)
    strategy_map.remove_objective(code="O2", **told(people, draft))
    approve(people, draft)
    card.refresh_from_db()
    following = begin(people["manager"], card, Month.of(2026, 5))
    assert [one["code"] for one in following.document["perspectives"][0]["objectives"]] == ["O1"]
    approve(people, following)
    assert Measure.objects.get(code="B").due_until == MARCH


def test_a_change_of_the_scorecard_meanwhile_is_kept(card, draft, people):
    from scorecards.services.definition import redefine

    live = document_of(card)
    live["perspectives"][0]["objectives"][0]["measures"][0]["name"] = "Renamed by the administrator"
    redefine(actor=people["scorecards"], scorecard=card, version=card.version, document=read_document(live))
    strategy_map.edit_objective(code="O1", fields={"name": "First"}, **told(people, draft))
    approve(people, draft)
    assert Measure.objects.get(code="A").name == "Renamed by the administrator"
    assert Objective.objects.get(code="O1").name == "First"


def test_next_year_begins_with_weights_and_targets_as_they_stand(card, people):
    source = for_year(definition_of(card), 2027)
    following = begin(people["manager"], card, Month.of(2027, 1), source)
    approve(people, following)
    made = Scorecard.objects.get(unit=card.unit, year=2027)
    assert [(row.from_month, row.points) for row in Measure.objects.get(scorecard=made, code="A").targets.all()] == [
        (Month.of(2027, 1), [0, 100])
    ]
    assert Score.objects.filter(scorecard=card).exists()


def test_another_unit_takes_the_scorecard_over(card, people):
    unit = Unit.objects.get(code="DIVISION")
    source = of_unit(definition_of(card), unit_of(unit))
    draft = service.begin(actor=people["manager"], unit=unit, year=2026, from_month=MARCH, source=source, reason="Copy", now=NOW)
    approve(people, draft)
    made = Scorecard.objects.get(unit=unit, year=2026)
    assert {one.code for one in made.measures.all()} == {"A", "B"}
    assert not Reading.objects.filter(measure__scorecard=made).exists()


def test_a_unit_begins_from_nothing(people):
    unit = Unit.objects.get(code="DIVISION")
    source = blank(unit_of(unit), 2026)
    draft = service.begin(actor=people["manager"], unit=unit, year=2026, from_month=MARCH, source=source, reason="New", now=NOW)
    for code in ("C1", "P1"):
        fields = {"code": code, "name": code, "weight": 1}
        strategy_map.add_objective(perspective=code[0], fields=fields, **told(people, draft))
        strategy_map.add_measure(objective=code, measure={**BLANK_MEASURE, **cast.measure(f"{code}-01")}, **told(people, draft))
    strategy_map.link(cause="P1", effect="C1", strength="strong", lag=2, hypothesis="Because", **told(people, draft))
    approve(people, draft)
    made = definition_of(Scorecard.objects.get(unit=unit, year=2026))
    assert made["links"] == [{"from": "P1", "to": "C1", "strength": "strong", "lag": 2, "hypothesis": "Because", "hypothesis_zh": ""}]


def test_every_write_has_a_line(draft, people):
    strategy_map.link(cause="O1", effect="O2", **told(people, draft))
    service.undo(**told(people, draft))
    service.remark(actor=people["director"], version=draft, text="Good", now=NOW)
    service.submit(**told(people, draft))
    verbs = AuditEntry.objects.filter(target_kind="version", target_id=str(draft.pk)).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["begin", "link", "undo", "remark", "submit"]


def test_old_steps_are_forgotten_and_the_newest_stay(draft, people, monkeypatch):
    monkeypatch.setattr(service, "MOST_STEPS", 3)
    for x in range(6):
        strategy_map.move(code="O1", perspective="C", x=x, row=0, **told(people, draft))
    for _ in range(2):
        service.undo(**told(people, draft))
    draft.refresh_from_db()
    assert draft.steps.count() <= 4


def test_the_merge_keeps_both_sides(card):
    base = definition_of(card)
    live, draft = copy.deepcopy(base), copy.deepcopy(base)
    first, second = live["perspectives"][0]["objectives"]
    first["name"], first["weight"] = "Live", [{"from": "2026-01", "weight": 1}, {"from": "2026-09", "weight": 9}]
    second["measures"].append({**BLANK_MEASURE, "code": "M9", "name": "Of the administrator", "name_zh": ""})
    first, second = draft["perspectives"][0]["objectives"]
    first["owner"], first["weight"] = "Draft", 5
    draft["perspectives"].append({"code": "P", "name": "P", "name_zh": "", "weight": 1, "objectives": [second]})
    draft["perspectives"][0]["objectives"].remove(second)
    both = merged(base, live, draft)
    first, second = both["perspectives"][0]["objectives"][0], both["perspectives"][1]["objectives"][0]
    assert (first["name"], first["owner"]) == ("Live", "Draft")
    assert first["weight"] == [{"from": "2026-01", "weight": 5}, {"from": "2026-09", "weight": 9}]
    assert [one["code"] for one in second["measures"]] == ["B", "M9"]


def test_a_removal_is_kept_by_the_merge_and_takes_its_arrows(card):
    base = definition_of(card)
    live, draft = copy.deepcopy(base), copy.deepcopy(base)
    live["links"] = [{"from": "O1", "to": "O2", "strength": "weak", "lag": 0, "hypothesis": "", "hypothesis_zh": ""}]
    del draft["perspectives"][0]["objectives"][1]
    both = merged(base, live, draft)
    assert both["links"] == []
    assert [one["code"] for one in both["perspectives"][0]["objectives"]] == ["O1"]


def test_targets_of_earlier_months_stay(card):
    live = definition_of(card)
    draft = begun(live, MARCH)
    next(each_measure(draft))[1]["targets"] = [{"from": "2026-01", "points": [0, 50]}]
    assert next(each_measure(adopted(draft, live, MARCH)))[1]["targets"] == [
        {"from": "2026-01", "points": [0, 100]},
        {"from": "2026-03", "points": [0, 50]},
    ]


def test_a_measure_that_would_have_begun_later_goes_without_a_trace(card):
    live = definition_of(card)
    live["perspectives"][0]["objectives"][1]["measures"][0]["due_from"] = "2026-08"
    draft = begun(live, MARCH)
    draft["perspectives"][0]["objectives"][1]["measures"] = []
    assert [one["code"] for _path, one in each_measure(adopted(draft, live, MARCH))] == ["A"]


def test_pairs_keep_members_that_end_and_their_answers(card):
    live = {**definition_of(card), "tensions": [{"code": "T1", "name": "", "name_zh": "", "a": ["A"], "b": ["B"]}]}
    draft = begun(live, MARCH)
    draft["perspectives"][0]["objectives"][1]["measures"] = []
    assert adopted(begun(draft, MARCH), live, MARCH)["tensions"] == live["tensions"]


def test_a_pair_that_the_draft_takes_away_is_gone(card):
    live = {**definition_of(card), "tensions": [{"code": "T1", "name": "", "name_zh": "", "a": ["A"], "b": ["B"]}]}
    draft = {**begun(live, MARCH), "tensions": []}
    assert adopted(draft, live, MARCH)["tensions"] == []


def test_pairs_of_a_draft_are_set_at_once(draft, people):
    pair = {"code": "T1", "name": "Pair", "name_zh": "", "a": ["A"], "b": ["B"]}
    strategy_map.set_pairs(pairs=[pair], **told(people, draft))
    with pytest.raises(CodeUsed):
        strategy_map.set_pairs(pairs=[pair, pair], **told(people, draft))
    approve(people, draft)
    assert definition_of(Scorecard.objects.get(unit=draft.unit, year=2026))["tensions"] == [pair]


def test_what_ended_earlier_in_the_year_is_left_as_it_is(card):
    live = definition_of(card)
    live["perspectives"][0]["objectives"][1]["measures"][0]["due_until"] = "2026-02"
    assert adopted(begun(live, MARCH), live, MARCH) == live


def test_what_cannot_be_dated_is_told(card):
    live = definition_of(card)
    draft = begun(live, MARCH)
    next(each_measure(draft))[1]["method"] = "latest"
    assert undated(live, adopted(draft, live, MARCH)) == [("measure", "A")]
    assert undated(live, adopted(begun(live, MARCH), live, MARCH)) == []


def test_values_that_would_go_are_told(card):
    live = document_of(card)
    draft = begun(definition_of(card), Month.of(2026, 1))
    draft["perspectives"][0]["objectives"][1]["measures"] = []
    assert lost_readings(live, adopted(draft, live, Month.of(2026, 1))) == ["B"]


def test_next_year_keeps_what_is_planned_and_drops_what_has_ended(card):
    live = definition_of(card)
    first, second = (objective["measures"][0] for objective in live["perspectives"][0]["objectives"])
    first["targets"] = [{"from": "2026-01", "points": [0, 100]}, {"from": "2027-06", "points": [0, 200]}]
    second["due_until"] = "2026-06"
    following = for_year(live, 2027)
    assert [(one["code"], one["targets"]) for _path, one in each_measure(following)] == [
        ("A", [{"from": "2027-01", "points": [0, 100]}, {"from": "2027-06", "points": [0, 200]}])
    ]


def test_adopting_what_did_not_change_says_what_was_said(card):
    live = definition_of(card)
    assert adopted(begun(live, MARCH), live, MARCH) == live


def test_differences_name_what_was_added_removed_and_changed(card):
    old = definition_of(card)
    new = copy.deepcopy(old)
    del new["perspectives"][0]["objectives"][1]
    new["perspectives"][0]["objectives"][0]["name"] = "First"
    new["perspectives"][0]["objectives"].append({**old["perspectives"][0]["objectives"][1], "code": "O9", "measures": []})
    assert {(one.kind, one.level, one.code) for one in differences(old, new)} == {
        ("changed", "objective", "O1"),
        ("added", "objective", "O9"),
        ("removed", "objective", "O2"),
        ("removed", "measure", "B"),
    }


@pytest.mark.parametrize(
    ("month", "words"),
    [("2026-02", "Approved, still to come"), ("2026-03", "In force"), ("2026-04", "Followed by another"), ("2027-01", "Closed")],
)
def test_an_approved_version_is_to_come_in_force_followed_and_closed(card, draft, people, month, words):
    approve(people, draft)
    card.refresh_from_db()
    approve(people, begin(people["manager"], card, APRIL))
    draft.refresh_from_db()
    this_month = Month.parse(month)
    assert state_text(draft, newest_begun(draft.unit, this_month), this_month) == words


def test_versions_stay_readable(card, draft, people):
    approve(people, draft)
    assert Version.objects.get(pk=draft.pk).document == draft.document


def test_two_people_change_two_fields_of_a_measure_and_keep_both(draft, as_user):
    address = f"/versions/{draft.pk}/measures/A/"
    typed = form_of(as_user("manager").get(address))
    as_user("scorecards").post(address, {**typed, "owner": "Section 1"})
    mine = {**typed, "data_source": "Register"}
    told = as_user("manager").post(address, mine)
    assert b"changed this draft" in told.content
    as_user("manager").post(address, {**mine, "version": form_of(told)["version"]})
    draft.refresh_from_db()
    measure = next(each_measure(draft.document))[1]
    assert (measure["owner"], measure["data_source"]) == ("Section 1", "Register")


def form_of(answer) -> dict[str, str]:
    """What a browser would send of the page's form, untouched: the fields, and what they showed at first."""
    form = answer.context["form"]
    fields = {field.html_name: field.value() for field in form}
    written = re.findall(r'name="(initial-[^"]+)"(?: value="([^"]*)")?', answer.content.decode())
    firsts = {unescape(name): unescape(value) for name, value in written}
    return {name: str(value) for name, value in {**fields, **firsts}.items() if value is not None and value is not False}


def test_a_page_carries_what_it_showed(draft, as_user):
    client = as_user("manager")
    for page in ("measures/A/", "objectives/O1/", "weights/"):
        assert b'name="initial-' in client.get(f"/versions/{draft.pk}/{page}").content


def test_a_month_shows_what_is_in_force_in_it(card, people):
    draft = begin(people["manager"], card, APRIL)
    strategy_map.remove_objective(code="O2", **told(people, draft))
    strategy_map.add_objective(perspective="C", fields={"code": "O3", "name": "Third", "weight": 1}, **told(people, draft))
    approve(people, draft)
    live = definition_of(Scorecard.objects.get(pk=card.pk))
    assert [one["code"] for _lane, one in each_objective(in_force(live, MARCH))] == ["O1", "O2"]
    assert [one["code"] for _lane, one in each_objective(in_force(live, APRIL))] == ["O1", "O3"]


def test_equal_shares_are_saved_once_they_are_shown(draft, people, as_user):
    strategy_map.add_objective(perspective="C", fields={"code": "O3", "name": "Third"}, **told(people, draft))
    client, address = as_user("manager"), f"/versions/{draft.pk}/weights/"
    typed = form_of(client.get(address))
    shown = client.post(address, {**typed, "split": "p C"})
    assert client.post(address, form_of(shown)).status_code == 302
    draft.refresh_from_db()
    assert [one["weight"] for _lane, one in each_objective(draft.document)] == [33.34, 33.33, 33.33]


def test_weights_of_another_unit_are_saved_once_they_are_shown(load, draft, as_user):
    other = cast.document(cast.measure("A"), unit="DIVISION")
    other["perspectives"][0]["objectives"][0]["weight"] = 7
    load(other)
    client, address = as_user("manager"), f"/versions/{draft.pk}/weights/"
    shown = client.post(address, {**form_of(client.get(address)), "take": "1", "unit": "DIVISION", "objective O2": "5"})
    client.post(address, form_of(shown))
    draft.refresh_from_db()
    assert [one["weight"] for _lane, one in each_objective(draft.document)] == [7, 5]


def test_a_circle_in_a_draft_is_told_at_its_formula(draft, as_user):
    client, address = as_user("manager"), reverse("scorecards:draft-measure", args=[draft.pk, "A"])
    form = client.get(address).context["form"]
    typed = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    answer = client.post(address, {**typed, "source": "formula", "formula": "A + 1", "give_up_readings": "on"})
    assert "computed from itself" in str(answer.context["form"].errors["formula"])
    assert answer.context["form"]["formula"].value() == "A + 1"


def test_a_formula_in_a_draft_is_tried_on_the_last_months(draft, card, as_user):
    client, address = as_user("manager"), reverse("scorecards:draft-measure", args=[draft.pk, "A"])
    form = client.get(address).context["form"]
    typed = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    stored = document_of(card)
    tried = client.post(
        reverse("scorecards:draft-measure-preview", args=[draft.pk, "A"]), {**typed, "source": "formula", "formula": "B * 2 + 1"}
    )
    values = {row.month: row.value for row in tried.context["page"].rows}
    assert values[month_text(MARCH)] == value_text(2 * 60 + 1)
    assert "“Measure B” × 2 + 1" in tried.content.decode()
    assert document_of(card) == stored


def typed_of(client, address: str) -> dict:
    form = client.get(address).context["form"]
    return {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}


def test_trying_shows_nothing_of_units_out_of_reach(load, people, as_user):
    load(
        cast.document(cast.measure("X", readings=cast.readings(33)), unit="OTHER"),
        cast.document(cast.measure("Y", readings=cast.readings(77)), unit="DIVISION"),
        cast.document(cast.measure("R", source="rollup", across="average", contributors=["OTHER/X", "DIVISION/Y"])),
    )
    card = Scorecard.objects.get(unit__code="HOUSE")
    draft = begin(people["manager"], card)
    client, address = as_user("manager"), reverse("scorecards:draft-measure", args=[draft.pk, "R"])
    preview, typed = reverse("scorecards:draft-measure-preview", args=[draft.pk, "R"]), typed_of(client, address)
    assert "55" in client.post(preview, typed).content.decode()
    for change in ({"contributors": "OTHER/X"}, {"across": "minimum"}):
        page = client.post(preview, {**typed, **change}).content.decode()
        assert "There is no measure OTHER/X" in page
        assert "33" not in page


def test_a_draft_is_tried_though_a_measure_has_ended_in_a_closed_month(load, people, as_user):
    ended = cast.measure("B", readings=cast.readings(40), due_until="2026-01")
    card = load(cast.document(cast.measure("A", readings=cast.readings(90, 80, 70)), ended))
    closing.close(actor=people["scorecards"], unit=card.unit, month=Month.of(2026, 1), below=True, now=NOW)
    draft = begin(people["manager"], card)
    client, address = as_user("manager"), reverse("scorecards:draft-measure", args=[draft.pk, "A"])
    page = client.post(reverse("scorecards:draft-measure-preview", args=[draft.pk, "A"]), typed_of(client, address)).context
    assert page["faults"] == []
    assert [row.value for row in page["page"].rows if row.month == month_text(MARCH)] == ["70"]
