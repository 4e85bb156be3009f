"""Loads what belongs to staff scorecards and authorises in one breath. Officers reach what is their own; whoever leads or reviews them does
by a role in the unit; colleagues are refused, and strangers find nothing."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from ledger.models import JobRun
from organisation.access import Person, authorise, leads, unit_for, units_for
from organisation.models import Unit, User
from organisation.permissions import GRANT_ROLE
from scorecards.access import authorise_card, scorecard_for
from scorecards.models import Measure, Scorecard
from scorecards.permissions import VIEW_SCORECARD, VIEW_STAFF
from staff.choices import GIVE_POST
from staff.models import Absence, Agreement, Improvement, LogEntry, Post, Posting, Roster, Suggestion, Talk
from staff.permissions import CASCADE, IMPORT_ROSTER, LEAD_STAFF


def officer_for(user: Person, pk: int, permission: str = VIEW_STAFF) -> User:
    """The person of that id: oneself, or an officer in whose unit, now or last, one holds the permission."""
    person = get_object_or_404(User, pk=pk)
    if person.pk != user.pk:
        authorise(user, permission, unit_of(person))
    return person


def led_for(user: Person, pk: int) -> User:
    """The officer of that id, whom one leads."""
    person = officer_for(user, pk, LEAD_STAFF)
    if not leads(user, person.username, unit_of(person), LEAD_STAFF):
        raise PermissionDenied
    return person


def unit_of(person: User) -> Unit:
    """Where the person holds a post today, or held the last one; else where a scorecard is, or a post to come."""
    postings = Posting.objects.filter(person=person).select_related("unit").order_by("-from_date")
    posting = postings.filter(from_date__lte=timezone.localdate()).first()
    card = Scorecard.objects.filter(officer=person.username).select_related("unit").order_by("-year", "-pk").first()
    found = posting or card or postings.first()
    if found is None:
        raise Http404
    return found.unit


def reach_of(user: Person, person: User) -> "QuerySet[Unit] | None":
    """The units of which one sees what belongs to the officer; None: all, since it is one's own."""
    return None if person.pk == user.pk else units_for(user, VIEW_STAFF)


def card_for(user: Person, pk: int) -> Scorecard:
    """The officer's scorecard of that id."""
    card = get_object_or_404(Scorecard.objects.select_related("unit").exclude(officer=""), pk=pk)
    return authorise_card(user, VIEW_SCORECARD, card)


def post_for(user: Person, pk: int, permission: str) -> Post:
    """The post of that id, if one holds the permission in its unit."""
    post = get_object_or_404(Post.objects.select_related("unit__parent"), pk=pk)
    authorise(user, permission, post.unit)
    return post


def cascade_job_for(user: Person, pk: int) -> JobRun:
    """The giving of that id, if one may cascade in its unit."""
    run = get_object_or_404(JobRun, pk=pk, kind=GIVE_POST)
    unit_for(user, run.place, CASCADE)
    return run


def cascaded_measure_for(user: Person, code: str, year: int, measure: str, permission: str) -> Measure:
    """The measure of that code on the unit's scorecard of the year, if one holds the permission in the unit."""
    card = scorecard_for(user, code, year, permission)
    found = card.measures.select_related("scorecard__unit", "objective__perspective").filter(code=measure).first()
    if found is None:
        raise Http404
    return found


def agreement_for(user: Person, pk: int) -> Agreement:
    """The agreement of that id, if one sees its scorecard."""
    found = get_object_or_404(Agreement.objects.select_related("scorecard__unit", "chief", "asked_by"), pk=pk)
    authorise_card(user, VIEW_SCORECARD, found.scorecard)
    return found


def signing(user: Person, card: Scorecard) -> bool:
    """Whether the person signs for this scorecard: as its officer, or as who leads the officer."""
    return card.officer == getattr(user, "username", None) or leads(user, card.officer, card.unit, LEAD_STAFF)


def signed_agreement_for(user: Person, pk: int) -> Agreement:
    """The same, if one is to sign it."""
    found = agreement_for(user, pk)
    if not signing(user, found.scorecard):
        raise PermissionDenied
    return found


def signed_card_for(user: Person, pk: int) -> Scorecard:
    """The officer's scorecard of that id, if one is to sign for it."""
    card = card_for(user, pk)
    if not signing(user, card):
        raise PermissionDenied
    return card


def talk_for(user: Person, pk: int) -> Talk:
    """The talk of that id: one's own, or of an officer of a unit in which one sees staff."""
    found = get_object_or_404(Talk.objects.select_related("person", "chief", "unit"), pk=pk)
    if found.person_id != user.pk:
        authorise(user, VIEW_STAFF, found.unit)
    return found


def talk_of_two_for(user: Person, pk: int) -> Talk:
    """The same, if one is one of the two: the officer, or who leads her."""
    found = talk_for(user, pk)
    if found.person_id != user.pk and not leads(user, found.person.username, found.unit, LEAD_STAFF):
        raise PermissionDenied
    return found


def own_talk_for(user: Person, pk: int) -> Talk:
    """One's own talk of that id; nobody else finds it here."""
    return get_object_or_404(Talk.objects.select_related("person", "unit"), pk=pk, person=user.pk)


def improvement_for(user: Person, pk: int) -> Improvement:
    """The step of that id, of a talk in which one is one of the two."""
    found = get_object_or_404(Improvement.objects.select_related("talk__unit", "talk__person"), pk=pk)
    talk_of_two_for(user, found.talk_id)
    return found


def own_entry_for(user: Person, pk: int) -> LogEntry:
    """The entry of that id in one's own log; nobody else finds it here."""
    return get_object_or_404(LogEntry.objects.select_related("person", "unit"), pk=pk, person=user.pk)


def suggestion_for(user: Person, pk: int) -> Suggestion:
    """The suggestion of that id, if one answers for its unit; not one's own."""
    found = get_object_or_404(Suggestion.objects.select_related("unit", "person"), pk=pk)
    authorise(user, LEAD_STAFF, found.unit)
    if found.person_id == user.pk:
        raise PermissionDenied
    return found


def posting_for(user: Person, pk: int) -> Posting:
    """The posting of that id, if one cascades in its unit."""
    found = get_object_or_404(Posting.objects.select_related("person", "unit", "post"), pk=pk)
    authorise(user, CASCADE, found.unit)
    return found


def absence_for(user: Person, pk: int) -> Absence:
    """The absence of that id, of somebody whom one leads."""
    found = get_object_or_404(Absence.objects.select_related("person"), pk=pk)
    led_for(user, found.person_id)
    return found


def roster_for(user: Person, pk: int) -> Roster:
    """The file of that id: one's own, or any that speaks of units in all of which one takes such files in or grants their roles."""
    found = get_object_or_404(Roster.objects.select_related("actor", "job", "granted_by").defer("content"), pk=pk)
    if found.actor_id != user.pk:
        reach = units_for(user, IMPORT_ROSTER) | units_for(user, GRANT_ROLE)
        named = {row["unit"] for row in found.rows if not row["problems"]}
        if not named or named - set(reach.filter(code__in=named).values_list("code", flat=True)):
            raise Http404
    return found


def own_roster_for(user: Person, pk: int) -> Roster:
    """One's own file of that id; who sees it otherwise is refused."""
    found = roster_for(user, pk)
    if found.actor_id != user.pk:
        raise PermissionDenied
    return found
