"""Loads what belongs to a scorecard and authorises in one breath."""

from collections.abc import Callable
from typing import TypeVar

from django.http import Http404

from communication.selectors.thread import Subject
from ledger.models import JobRun
from organisation.access import Person, authorise, unit_for, units_for
from organisation.models import Unit
from scorecards.choices import CLOSE_MONTH_JOB, NATIONAL_MONTH
from scorecards.models import (
    Adjustment,
    AdjustmentItem,
    CatalogueMeasure,
    Correction,
    Evidence,
    Instruction,
    Measure,
    Month,
    Objective,
    Reopening,
    Scorecard,
    TensionReview,
    Upload,
    Version,
)
from scorecards.permissions import EDIT_SCORECARD, VIEW_SCORECARD
from scorecards.selectors.document import contributor_parts
from scorecards.selectors.scorecard import scorecard_of
from scorecards.selectors.text import month_text

Found = TypeVar("Found")
LONGEST_ID = 18


def _authorised(user: Person, permission: str, found: Found | None, unit_of: Callable[[Found], Unit]) -> Found:
    """What was found, if the person holds the permission in its unit."""
    if found is None:
        raise Http404
    authorise(user, permission, unit_of(found))
    return found


def measure_for(user: Person, pk: int, permission: str) -> Measure:
    """The measure of that id, if the person holds the permission in its unit."""
    loaded = Measure.objects.select_related("scorecard__unit", "objective__perspective").prefetch_related("targets")
    measure = loaded.filter(pk=pk, scorecard__officer="").first()
    return _authorised(user, permission, measure, lambda one: one.scorecard.unit)


def measure_of_unit_for(user: Person, code: str, pk: int, permission: str) -> Measure:
    """The same, of the unit of that code."""
    measure = measure_for(user, pk, permission)
    if measure.scorecard.unit.code != code:
        raise Http404
    return measure


def scorecard_for(user: Person, code: str, year: int, permission: str) -> Scorecard:
    """The scorecard of that unit and year, if the person holds the permission there."""
    return _authorised(user, permission, scorecard_of(code, year), lambda one: one.unit)


def recompute_job_for(user: Person, pk: int, permission: str) -> JobRun:
    """The job of that id, if the person holds the permission in its unit."""
    run = JobRun.objects.filter(pk=pk, kind=NATIONAL_MONTH).first()
    if run is None:
        raise Http404
    unit_for(user, run.place, permission)
    return run


def review_for(user: Person, pk: int, permission: str) -> TensionReview:
    """The review item of that id, if the person holds the permission in its unit."""
    review = TensionReview.objects.select_related("tension__scorecard__unit").filter(pk=pk, tension__scorecard__officer="").first()
    return _authorised(user, permission, review, lambda one: one.tension.scorecard.unit)


def catalogue_measure_for(user: Person, pk: int, permission: str) -> CatalogueMeasure:
    """The measure of the catalogue of that id, if the person holds the permission in its unit."""
    found = CatalogueMeasure.objects.select_related("unit").filter(pk=pk).first()
    return _authorised(user, permission, found, lambda one: one.unit)


def instruction_for(user: Person, pk: int, permission: str) -> Instruction:
    """The instruction of that id, if the person holds the permission in its unit."""
    found = Instruction.objects.select_related("unit").filter(pk=pk).first()
    return _authorised(user, permission, found, lambda one: one.unit)


def version_for(user: Person, pk: int, permission: str) -> Version:
    """The version of that id, if the person holds the permission in its unit."""
    version = Version.objects.select_related("unit__parent", "begun_by", "submitted_by", "decided_by").filter(pk=pk).first()
    return _authorised(user, permission, version, lambda one: one.unit)


def adjustment_for(user: Person, pk: int, permission: str) -> Adjustment:
    """The adjustment of that id, if the person holds the permission in its unit."""
    found = Adjustment.objects.select_related("scorecard__unit").filter(pk=pk, scorecard__officer="").first()
    return _authorised(user, permission, found, lambda one: one.scorecard.unit)


def adjustment_item_for(user: Person, pk: int, permission: str) -> AdjustmentItem:
    """The item of that id, if the person holds the permission in its unit."""
    item = AdjustmentItem.objects.select_related("unit").filter(pk=pk).first()
    return _authorised(user, permission, item, lambda one: one.unit)


