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
from scorecards.access import version_for
from scorecards.choices import VersionState
from scorecards.errors import DocumentFaults, NoSource, ScorecardError
from scorecards.forms.document import read_document
from scorecards.forms.version import BeginForm, RemarkForm, ReturnForm, seen_of
from scorecards.models import Month, Version
from scorecards.permissions import APPROVE_STRATEGY, EDIT_STRATEGY, VIEW_DRAFT, VIEW_SCORECARD
from scorecards.selectors import version as selectors
from scorecards.selectors.check import findings
from scorecards.selectors.comparison import lines_of
from scorecards.selectors.document import Document, definition_of
from scorecards.selectors.scorecard import scorecard_of
from scorecards.selectors.text import month_text
from scorecards.services import version as service


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
        else:
            begun = _begin(request, form, unit, source)
            if begun:
                return redirect("scorecards:map-edit", pk=begun.pk)
    search = SearchForm(request.GET)
    page = search.page_of(selectors.versions(unit, search.words()))
    rows = [(version, month_text(version.from_month)) for version in page.object_list]
    may_edit = holds(request.user, EDIT_STRATEGY, unit)
    context = {"unit": unit, "page": page, "rows": rows, "q": search.words(), "form": form if may_edit else None}
    return render(request, "scorecards/version/list.html", context)


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
    card = scorecard_of(version.unit.code, version.year)
    live = selectors.begun(definition_of(card), version.from_month) if card else None
    before = live if version.is_open else version.base
    steps = SearchForm(request.GET).page_of(selectors.steps(version))
    context = {
        "version": version,
        "unit": version.unit,
        "from_month": month_text(version.from_month),
        "findings": findings(version.document, version.from_month),
        "lines": lines_of(before, version.document) if before else [],
        "is_new": before is None,
        "card_version": card.version if card else None,
        "remarks": list(version.remarks.select_related("author")),
        "page": steps,
        "remark": RemarkForm(),
        "return_form": ReturnForm(),
        "may_edit": holds(request.user, EDIT_STRATEGY, version.unit),
        "may_approve": holds(request.user, APPROVE_STRATEGY, version.unit) and version.submitted_by_id != request.user.pk,
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
    context = {"version": version, "older": older, "unit": version.unit, "lines": lines_of(older.document, version.document)}
    return render(request, "scorecards/version/compare.html", context)


@needs(EDIT_STRATEGY)
@require_POST
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    version = version_for(request.user, pk, EDIT_STRATEGY)
    seen = seen_of(request.POST)
    return _done(
        request,
        version,
        _("Submitted. Another person decides."),
        lambda: service.submit(actor=request.user, version=version, seen=seen, now=timezone.now()),
    )


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
    month = min(max(_next_month(), Month.of(version.year, 1)), Month.of(version.year, 12))
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
    document, seen = service.to_adopt(version)
    try:
        service.approve(actor=request.user, version=version, document=read_document(document), seen=seen, now=timezone.now())
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
    try:
        action()
    except ScorecardError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence)
    return redirect("scorecards:version", pk=version.pk)
