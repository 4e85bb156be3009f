"""What a person has left to do with staff scorecards. A fixed number of queries, however many people there are."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communication.selectors.todo import Todo
from organisation.access import may, units_for
from organisation.models import Membership, UnitPath, User
from organisation.models.dates import reaching
from organisation.permissions import GRANT_ROLE
from organisation.selectors.delegation import principals
from scorecards.models import Scorecard
from scorecards.permissions import VERIFY_READING
from scorecards.selectors.missing import open_months_of
from scorecards.selectors.text import month_text
from staff.choices import AgreementState, RosterState, SuggestionState
from staff.models import Agreement, Improvement, Posting, Roster, Suggestion, Talk
from staff.permissions import LEAD_STAFF
from staff.selectors.agreement import people_of
from staff.selectors.leader import Led, cards_led, led_by, postings_led
from staff.selectors.posting import in_force
from staff.selectors.roster import rows_of, rows_with_post
from staff.selectors.talk import last_held, next_due, planned

MOST_NAMED = 20


def todos(person: User, today: date) -> list[Todo]:
    """All of them, in no order."""
    led = led_by(person, today)
    return [*_own(person, today), *_led(person, led, today), *_suggestions(person, led), *_rosters(person, today)]


def _own(person: User, today: date) -> Iterator[Todo]:
    cards = list(Scorecard.objects.filter(officer=person.username, year__gte=today.year - 1).select_related("unit"))
    for agreement in Agreement.objects.filter(
        scorecard__in=cards, state=AgreementState.DRAFT, officer_signed_at__isnull=True
    ).select_related("scorecard"):
        title = _("Look at your scorecard of %(year)d and sign it") % {"year": agreement.scorecard.year}
        if agreement.changes is not None:
            title = _("Look at the change of your scorecard of %(year)d and sign it") % {"year": agreement.scorecard.year}
        detail = "" if agreement.talked_on else _("The talk comes first.")
        yield Todo(
            "id", title, detail, reverse("staff:agreement", args=[agreement.pk]), _("Show"), agreement.due_on, agreement.due_on < today, 1
        )
    for month in open_months_of(cards, today) if cards else []:
        number, returned = len(month.missing) + len(month.drafts), len(month.returned)
        address = reverse("scorecards:entry", args=[month.card.address, str(month.month)])
        late = today > month.deadline
        if number:
            title = ngettext(
                "Enter %(n)d value of your own scorecard, %(month)s", "Enter %(n)d values of your own scorecard, %(month)s", number
            )
            yield Todo(
                "table", title % {"n": number, "month": month_text(month.month)}, "", address, _("Enter"), month.deadline, late, number
            )
        if returned:
            title = ngettext(
                "Correct %(n)d returned value of your own scorecard, %(month)s",
                "Correct %(n)d returned values of your own scorecard, %(month)s",
                returned,
            )
            yield Todo(
                "arrow-back-up",
                title % {"n": returned, "month": month_text(month.month)},
                "",
                address,
                _("Correct"),
                month.deadline,
                late,
                returned,
            )
    for talk in Talk.objects.filter(person=person, held_on__isnull=False, confirmed_at__isnull=True):
        title = _("Confirm the notes of your performance talk")
        yield Todo("message", title, "", reverse("staff:talk", args=[talk.pk]), _("Confirm"), None, late=False, weight=1)
    for step in Improvement.objects.filter(talk__person=person, done_on__isnull=True).select_related("talk"):
        address = reverse("staff:talk", args=[step.talk_id])
        yield Todo(
            "bulb", _("Improve: %(what)s") % {"what": step.text}, step.training, address, _("Show"), step.due_on, step.due_on < today, 1
        )


def _led(person: User, own: Led, today: date) -> Iterator[Todo]:
    """Of all whom the person leads, and whom people lead for whom the person stands in."""
    if not may(person, LEAD_STAFF):
        return
    leaders = [(person, own), *((one, led_by(one, today)) for one in User.objects.filter(pk__in=principals(person, today)))]
    reach = set(units_for(person, LEAD_STAFF).values_list("pk", flat=True))
    found = [card for leader, led in leaders for card in cards_led(led, leader, today)]
    cards = {card.pk: card for card in found if card.officer != person.username and card.unit_id in reach}
    yield from _agreements(cards, today)
    yield from _values(person, list(cards.values()), today)
    postings = {one.pk: one for leader, led in leaders for one in postings_led(led, leader, today).select_related("person")}
    yield from _talks([one for one in postings.values() if one.person_id != person.pk and one.unit_id in reach], today)


def _agreements(cards: dict[int, Scorecard], today: date) -> Iterator[Todo]:
    waiting = Agreement.objects.filter(state=AgreementState.DRAFT, chief_signed_at__isnull=True, scorecard__in=cards)
    rows = list(waiting.filter(scorecard__year__gte=today.year).order_by("due_on", "pk"))
    named = rows[:MOST_NAMED]
    people = people_of(cards[one.scorecard_id] for one in named)
    for one in named:
        officer = cards[one.scorecard_id].officer
        title = _("Talk over and sign the scorecard of %(name)s") % {"name": people[officer].label if officer in people else officer}
        yield Todo("id", title, "", reverse("staff:agreement", args=[one.pk]), _("Show"), one.due_on, one.due_on < today, 1)
    if len(rows) > MOST_NAMED:
        more, unit = len(rows) - MOST_NAMED, cards[rows[MOST_NAMED].scorecard_id].unit
        title = ngettext("Talk over and sign %(n)d more scorecard", "Talk over and sign %(n)d more scorecards", more) % {"n": more}
        yield Todo("id", title, "", reverse("staff:agreements", args=[unit.code]), _("Show"), None, late=False, weight=more)


def _talks(people: list[Posting], today: date) -> Iterator[Todo]:
    ids = [one.person_id for one in people]
    held, coming = last_held(ids), planned(ids)
    due = sorted((next_due(held.get(one.person_id), one.from_date), one.person.label, one) for one in people if one.person_id not in coming)
    late = [(day, one) for day, _name, one in due if day < today]
    for day, one in late[:MOST_NAMED]:
        title = _("Hold a performance talk with %(name)s") % {"name": one.person.label}
        yield Todo("calendar", title, "", reverse("staff:talks", args=[one.person_id]), _("Plan"), day, late=True, weight=1)
    names = {one.person_id: one.person.label for one in people}
    for talk in sorted(coming.values(), key=lambda one: one.planned_on)[:MOST_NAMED]:
        title = _("Performance talk with %(name)s") % {"name": names[talk.person_id]}
        yield Todo("calendar", title, "", reverse("staff:talk", args=[talk.pk]), _("Show"), talk.planned_on, talk.planned_on < today, 1)


def _values(person: User, cards: list[Scorecard], today: date) -> Iterator[Todo]:
    """Submitted values of the officers' own scorecards: one to-do a month, which leads to the first of them."""
    waiting = [month for month in open_months_of(cards, today) if month.unverified] if may(person, VERIFY_READING) else []
    for at in sorted({month.month for month in waiting}):
        months = [month for month in waiting if month.month == at]
        number = sum(month.unverified for month in months)
        title = ngettext("Verify %(n)d value of officers, %(month)s", "Verify %(n)d values of officers, %(month)s", number)
        officers = ngettext("of %(n)d officer, first %(name)s", "of %(n)d officers, first %(name)s", len(months))
        detail = officers % {"n": len(months), "name": months[0].card.label}
        address = reverse("scorecards:verification", args=[months[0].card.address, str(at)])
        yield Todo(
            "circle-check", title % {"n": number, "month": month_text(at)}, detail, address, _("Verify"), None, late=False, weight=number
        )


