"""Units as a tree: moves, circles, versions."""

import pytest

from ledger.models import AuditEntry
from organisation.errors import CodeTaken, OutOfDate, UnitWouldCircle
from organisation.models import Unit, UnitPath
from organisation.services.unit import create_unit, edit_unit

pytestmark = pytest.mark.django_db


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def above(code: str) -> dict[str, int]:
    return dict(UnitPath.objects.filter(below__code=code).values_list("above__code", "distance"))


def move(code: str, parent: str) -> None:
    moved = unit(code)
    edit_unit(actor=None, unit=moved, version=moved.version, parent=unit(parent), name=moved.name)


def test_a_unit_lies_below_all_above_its_parent(people):
    assert above("DIVISION") == {"DIVISION": 0, "HOUSE": 1, "DISTRICT": 2, "ROOT": 3}


def test_a_move_takes_everything_below_along(people):
    move("HOUSE", "OTHER")
    assert above("DIVISION") == {"DIVISION": 0, "HOUSE": 1, "OTHER": 2, "ROOT": 3}


def test_a_unit_is_not_moved_below_itself(people):
    with pytest.raises(UnitWouldCircle):
        move("DISTRICT", "DIVISION")
    assert above("DIVISION") == {"DIVISION": 0, "HOUSE": 1, "DISTRICT": 2, "ROOT": 3}


def test_a_code_is_given_once(people):
    with pytest.raises(CodeTaken):
        create_unit(actor=None, code="HOUSE", name="Again", parent=None)


def test_an_edit_of_an_older_version_is_refused(people):
    house = unit("HOUSE")
    edit_unit(actor=None, unit=house, version=house.version, parent=house.parent, name="New name")
    with pytest.raises(OutOfDate):
        edit_unit(actor=None, unit=house, version=1, parent=house.parent, name="Other name")
    assert unit("HOUSE").name == "New name"


def test_an_edit_tells_before_and_after(people):
    house = unit("HOUSE")
    edit_unit(actor=people["system"], unit=house, version=1, parent=house.parent, name="New name")
    line = AuditEntry.objects.filter(target_kind="unit", verb="edit").get()
    assert (line.actor, line.before["name"], line.after["name"]) == (str(people["system"].pk), "House", "New name")


def test_an_empty_installation_begins_with_three_administrators(db, monkeypatch):
    from django.core.management import CommandError, call_command

    from organisation.models import Membership

    monkeypatch.setattr("organisation.management.commands.first_administrators.getpass", lambda prompt: "First-Horse-9")
    words = ["--unit", "GACC", "--name", "Administration", "--system", "1001", "--security", "1002", "--audit", "1003"]
    call_command("first_administrators", *words)
    assert dict(Membership.objects.values_list("user__username", "role")) == {
        "1001": "system_administrator",
        "1002": "security_administrator",
        "1003": "audit_administrator",
    }
    with pytest.raises(CommandError, match="already holds"):
        call_command("first_administrators", *words)
