"""Reads posts, and whether their templates are ready to be given."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from organisation.models import Unit, User
from organisation.models.dates import holding
from scorecards.models import Scorecard
from scorecards.selectors.document import Document, definition_of
from staff.choices import LEAST_LINES, LEAST_WEIGHT, MOST_LINES, MOST_WEIGHT, SMALLEST, WHOLE, LineKind
from staff.models import Post, Posting
from staff.selectors.cascade import OneSided, drafted, one_sided


def posts(unit: Unit, text: str, day: date) -> "QuerySet[Post]":
    """The unit's own posts, with the number of lines and of holders."""
    found = Post.objects.filter(unit=unit)
    if text:
        found = found.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text))
    numbers = {"measures": Count("lines", distinct=True), "holders": Count("postings", filter=holding(day, "postings__"), distinct=True)}
    return found.annotate(**numbers).order_by("code")


@dataclass(frozen=True)
class Readiness:
    """faults: what keeps the template from being given; warnings: tension pairs of which it carries one side alone."""

    faults: list[str]
    warnings: list[OneSided]


def readiness(post: Post, card: Scorecard | None) -> Readiness:
    lines = list(post.lines.all())
    faults = []
    if card is None:
        faults.append(_("The unit has no scorecard, so there is nothing to carry."))
    if not LEAST_LINES <= len(lines) <= MOST_LINES:
        faults.append(_("A template has %(least)d to %(most)d measures.") % {"least": LEAST_LINES, "most": MOST_LINES})
    total = sum(line.weight for line in lines)
    if abs(total - WHOLE) > SMALLEST:
        faults.append(_("The weights add up to %(total)s; they must make 100.") % {"total": f"{total:g}"})
    outside = [line.code for line in lines if not LEAST_WEIGHT <= line.weight <= MOST_WEIGHT]
    if outside:
        told = {"least": LEAST_WEIGHT, "most": MOST_WEIGHT, "codes": ", ".join(outside)}
        faults.append(_("Each weight lies between %(least)d and %(most)d: %(codes)s.") % told)
    if card is not None:
        known = set(card.measures.values_list("code", flat=True)), set(card.objectives.values_list("code", flat=True))
        gone = [line.code for line in lines if line.objective not in known[1] or (line.kind != LineKind.OWN and line.code not in known[0])]
        if gone:
            faults.append(_("The unit's scorecard no longer has: %(codes)s.") % {"codes": ", ".join(gone)})
    return Readiness(faults, one_sided(post, card))


def sample(post: Post, card: Scorecard | None) -> Document | None:
    """What the template makes of the unit's scorecard for somebody who holds the post all year; None without a scorecard."""
    if card is None:
        return None
    person = User(username="sample", name=post.name, name_zh=post.name_zh)
    posting = Posting(person=person, unit=card.unit, post=post, from_date=date(card.year, 1, 1))
    lines = list(post.lines.all())
    found = drafted(lines, definition_of(card), posting, {line.code: line.share or 1.0 for line in lines})
    return {key: part for key, part in found.document.items() if key != "file"} if found else None
