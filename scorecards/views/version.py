"""Versions of a unit's scorecard: the list, one of them, and each step of its life."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation.access import holds, unit_for, units_for
from organisation.forms.search import SearchForm
from organisation.models import Unit
from organisation.permissions import SignedInRequest, needs
from scorecards.access import hidden_contributors, version_for
from scorecards.assembly.map import map_of
from scorecards.choices import VersionState
from scorecards.errors import DocumentFaults, NoSource, OutOfDate, ScorecardError
from scorecards.forms.document import read_document
from scorecards.forms.version import BeginForm, MonthForm, RemarkForm, ReturnForm, seen_of
from scorecards.models import Month, Version
from scorecards.permissions import APPROVE_STRATEGY, EDIT_STRATEGY, VIEW_DRAFT, VIEW_SCORECARD
from scorecards.selectors import setup
from scorecards.selectors import version as selectors
from scorecards.selectors.check import findings
from scorecards.selectors.comparison import lines_of
from scorecards.selectors.document import Document, each_measure
from scorecards.selectors.text import month_text
from scorecards.services import version as service
from scorecards.views.decision import telling


@needs(VIEW_DRAFT)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest, code: str) -> HttpResponse:
    """The versions of a unit; whoever may edit begins a draft here."""
    unit = unit_for(request.user, code, VIEW_DRAFT if request.method == "GET" else EDIT_STRATEGY)
    form = BeginForm(request.POST or None, months=_months(timezone.localdate()), initial={"from_month": str(_next_month())})
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        other = units_for(request.user, VIEW_SCORECARD).filter(code=fields["unit"]).first() if fields["source"] == "unit" else None
        source = selectors.source_of(fields["source"], unit, form.month.year, other)
        if source is None or (fields["source"] == "unit" and other is None):
            form.add_error("source", str(NoSource()))
        elif other is not None and _hidden(request, source):
            sentence = _("It shows measures that are out of your reach: %(measures)s.")
            form.add_error("unit", sentence % {"measures": ", ".join(_hidden(request, source))})
        else:
            begun = _begin(request, form, unit, source)
            if begun:
                return redirect("scorecards:map-edit", pk=begun.pk)
    search = SearchForm(request.GET)
    page = search.page_of(selectors.versions(unit, search.words()))
    this_month = Month.of_day(timezone.localdate())
    newest = selectors.newest_begun(unit, this_month)
    rows = [(one, selectors.state_text(one, newest, this_month), month_text(one.from_month)) for one in page.object_list]
    may_edit = holds(request.user, EDIT_STRATEGY, unit)
    context = {"unit": unit, "page": page, "rows": rows, "q": search.words(), "form": form if may_edit else None}
    return render(request, "scorecards/version/list.html", context)


def _hidden(request: SignedInRequest, source: Document) -> list[str]:
    written = [one for _path, measure in each_measure(source) for one in measure["contributors"] or []]
    return hidden_contributors(request.user, written, [])


def _begin(request: SignedInRequest, form: BeginForm, unit: Unit, source: Document) -> Version | None:
    arguments = {"from_month": form.month, "year": form.month.year, "source": source, "reason": form.cleaned_data["reason"]}
    try:
        return service.begin(actor=request.user, unit=unit, now=timezone.now(), **arguments)
    except ScorecardError as refusal:
        form.add_error(None, str(refusal))
        return None


def _next_month() -> Month:
    return Month.of_day(timezone.localdate()) + 1


def _months(today: date) -> list[tuple[str, str]]:
    """January of this year, then every month from this one to the end of next year."""
    this = Month.of_day(today)
    months = [Month.of(today.year, 1), *(Month(number) for number in range(this, Month.of(today.year + 1, 12) + 1))]
    return [(str(month), month_text(month)) for month in dict.fromkeys(months)]


@needs(VIEW_DRAFT)
@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, version_for(request.user, pk, VIEW_DRAFT))


def _page(request: SignedInRequest, version: Version, **more: object) -> HttpResponse:
    view = selectors.outlook(version) if version.is_open else None
    before, after = (view.before, view.after) if view else (version.base, version.document)
    this_month = Month.of_day(timezone.localdate())
    steps = SearchForm(request.GET).page_of(selectors.steps(version))
    context = {
        "version": version,
        "unit": version.unit,
        "from_month": month_text(version.from_month),
        "state_text": selectors.state_text(version, selectors.newest_begun(version.unit, this_month), this_month),
        "findings": findings(version.document, version.from_month),
        "lines": lines_of(before, after) if before else [],
        "is_new": before is None,
        "map": map_of(version.document, version.from_month, None) if version.document["perspectives"] else None,
        "outlook": view,
        "month_form": MonthForm(initial={"from_month": str(version.from_month)}, months=setup.months_of(version.year)),
        "remarks": list(version.remarks.select_related("author")),
        "page": steps,
        "remark": RemarkForm(),
        "return_form": ReturnForm(),
        "may_edit": holds(request.user, EDIT_STRATEGY, version.unit),
        "may_approve": holds(request.user, APPROVE_STRATEGY, version.unit),
        "is_own": request.user.pk in {version.begun_by_id, version.submitted_by_id, *version.editors},
        "others": selectors.others(version),
        **more,
    }
    return render(request, "scorecards/version/detail.html", context)


@needs(VIEW_DRAFT)
@require_safe
def compare(request: SignedInRequest, pk: int, other: int) -> HttpResponse:
    """What this version says otherwise than another one of the same unit."""
    version = version_for(request.user, pk, VIEW_DRAFT)
    older = version_for(request.user, other, VIEW_DRAFT)
    if older.unit_id != version.unit_id:
        raise Http404
    context = {
        "version": version,
        "older": older,
        "unit": version.unit,
        "lines": lines_of(older.document, version.document),
        "maps": [(one, map_of(one.document, one.from_month, None)) for one in (older, version)],
    }
    return render(request, "scorecards/version/compare.html", context)


@needs(EDIT_STRATEGY)
@require_POST
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for approval of what could be put in force as it is."""
    version = version_for(request.user, pk, EDIT_STRATEGY)
    _document, faults = _read(selectors.outlook(version)) if version.is_draft else ({}, [])
    if faults:
        return _page(request, version, faults=faults)
    told = {"actor": request.user, "version": version, "seen": seen_of(request.POST), "now": timezone.now()}
    return _done(request, version, _("Submitted. Another person decides."), lambda: service.submit(**told))


