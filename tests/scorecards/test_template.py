"""A template given to many units, then upgraded: drafts that each unit accepts, locked parts, its own changes kept."""

import copy

import pytest
from django.utils import timezone

from ledger.services import outbox
from organisation.models import Unit
from organisation.services.unit import create_unit
from scorecards.errors import LockedPart
from scorecards.forms.document import read_document
from scorecards.models import Month, Objective, Score, Scorecard, Version
from scorecards.selectors.document import definition_of
from scorecards.selectors.draft import blank
from scorecards.selectors.template import previews
from scorecards.selectors.version import outlook, unit_of
from scorecards.services import map as strategy_map
from scorecards.services import version as service
from scorecards.services.template import give
from tests import cast
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
UNITS = 20
JANUARY, MARCH = Month.of(2026, 1), Month.of(2026, 3)


@pytest.fixture
def divisions(people):
    house = Unit.objects.get(code="HOUSE")
    return [create_unit(actor=None, code=f"D{i:02d}", name=f"Division {i}", name_zh="处", parent=house) for i in range(UNITS)]


def approved(people, draft):
    draft.refresh_from_db()
    service.submit(actor=people["manager"], version=draft, seen=draft.edits, now=NOW)
    draft.refresh_from_db()
    view = outlook(draft)
    told = {"actor": people["director"], "version": draft, "edits": draft.edits, "seen": view.card_version, "now": NOW}
    service.approve(document=read_document(view.document), **told)
    draft.refresh_from_db()
    return draft


def begun(people, card, month, change=None):
    source = copy.deepcopy(definition_of(card))
    told = {"year": 2026, "from_month": month, "reason": "Template", "now": NOW}
    draft = service.begin(actor=people["manager"], unit=card.unit, source=source, **told)
    if change:
        change(draft)
    return approved(people, draft)


@pytest.fixture
def template(load, people):
    card = load(cast.document(cast.measure("A"), cast.measure("B")))
    return begun(people, card, JANUARY)


def given(people, template, units, month=JANUARY, locked=(("objective", "O1"), ("measure", "A"))):
    told = {"from_month": month, "locked": [list(key) for key in locked], "reason": "For all", "now": NOW}
    return give(actor=people["manager"], template=template, units=units, **told)


def test_twenty_units_get_a_draft_and_accept_it_one_by_one(people, divisions, template):
    found = given(people, template, divisions)
    assert [one.refusal for one in found] == [""] * UNITS
    assert not Scorecard.objects.filter(unit__in=divisions).exists()
    approved(people, found[0].version)
    assert [card.unit for card in Scorecard.objects.filter(unit__in=divisions)] == [divisions[0]]


def test_a_locked_part_is_not_changed_and_the_rest_is(people, divisions, template):
    draft = given(people, template, divisions[:1])[0].version
    told = {"actor": people["manager"], "version": draft, "seen": draft.edits, "now": NOW}
    with pytest.raises(LockedPart, match="O1"):
        strategy_map.edit_objective(code="O1", fields={"name": "Mine"}, **told)
    with pytest.raises(LockedPart, match="A"):
        strategy_map.remove_measure(code="A", **told)
    changed = strategy_map.edit_objective(code="O1", fields={"owner": "Section 3"}, **told)
    strategy_map.remove_measure(code="B", actor=people["manager"], version=changed, seen=changed.edits, now=NOW)


def test_an_upgrade_keeps_what_the_unit_has_changed_and_leaves_earlier_scores(people, divisions, template):
    unit = divisions[0]
    first = given(people, template, [unit], locked=())[0].version
    strategy_map.edit_objective(actor=people["manager"], version=first, seen=first.edits, code="O1", fields={"owner": "Section 3"}, now=NOW)
    approved(people, first)
    outbox.drain(now=timezone.now())
    before = list(Score.objects.filter(unit=unit, period__lt=int(MARCH)).order_by("period", "window").values_list("score", "node_scores"))
    house = Scorecard.objects.get(unit__code="HOUSE")

    def change(draft):
        strategy_map.edit_objective(
            actor=people["manager"], version=draft, seen=draft.edits, code="O1", fields={"name": "Upgraded"}, now=NOW
        )

    following = begun(people, house, MARCH, change)
    shown = previews(following, [unit, divisions[1]], MARCH)
    assert [(one.number, one.is_upgrade) for one in shown] == [(1, True), (None, False)]
    approved(people, given(people, following, [unit], MARCH)[0].version)
    outbox.drain(now=timezone.now())
    objective = Objective.objects.get(scorecard__unit=unit)
    assert (objective.name, objective.owner) == ("Upgraded", "Section 3")
    after = list(Score.objects.filter(unit=unit, period__lt=int(MARCH)).order_by("period", "window").values_list("score", "node_scores"))
    assert after == before


def test_locks_hold_on_the_drafts_that_follow(people, divisions, template):
    unit = divisions[0]
    approved(people, given(people, template, [unit])[0].version)
    card = Scorecard.objects.get(unit=unit)
    told = {"actor": people["manager"], "unit": unit, "year": 2026, "from_month": MARCH, "reason": "Mine", "now": NOW}
    with pytest.raises(LockedPart):
        service.begin(source=blank(unit_of(unit), 2026), **told)
    draft = service.begin(source=definition_of(card), **told)
    with pytest.raises(LockedPart, match="O1"):
        strategy_map.edit_objective(actor=people["manager"], version=draft, seen=draft.edits, code="O1", fields={"name": "Mine"}, now=NOW)


def test_a_unit_with_an_open_draft_is_told_and_left_alone(people, divisions, template):
    given(people, template, divisions[:1])
    found = given(people, template, divisions[:2])
    assert [bool(one.refusal) for one in found] == [True, False]
    assert Version.objects.filter(unit=divisions[0]).count() == 1


def test_the_page_shows_first_and_gives_then(people, divisions, template, as_user):
    client = as_user("manager")
    address = f"/versions/{template.pk}/give/"
    typed = {"from_month": "2026-01", "units": "HOUSE/*", "reason": "For all", "locked": ["measure A"]}
    shown = client.post(address, typed)
    assert b"D00 Division 0" in shown.content
    assert not Version.objects.filter(template=template).exists()
    client.post(address, {**typed, "confirm": "1"})
    assert Version.objects.filter(template=template, locked=[["measure", "A"]]).count() == UNITS + 1


@pytest.mark.parametrize("units", ["OTHER", "NOWHERE", "OTHER/*", "HOUSE"])
def test_units_out_of_reach_are_refused_where_they_are_typed(people, template, as_user, units):
    answer = as_user("manager").post(f"/versions/{template.pk}/give/", {"from_month": "2026-01", "units": units, "reason": "x"})
    assert b"Not within your reach" in answer.content
    assert not Version.objects.filter(template=template).exists()
