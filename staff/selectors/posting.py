"""Who holds which post, and in which months a post's scorecard is due."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.choices import TECHNICAL_ROLES
from organisation.models import Membership, Unit, UnitPath, User
from organisation.models.dates import holding, reaching
from scorecards.models import Month
from staff.models import Absence, Post, Posting

MOST_SUGGESTED = 10


def in_force(day: date) -> "QuerySet[Posting]":
    return Posting.objects.filter(holding(day))


def in_year(post: Post, year: int) -> "QuerySet[Posting]":
    """Whoever holds the post at some time of the year, with people and units."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    held = Posting.objects.filter(reaching(first), post=post, from_date__lte=last)
    return held.select_related("person", "unit").order_by("unit__code", "person__username", "from_date")


def below(unit: Unit, day: date) -> "QuerySet[Posting]":
    """The postings in force in the unit and below it, with people, units and posts."""
    units = UnitPath.objects.filter(above=unit).values("below")
    return in_force(day).filter(unit__in=units).select_related("person", "unit", "post").order_by("unit__code", "person__username")


def now_and_later(unit: Unit, day: date) -> "QuerySet[Posting]":
    """The same, with those that have not begun."""
    units = UnitPath.objects.filter(above=unit).values("below")
    found = Posting.objects.filter(reaching(day), unit__in=units)
    return found.select_related("person", "unit", "post").order_by("unit__code", "person__username", "from_date")


def matching(found: "QuerySet[Posting]", text: str) -> "QuerySet[Posting]":
    """Those whose person, unit or post fits the text."""
    if not text:
        return found
    person = Q(person__username__icontains=text) | Q(person__name__icontains=text) | Q(person__name_zh__icontains=text)
    place = Q(unit__code__icontains=text) | Q(unit__name__icontains=text) | Q(unit__name_zh__icontains=text)
    return found.filter(person | place | Q(post__code__icontains=text) | Q(post__name__icontains=text) | Q(post__name_zh__icontains=text))


def of_person(person: User) -> "QuerySet[Posting]":
    """All of them, latest first."""
    return Posting.objects.filter(person=person).select_related("person", "unit", "post").order_by("-from_date")


def absences_of(person: User) -> "QuerySet[Absence]":
    return Absence.objects.filter(person=person)


def posts_for(unit: Unit) -> "QuerySet[Post]":
    """The posts that can be held in the unit: its own, and those of the units above."""
    return Post.objects.filter(unit__in=unit.paths_up.values("above")).select_related("unit").order_by("unit__code", "code")


def due_months(first: date, last: date | None, year: int) -> tuple[Month, Month] | None:
    """The first and last month of the year that belong to a post held on these days, None where none does. A month belongs to the post held
    for more than half of its days; for exactly half, to the one that ends it."""
    months = [month for month in (Month.of(year, number) for number in range(1, 13)) if _belongs(first, last, month)]
    return (months[0], months[-1]) if months else None


def _belongs(first: date, last: date | None, month: Month) -> bool:
    begin, end = month.first_day.toordinal(), (month + 1).first_day.toordinal() - 1
    held_until = end if last is None else min(last.toordinal(), end)
    served = held_until - max(first.toordinal(), begin) + 1
    twice, days = 2 * served, end - begin + 1
    return twice > days or (twice == days and held_until == end)


def people_for(units: "QuerySet[Unit]") -> "QuerySet[User]":
    """Whoever is in those units today, and who has neither role nor post anywhere; no technical administrators."""
    roles, held = _roles_and_posts()
    free = ~Q(pk__in=roles.values("user")) & ~Q(pk__in=held.values("person"))
    return _people().filter(_within(units) | free)


def people_like(units: "QuerySet[Unit]", typed: str) -> list[User]:
    """The first in those units whose staff number begins, or whose name goes, like what was typed; whoever belongs to no unit is not
    offered."""
    like = Q(username__istartswith=typed) | Q(name__icontains=typed) | Q(name_zh__icontains=typed)
    return list(_people().filter(_within(units), like).order_by("username")[:MOST_SUGGESTED]) if typed else []


def _roles_and_posts() -> tuple["QuerySet[Membership]", "QuerySet[Posting]"]:
    lasting = reaching(timezone.localdate())
    return Membership.objects.filter(lasting), Posting.objects.filter(lasting)


def _people() -> "QuerySet[User]":
    roles, _held = _roles_and_posts()
    return User.objects.filter(is_active=True).exclude(pk__in=roles.filter(role__in=TECHNICAL_ROLES).values("user"))


def _within(units: "QuerySet[Unit]") -> Q:
    """Whoever has a role or a post in those units."""
    roles, held = _roles_and_posts()
    return Q(pk__in=roles.filter(unit__in=units).values("user")) | Q(pk__in=held.filter(unit__in=units).values("person"))


def posts_below(unit: Unit) -> list[Post]:
    """The posts that can be held in the unit or somewhere below it."""
    related = Q(unit__in=unit.paths_up.values("above")) | Q(unit__in=unit.paths_down.values("below"))
    return list(Post.objects.filter(related).select_related("unit").order_by("unit__code", "code"))


def sheet(found: "Iterable[Posting]") -> tuple[list[str], list[list[str]]]:
    """Postings as a table that can be imported again: names of the columns, and rows."""
    header = [_("Staff number"), _("Name"), _("Chinese name"), _("Unit"), _("Post"), _("First day in the post")]
    return header, [
        [one.person.username, one.person.name, one.person.name_zh, one.unit.code, one.post.code, one.from_date.isoformat()] for one in found
    ]