def _suggestions(person: User, led: Led) -> Iterator[Todo]:
    found = Suggestion.objects.filter(unit__in=led.units, state=SuggestionState.OPEN).exclude(person=person).select_related("unit")
    for one in found[:MOST_NAMED]:
        address = reverse("staff:suggestion", args=[one.pk])
        yield Todo(
            "bulb",
            _("Answer the suggestion “%(what)s”") % {"what": one.title},
            one.unit.label,
            address,
            _("Answer"),
            None,
            late=False,
            weight=1,
        )


def _rosters(person: User, today: date) -> Iterator[Todo]:
    if not may(person, GRANT_ROLE):
        return
    reach = set(units_for(person, GRANT_ROLE).values_list("code", flat=True))
    for roster in Roster.objects.filter(state=RosterState.WRITTEN).exclude(actor=person).defer("content"):
        if {row.unit for row in rows_with_post(rows_of(roster))} <= reach:
            title = _("Give the people of %(file)s their role as officers") % {"file": roster.name}
            yield Todo("users", title, "", reverse("staff:roster-grant", args=[roster.pk]), _("Show"), None, late=False, weight=1)
    yield from _roles(person, today)


def _roles(person: User, today: date) -> Iterator[Todo]:
    """People who hold a post where they have no role."""
    above = UnitPath.objects.filter(below=OuterRef("unit")).values("above")
    role = Membership.objects.filter(reaching(today), user=OuterRef("person"), unit__in=above)
    found = (
        in_force(today)
        .filter(unit__in=units_for(person, GRANT_ROLE))
        .annotate(has_role=Exists(role))
        .filter(has_role=False)
        .select_related("person", "unit")
        .order_by("pk")
    )
    for one in found[:MOST_NAMED]:
        title = _("Grant %(name)s a role in %(unit)s") % {"name": one.person.label, "unit": one.unit.label}
        detail = _("A post is held there without a role.")
        yield Todo("users", title, detail, reverse("organisation:person", args=[one.person_id]), _("Show"), None, late=False, weight=1)
