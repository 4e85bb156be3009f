"""Loads what belongs to a scorecard and authorises in one breath."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404

from communication.permissions import READ_THREAD, WRITE_THREAD
from communication.selectors.thread import Subject
from ledger.models import JobRun
from organisation.access import Person, authorise, leads, unit_for, units_for
from organisation.models import Unit
from scorecards.choices import CLOSE_MONTH_JOB, NATIONAL_MONTH
from scorecards.models import (
    Adjustment,
    AdjustmentItem,
    CatalogueMeasure,
    Correction,
    Evidence,
    Feed,
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
from scorecards.permissions import EDIT_READING, EDIT_SCORECARD, VERIFY_READING, VIEW_HISTORY, VIEW_SCORECARD, VIEW_STAFF
from scorecards.selectors.document import Document, contributor_parts
from scorecards.selectors.scorecard import scorecard_of
from scorecards.selectors.text import month_text

Found = TypeVar("Found")
COMPUTED_BY = ("source", "contributors", "across", "method", "factor")
LONGEST_ID = 18
OWN = {VIEW_SCORECARD, VIEW_HISTORY, EDIT_READING, READ_THREAD, WRITE_THREAD}
OF_STAFF = OWN - {EDIT_READING} | {VERIFY_READING}


def _authorised(user: Person, permission: str, found: Found | None, unit_of: Callable[[Found], Unit]) -> Found:
    """What was found, if the person holds the permission in its unit."""
    if found is None:
        raise Http404
    authorise(user, permission, unit_of(found))
    return found


def _of_card(user: Person, permission: str, found: Found | None, card_of: Callable[[Found], Scorecard]) -> Found:
    """What was found, if the person holds the permission on its scorecard."""
    if found is None:
        raise Http404
    authorise_card(user, permission, card_of(found))
    return found


def authorise_card(user: Person, permission: str, card: Scorecard) -> Scorecard:
    """The scorecard itself, if the person holds the permission on it: on a unit's by a role; on an officer's as that officer, or by a
    role that sees staff scorecards. Nobody reports in an officer's place, nobody verifies for somebody of the same rank, and what an
    officer's scorecard says is changed by agreement alone."""
    _authorise(user, permission, card.unit, card.officer)
    return card


def _authorise(user: Person, permission: str, unit: Unit, officer: str) -> None:
    if officer and permission in OWN and officer == getattr(user, "username", None):
        return
    if officer:
        authorise(user, VIEW_STAFF, unit)
        if permission not in OF_STAFF or (permission == VERIFY_READING and not leads(user, officer, unit, VERIFY_READING)):
            raise PermissionDenied
    authorise(user, permission, unit)


@dataclass(frozen=True)
class Owner:
    """Whose scorecards an address speaks of: a unit's, or those of an officer there (staff number)."""

    unit: Unit
    officer: str


def owner_for(user: Person, address: str, permission: str) -> Owner:
    """Whom the address names, if the person holds the permission on such scorecards."""
    code, _tilde, officer = address.partition("~")
    unit = Unit.objects.select_related("parent").filter(code=code).first()
    if unit is None or (officer and not Scorecard.objects.filter(unit=unit, officer=officer).exists()):
        raise Http404
    _authorise(user, permission, unit, officer)
    return Owner(unit, officer)


def measure_for(user: Person, pk: int, permission: str) -> Measure:
    """The measure of that id, if the person holds the permission in its unit."""
    loaded = Measure.objects.select_related("scorecard__unit", "objective__perspective").prefetch_related("targets")
    return _of_card(user, permission, loaded.filter(pk=pk).first(), lambda one: one.scorecard)


def measure_at_for(user: Person, address: str, pk: int, permission: str) -> Measure:
    """The same, of the scorecards that the address names."""
    measure = measure_for(user, pk, permission)
    if measure.scorecard.address != address:
        raise Http404
    return measure


def scorecard_for(user: Person, address: str, year: int, permission: str) -> Scorecard:
    """The scorecard of that unit, or officer there, and year, if the person holds the permission on it."""
    code, _tilde, officer = address.partition("~")
    return _of_card(user, permission, scorecard_of(code, year, officer), lambda one: one)


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


def refused_contributors(user: Person, written: Document, stored: Document, trying: bool) -> list[str]:
    """The same of what a form says of a measure. What is only tried shows values at once, so that contributors out of reach may be in it
    only where the measure is computed as it is stored."""
    alike = all(written.get(name) == stored.get(name) for name in COMPUTED_BY)
    known = stored["contributors"] if alike or not trying else None
    return hidden_contributors(user, written["contributors"] or [], known or [])


def month_of_measure_for(user: Person, pk: int, month: Month, permission: str) -> Measure:
    """The measure of that id in a month of its year, if the person holds the permission in its unit."""
    measure = measure_for(user, pk, permission)
    if month.year != measure.scorecard.year:
        raise Http404
    return measure


def correction_for(user: Person, pk: int, permission: str) -> Correction:
    """The correction of that id, if the person holds the permission in its unit."""
    found = Correction.objects.select_related("measure__scorecard__unit").filter(pk=pk).first()
    return _of_card(user, permission, found, lambda one: one.measure.scorecard)


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
    found = Evidence.objects.select_related("measure__scorecard__unit").filter(pk=pk).first()
    return _of_card(user, permission, found, lambda one: one.measure.scorecard)


def feed_for(user: Person, pk: int, permission: str) -> Feed:
    """The feed of that id, if the person holds the permission in its unit."""
    found = Feed.objects.select_related("unit").filter(pk=pk).first()
    return _authorised(user, permission, found, lambda one: one.unit)


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
    address = f"/measures/{measure.pk}/"
    return Subject("measure", str(measure.pk), measure.scorecard.unit, names, measure.label, address, **_audience(measure))


def _audience(measure: Measure) -> dict[str, str]:
    """Who sees a thread about an officer's measure."""
    officer = measure.scorecard.officer
    return {"officer": officer, "permission": VIEW_STAFF} if officer else {}


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
    label, address = f"{measure.label}, {month_text(month)}", f"/measures/{measure.pk}/?month={month}"
    return Subject("reading", f"{measure.pk}.{month}", unit, names, label, address, **_audience(measure))


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_ID:
        raise Http404
    return int(text)


SUBJECTS = {"measure": _measure_subject, "objective": _objective_subject, "reading": _reading_subject}
