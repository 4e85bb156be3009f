"""What a person has left to do with scorecards. A fixed number of queries, however many units and measures there are."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communication.selectors.todo import Todo
from organisation.access import top_units_for, units_for
from organisation.models import Unit, User
from organisation.selectors.delegation import principals
from scorecards.choices import AdjustmentState, CorrectionState, ReadingState, ReopeningState, UploadState, VersionState
from scorecards.models import Adjustment, Assignment, Correction, Month, Reading, Reopening, Scorecard, TensionReview, Upload, Version
from scorecards.permissions import (
    ANSWER_TENSION,
    APPROVE_ADJUSTMENT,
    APPROVE_STRATEGY,
    CLOSE_MONTH,
    DECIDE_REOPENING,
    EDIT_READING,
    VERIFY_READING,
)
from scorecards.selectors.missing import MONTHS_BACK, OpenMonth, open_months
from scorecards.selectors.month import open_months_to_close
from scorecards.selectors.text import month_text

TENSION_MONTHS = 2


def todos(person: User, today: date) -> list[Todo]:
    """All of them, in no order."""
    return [
        *_entering(person, today),
        *_verifying(person, today),
        *_corrections(person),
        *_reopenings(person),
        *_adjustments(person),
        *_versions(person),
        *_tensions(person, today),
        *_closing(person, today),
        *_uploads(person),
    ]


def _entering(person: User, today: date) -> Iterator[Todo]:
    """Values to enter, drafts to submit, returned ones to correct: of one's own units, and of people for whom one stands in."""
    people = {person.pk, *principals(person, today)}
    reach = set(units_for(person, EDIT_READING).values_list("pk", flat=True))
    own = set(top_units_for(person, EDIT_READING).values_list("pk", flat=True))
    elsewhere = Assignment.objects.filter(person__in=people, until_date__isnull=True, unit__in=reach).values_list("unit", flat=True)
    for month in open_months(own | set(elsewhere), today):
        yield from _of_month(month, people, own, today)


def _of_month(month: OpenMonth, people: set[int], own: set[int], today: date) -> Iterator[Todo]:
    unit, late = month.card.unit, today > month.deadline
    address = reverse("scorecards:entry", args=[unit.code, str(month.month)])
    named = {"unit": unit.label, "month": month_text(month.month)}

    def mine(measures: list[object]) -> int:
        found = month.of(people, measures)  # type: ignore[arg-type]
        return len(found) if unit.pk in own else sum(month.reporters.get(one.code) in people for one in found)

    missing, drafts, returned = mine(list(month.missing)), mine(list(month.drafts)), mine(list(month.returned))
    if returned:
        title = ngettext(
            "Correct %(n)d returned value of %(unit)s, %(month)s", "Correct %(n)d returned values of %(unit)s, %(month)s", returned
        )
        yield Todo("arrow-back-up", title % {**named, "n": returned}, "", address, _("Correct"), month.deadline, late, returned)
    if missing:
        title = ngettext("Enter %(n)d value of %(unit)s, %(month)s", "Enter %(n)d values of %(unit)s, %(month)s", missing)
        detail = _("%(n)d typed so far are drafts.") % {"n": drafts} if drafts else ""
        yield Todo("table", title % {**named, "n": missing}, detail, address, _("Enter"), month.deadline, late, missing)
    elif drafts:
        title = ngettext("Submit %(n)d draft of %(unit)s, %(month)s", "Submit %(n)d drafts of %(unit)s, %(month)s", drafts)
        detail = _("They count once they are submitted.")
        yield Todo("send", title % {**named, "n": drafts}, detail, address, _("Submit"), month.deadline, late, drafts)


def _verifying(person: User, today: date) -> Iterator[Todo]:
    first = Month.of_day(today) - MONTHS_BACK
    waiting = Reading.objects.filter(
        measure__scorecard__unit__in=top_units_for(person, VERIFY_READING),
        measure__scorecard__officer="",
        state=ReadingState.SUBMITTED,
        month__gte=int(first),
    ).exclude(entered_by=person)
    grouped = waiting.order_by().values("measure__scorecard__unit", "measure__scorecard", "month").annotate(n=Count("pk", distinct=True))
    rows = list(grouped)
    shut = set(
        Scorecard.objects.filter(pk__in={row["measure__scorecard"] for row in rows}, closings__reopened_at__isnull=True).values_list(
            "pk", "closings__month"
        )
    )
    units = Unit.objects.in_bulk({row["measure__scorecard__unit"] for row in rows})
    for row in rows:
        if (row["measure__scorecard"], row["month"]) in shut:
            continue
        unit, month = units[row["measure__scorecard__unit"]], Month(row["month"])
        title = ngettext("Verify %(n)d value of %(unit)s, %(month)s", "Verify %(n)d values of %(unit)s, %(month)s", row["n"])
        title %= {"n": row["n"], "unit": unit.label, "month": month_text(month)}
        address = reverse("scorecards:verification", args=[unit.code, str(month)])
        yield Todo("circle-check", title, _("Those that stand out come first."), address, _("Verify"), weight=row["n"])