def hidden_contributors(user: Person, written: list[str], known: list[str]) -> list[str]:
    """Of the contributors that the person adds, those out of reach: other units' scorecards that she may not see, and officers'
    scorecards of units in which she does not configure."""
    fresh = [(one, *contributor_parts(one)) for one in written if one not in known]
    codes = {unit for _one, unit, _officer, _code in fresh}
    seen = set(units_for(user, VIEW_SCORECARD).filter(code__in=codes).values_list("code", flat=True))
    configured = set(units_for(user, EDIT_SCORECARD).filter(code__in=codes).values_list("code", flat=True))
    return [one for one, unit, officer, _code in fresh if unit not in (configured if officer else seen)]


def month_of_measure_for(user: Person, pk: int, month: Month, permission: str) -> Measure:
    """The measure of that id in a month of its year, if the person holds the permission in its unit."""
    measure = measure_for(user, pk, permission)
    if month.year != measure.scorecard.year:
        raise Http404
    return measure


def correction_for(user: Person, pk: int, permission: str) -> Correction:
    """The correction of that id, if the person holds the permission in its unit."""
    found = Correction.objects.select_related("measure__scorecard__unit").filter(pk=pk, measure__scorecard__officer="").first()
    return _authorised(user, permission, found, lambda one: one.measure.scorecard.unit)


def reopening_for(user: Person, pk: int, permission: str) -> Reopening:
    """The request of that id, if the person holds the permission in its unit."""
    found = Reopening.objects.select_related("unit", "asked_by").filter(pk=pk).first()
    return _authorised(user, permission, found, lambda one: one.unit)


def upload_for(user: Person, pk: int, permission: str) -> Upload:
    """The file of that id, if the person holds the permission in its unit; without its content."""
    found = Upload.objects.select_related("unit", "actor", "job").defer("content").filter(pk=pk).first()
    return _authorised(user, permission, found, lambda one: one.unit)


def evidence_for(user: Person, pk: int, permission: str) -> Evidence:
    """The file of that id, if the person holds the permission in the unit of its measure."""
    found = Evidence.objects.select_related("measure__scorecard__unit").filter(pk=pk, measure__scorecard__officer="").first()
    return _authorised(user, permission, found, lambda one: one.measure.scorecard.unit)


def closing_job_for(user: Person, pk: int, permission: str) -> JobRun:
    """The job of that id, if the person holds the permission in its unit."""
    run = JobRun.objects.filter(pk=pk, kind=CLOSE_MONTH_JOB).first()
    if run is None:
        raise Http404
    unit_for(user, run.place, permission)
    return run


def _measure_subject(user: Person, key: str, permission: str) -> Subject:
    measure = measure_for(user, _number(key), permission)
    names = (measure.name, measure.name_zh)
    return Subject("measure", str(measure.pk), measure.scorecard.unit, names, measure.label, f"/measures/{measure.pk}/")


def _objective_subject(user: Person, key: str, permission: str) -> Subject:
    found = Objective.objects.select_related("scorecard__unit").filter(pk=_number(key), scorecard__officer="").first()
    objective = _authorised(user, permission, found, lambda one: one.scorecard.unit)
    unit = objective.scorecard.unit
    return Subject(
        "objective", str(objective.pk), unit, (objective.name, objective.name_zh), objective.label, f"/units/{unit.code}/scorecard/"
    )


def _reading_subject(user: Person, key: str, permission: str) -> Subject:
    """key: the measure's id, a point, and the month."""
    number, _point, written = key.partition(".")
    try:
        month = Month.parse(written)
    except ValueError as error:
        raise Http404 from error
    measure = month_of_measure_for(user, _number(number), month, permission)
    unit = measure.scorecard.unit
    names = (f"{measure.name}, {month}", f"{measure.name_zh or measure.name}，{month}")
    return Subject(
        "reading", f"{measure.pk}.{month}", unit, names, f"{measure.label}, {month_text(month)}", f"/measures/{measure.pk}/?month={month}"
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_ID:
        raise Http404
    return int(text)


SUBJECTS = {"measure": _measure_subject, "objective": _objective_subject, "reading": _reading_subject}
