"""Reads logs and suggestions."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from organisation.access import memberships
from organisation.models import Unit, UnitPath, User
from staff.choices import SuggestionState
from staff.models import LogEntry, Posting, Suggestion


def entries(person: User, text: str, reach: "QuerySet[Unit] | None" = None) -> "QuerySet[LogEntry]":
    """Latest first; those of the units within reach (None: all)."""
    found = LogEntry.objects.filter(person=person).select_related("author")
    found = found if reach is None else found.filter(unit__in=reach)
    return found.filter(Q(text__icontains=text) | Q(reply__icontains=text)) if text else found


def sheet(found: Iterable[LogEntry]) -> tuple[list[str], list[list[str]]]:
    """The log as a table: names of the columns, and rows."""
    header = [_("Day"), _("Kind"), _("What happened"), _("Written by"), _("Reply")]
    return header, [[one.day.isoformat(), str(one.get_kind_display()), one.text, one.author.label, one.reply] for one in found]


def of_person(person: User, text: str = "") -> "QuerySet[Suggestion]":
    """The person's own, latest first."""
    return _matching(Suggestion.objects.filter(person=person), text).select_related("answered_by", "unit")


def of_unit(unit: Unit, text: str, *, only_adopted: bool) -> "QuerySet[Suggestion]":
    """Of the unit and below it; those that wait for an answer first."""
    found = Suggestion.objects.filter(unit__in=UnitPath.objects.filter(above=unit).values("below"))
    if only_adopted:
        found = found.filter(state=SuggestionState.ADOPTED)
    open_first = Case(When(state=SuggestionState.OPEN, then=Value(0)), default=Value(1))
    return _matching(found, text).select_related("person", "unit", "answered_by").order_by(open_first, "-made_at", "-pk")


def _matching(found: "QuerySet[Suggestion]", text: str) -> "QuerySet[Suggestion]":
    return found.filter(Q(title__icontains=text) | Q(text__icontains=text) | Q(answer__icontains=text)) if text else found


@dataclass(frozen=True)
class Sums:
    open: int
    adopted: int
    declined: int


def sums(unit: Unit) -> Sums:
    """How many suggestions of the unit and below it stand where."""
    found = Suggestion.objects.filter(unit__in=UnitPath.objects.filter(above=unit).values("below")).order_by()
    numbers = dict(found.values("state").annotate(n=Count("pk")).values_list("state", "n"))
    return Sums(*(numbers.get(state, 0) for state in (SuggestionState.OPEN, SuggestionState.ADOPTED, SuggestionState.DECLINED)))


def suggestion_sheet(found: Iterable[Suggestion], *, named: bool) -> tuple[list[str], list[list[str]]]:
    """named: with who made them."""
    header = [_("Day"), _("Unit"), _("Suggestion"), _("State"), _("Answer"), *([_("Name")] if named else [])]
    return header, [
        [
            *(f"{one.made_at:%Y-%m-%d}", one.unit.label, one.title, str(one.get_state_display()), one.answer),
            *([one.person.label] if named else []),
        ]
        for one in found
    ]


def unit_to_suggest(person: User, units: "QuerySet[Unit]") -> Unit | None:
    """Where a suggestion of the person belongs: the unit of the post, else of the first role."""
    posting = Posting.objects.filter(person=person, until_date__isnull=True).select_related("unit").first()
    if posting is not None:
        return posting.unit
    held = [membership.unit for membership in memberships(person)]
    return held[0] if held and units.filter(pk=held[0].pk).exists() else units.first()
