"""What staff scorecards, talks and suggestions count for the measures of units."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit, UnitPath
from scorecards.choices import Method
from scorecards.models import Month
from scorecards.selectors.feed import Counted, Source
from staff.choices import AgreementState, SuggestionState
from staff.models import Agreement, Suggestion, Talk
from staff.selectors.posting import below

PER_OFFICERS = 100


def _officers(unit: Unit, last: Month) -> set[int]:
    """Whoever holds a post in the unit or below it on the last day of the month, or today."""
    return set(below(unit, min(_end(last), timezone.localdate())).order_by().values_list("person", flat=True))


def _end(month: Month) -> date:
    return (month + 1).first_day - timedelta(days=1)


def _midnight(month: Month) -> datetime:
    return timezone.make_aware(datetime.combine(month.first_day, time()))


def _units(unit: Unit) -> Any:
    return UnitPath.objects.filter(above=unit).values("below")


def talks(unit: Unit, first: Month, last: Month) -> Counted | None:
    """Officers with a talk held in these months and confirmed, of all officers."""
    officers = _officers(unit, last)
    held = Talk.objects.filter(unit__in=_units(unit), held_on__gte=first.first_day, held_on__lte=_end(last), confirmed_at__isnull=False)
    talked = officers & set(held.values_list("person", flat=True))
    return {"numerator": float(len(talked)), "denominator": float(len(officers))} if officers else None


def agreements(unit: Unit, first: Month, last: Month) -> Counted | None:
    """Officers whose scorecard of the year, in the post that they hold, was agreed in time, of all officers."""
    postings = below(unit, min(_end(last), timezone.localdate()))
    officers = set(postings.order_by().values_list("person__username", "unit"))
    rows = Agreement.objects.filter(state=AgreementState.AGREED, number=1, scorecard__unit__in=_units(unit), scorecard__year=last.year)
    signed = rows.values_list("scorecard__officer", "scorecard__unit", "due_on", "officer_signed_at", "chief_signed_at")
    agreed = {
        (officer, place)
        for officer, place, due, mine, theirs in signed
        if max(timezone.localtime(mine), timezone.localtime(theirs)).date() <= min(due, _end(last))
    }
    return {"numerator": float(len(agreed & officers)), "denominator": float(len(officers))} if officers else None


def proposals(unit: Unit, first: Month, last: Month) -> Counted | None:
    """Suggestions adopted in these months, per hundred officers."""
    officers = _officers(unit, last)
    answered = {"answered_at__gte": _midnight(first), "answered_at__lt": _midnight(last + 1)}
    adopted = Suggestion.objects.filter(unit__in=_units(unit), state=SuggestionState.ADOPTED, **answered)
    return {"value": round(PER_OFFICERS * adopted.count() / len(officers), 2)} if officers else None


FEEDS = {
    "talks": Source(_("officers with a confirmed performance talk, of all officers"), frozenset({Method.RATIO}), talks),
    "agreements": Source(_("officers whose staff scorecard was agreed in time, of all officers"), frozenset({Method.RATIO}), agreements),
    "proposals": Source(_("suggestions adopted, per 100 officers"), frozenset({Method.SUM, Method.AVERAGE, Method.LATEST}), proposals),
}