def _corrections(person: User) -> Iterator[Todo]:
    asked = Correction.objects.filter(measure__scorecard__unit__in=units_for(person, VERIFY_READING), state=CorrectionState.ASKED)
    rows = Counter(asked.exclude(asked_by=person).values_list("measure__scorecard__unit", flat=True))
    for unit, number in _units(rows):
        title = ngettext("Decide %(n)d correction of %(unit)s", "Decide %(n)d corrections of %(unit)s", number)
        title %= {"n": number, "unit": unit.label}
        yield Todo("edit", title, "", reverse("scorecards:corrections", args=[unit.code]), _("Decide"), weight=number)


def _reopenings(person: User) -> Iterator[Todo]:
    asked = Reopening.objects.filter(unit__in=units_for(person, DECIDE_REOPENING), state=ReopeningState.ASKED).exclude(asked_by=person)
    for row in asked.select_related("unit"):
        title = _("Decide the reopening of %(month)s of %(unit)s") % {"month": month_text(row.month), "unit": row.unit.label}
        yield Todo(
            "lock-open", title, row.reason, reverse("scorecards:months", args=[row.unit.code]) + f"?year={row.month.year}", _("Decide")
        )


def _adjustments(person: User) -> Iterator[Todo]:
    proposed = Adjustment.objects.filter(
        scorecard__unit__in=top_units_for(person, APPROVE_ADJUSTMENT), scorecard__officer="", state=AdjustmentState.PROPOSED
    ).exclude(proposed_by=person)
    for unit, number in _units(Counter(proposed.values_list("scorecard__unit", flat=True))):
        title = ngettext("Decide %(n)d adjustment of %(unit)s", "Decide %(n)d adjustments of %(unit)s", number)
        title %= {"n": number, "unit": unit.label}
        yield Todo("plus-minus", title, "", reverse("scorecards:adjustments", args=[unit.code]), _("Decide"), weight=number)


def _versions(person: User) -> Iterator[Todo]:
    waiting = Version.objects.filter(unit__in=top_units_for(person, APPROVE_STRATEGY), state=VersionState.IN_REVIEW)
    for row in waiting.exclude(submitted_by=person).select_related("unit").defer("document", "base"):
        title = _("Review the scorecard of %(year)s of %(unit)s") % {"year": row.year, "unit": row.unit.label}
        yield Todo("sitemap", title, row.reason, reverse("scorecards:version", args=[row.pk]), _("Review"))


def _tensions(person: User, today: date) -> Iterator[Todo]:
    first = Month.of_day(today) - TENSION_MONTHS
    waiting = TensionReview.objects.filter(
        tension__scorecard__unit__in=top_units_for(person, ANSWER_TENSION),
        tension__scorecard__officer="",
        answer="",
        period__gte=int(first),
    )
    for unit, number in _units(Counter(waiting.values_list("tension__scorecard__unit", flat=True))):
        title = ngettext("Answer %(n)d tension of %(unit)s", "Answer %(n)d tensions of %(unit)s", number)
        title %= {"n": number, "unit": unit.label}
        yield Todo("scale", title, "", reverse("scorecards:tensions", args=[unit.code]), _("Answer"), weight=number)


def _closing(person: User, today: date) -> Iterator[Todo]:
    """The first open month of each unit whose deadline has passed."""
    for card, month in open_months_to_close(list(top_units_for(person, CLOSE_MONTH)), today):
        title = _("Close %(month)s of %(unit)s") % {"month": month_text(month), "unit": card.unit.label}
        address = reverse("scorecards:months", args=[card.unit.code]) + f"?year={month.year}"
        yield Todo("lock", title, "", address, _("Close"), card.deadline_of(month))


def _uploads(person: User) -> Iterator[Todo]:
    for row in Upload.objects.filter(
        actor=person, unit__in=units_for(person, EDIT_READING), state__in=[UploadState.MAPPING, UploadState.READY]
    ).defer("content"):
        title = _("Go on with the import of %(file)s") % {"file": row.name}
        yield Todo("file-import", title, str(row.get_state_display()), reverse("scorecards:upload", args=[row.pk]), _("Go on"))


def _units(numbers: "Counter[int]") -> list[tuple[Unit, int]]:
    units = Unit.objects.in_bulk(list(numbers))
    return [(units[pk], number) for pk, number in sorted(numbers.items())]