def _read(view: selectors.Outlook) -> tuple[Document, list[str]]:
    """What would be written, and why it cannot be put in force as it is."""
    lost = _("%(code)s has values of this year, which would be lost. Keep it, or let the version begin in a later month.")
    found = [lost % {"code": code} for code in view.lost]
    try:
        return read_document(view.document), found
    except DocumentFaults as refusal:
        return view.document, [*found, *(str(fault) for fault in refusal.faults)]


@needs(EDIT_STRATEGY)
@require_POST
def postpone(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a draft begin in another month of its year."""
    version = version_for(request.user, pk, EDIT_STRATEGY)
    form = MonthForm(request.POST, months=setup.months_of(version.year))
    if not form.is_valid():
        return _page(request, version, month_form=form)
    told = {"actor": request.user, "version": version, "seen": seen_of(request.POST), "now": timezone.now()}
    return _done(request, version, _("Saved in the draft."), lambda: service.postpone(from_month=form.month, **told))


@needs(EDIT_STRATEGY)
@require_POST
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    version = version_for(request.user, pk, EDIT_STRATEGY)
    return _done(
        request, version, _("The draft is discarded; it stays readable."), lambda: service.discard(actor=request.user, version=version)
    )


@needs(EDIT_STRATEGY)
@require_POST
def restore(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin a draft that says what this version said."""
    version = version_for(request.user, pk, EDIT_STRATEGY)
    month = _next_month().within(version.year)
    reason = _("Version %(number)d restored") % {"number": version.number}
    arguments = {"unit": version.unit, "year": version.year, "from_month": month, "source": version.document, "reason": reason}
    try:
        begun = service.begin(actor=request.user, now=timezone.now(), **arguments)
    except ScorecardError as refusal:
        messages.error(request, str(refusal))
        return redirect("scorecards:version", pk=pk)
    return redirect("scorecards:map-edit", pk=begun.pk)


@needs(APPROVE_STRATEGY)
@require_POST
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    version = version_for(request.user, pk, APPROVE_STRATEGY)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, version, return_form=form)
    arguments = {"actor": request.user, "version": version, "reason": form.cleaned_data["reason"], "now": timezone.now()}
    return _done(request, version, _("Returned."), lambda: service.send_back(**arguments))


@needs(APPROVE_STRATEGY)
@require_POST
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    version = version_for(request.user, pk, APPROVE_STRATEGY)
    if version.state != VersionState.IN_REVIEW:
        return redirect("scorecards:version", pk=pk)
    view = selectors.outlook(version)
    document, faults = _read(view)
    if faults:
        return _page(request, version, faults=faults)
    told = {"actor": request.user, "version": version, "edits": seen_of(request.POST), "seen": view.card_version, "now": timezone.now()}
    try:
        if request.POST.get("card", "") != str(view.card_version or ""):
            raise OutOfDate
        service.approve(document=document, **told)
    except DocumentFaults as refusal:
        return _page(request, version, faults=refusal.faults)
    except ScorecardError as refusal:
        messages.error(request, str(refusal))
        return redirect("scorecards:version", pk=pk)
    messages.success(request, _("Approved. The scores are being computed anew."))
    return redirect("scorecards:version", pk=pk)


@needs(VIEW_DRAFT)
@require_POST
def remark(request: SignedInRequest, pk: int) -> HttpResponse:
    version = version_for(request.user, pk, VIEW_DRAFT)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _page(request, version, remark=form)
    service.remark(actor=request.user, version=version, text=form.cleaned_data["text"], now=timezone.now())
    return redirect("scorecards:version", pk=pk)


def _done(request: SignedInRequest, version: Version, sentence: str, action: Callable[[], None]) -> HttpResponse:
    with telling(request, sentence):
        action()
    return redirect("scorecards:version", pk=version.pk)
