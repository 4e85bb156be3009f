"""Roles: who holds what, where and when."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from organisation.access import may, unit_for, units_for
from organisation.choices import Role
from organisation.errors import AlreadyHolds, NotYourself, RolesExclude
from organisation.models import Membership, Unit
from organisation.services.membership import end_role, grant_role
from scorecards.permissions import EDIT_READING, VIEW_SCORECARD

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 1)


def grant(person, role, code="ROOT", actor=None, **dates):
    return grant_role(actor=actor, person=person, unit=Unit.objects.get(code=code), role=role, from_date=TODAY, **dates)


def test_a_role_holds_in_the_whole_subtree(people):
    assert unit_for(people["director"], "DIVISION", VIEW_SCORECARD).code == "DIVISION"


def test_a_stranger_finds_nothing(people):
    with pytest.raises(Http404):
        unit_for(people["stranger"], "HOUSE", VIEW_SCORECARD)


def test_a_colleague_without_the_right_is_refused(people):
    with pytest.raises(PermissionDenied):
        unit_for(people["director"], "HOUSE", EDIT_READING)


def test_a_role_does_not_reach_upward(people):
    with pytest.raises(Http404):
        unit_for(people["officer"], "DISTRICT", VIEW_SCORECARD)


def test_a_role_that_has_ended_is_none(people):
    assert not may(people["former"], VIEW_SCORECARD)


def test_a_role_ends_at_the_end_of_its_last_day(people):
    held = people["officer"].memberships.get()
    end_role(actor=people["security"], membership=held, today=timezone.localdate())
    assert not may(people["officer"], VIEW_SCORECARD)
    assert Membership.objects.get(pk=held.pk).until_date == timezone.localdate() - timedelta(days=1)


def test_units_within_reach_are_the_subtree(people):
    codes = set(units_for(people["director"], VIEW_SCORECARD).values_list("code", flat=True))
    assert codes == {"DISTRICT", "HOUSE", "DIVISION"}


def test_nobody_grants_to_oneself(people):
    with pytest.raises(NotYourself):
        grant(people["security"], Role.DIRECTOR, actor=people["security"])


@pytest.mark.parametrize("role", [Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR])
def test_no_person_holds_two_technical_roles(people, role):
    with pytest.raises(RolesExclude):
        grant(people["system"], role)


def test_the_database_refuses_a_second_technical_role(people):
    root = Unit.objects.get(code="ROOT")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=people["system"], unit=root, role=Role.AUDIT_ADMINISTRATOR, from_date=TODAY)


def test_the_same_role_is_not_given_twice(people):
    with pytest.raises(AlreadyHolds):
        grant(people["officer"], Role.OFFICER, "HOUSE")
