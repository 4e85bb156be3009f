"""Importing values from Excel or CSV: upload, columns, preview, confirmation, undo, and what was rejected."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation.access import unit_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from organisation.views.download import workbook_answer
from scorecards.access import upload_for
from scorecards.choices import RowKind, UploadState
from scorecards.errors import ScorecardError
from scorecards.forms.period import read_month
from scorecards.forms.upload import MappingForm, UploadForm, initial_of
from scorecards.models import Upload
from scorecards.permissions import EDIT_READING
from scorecards.selectors import template_sheet
from scorecards.selectors import upload as selectors
from scorecards.selectors.entry import default_entry_month
from scorecards.services import upload as service
from scorecards.views.decision import telling


@needs(EDIT_READING)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest, code: str) -> HttpResponse:
    """Files of the unit; POST takes another one in."""
    unit = unit_for(request.user, code, EDIT_READING)
    month = default_entry_month(unit, timezone.localdate())
    form = UploadForm(request.POST or None, request.FILES or None, months=selectors.months_for(unit, month), initial={"month": str(month)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        told = {"month": form.cleaned_data["month"], "name": given.name, "content": given.read()}
        try:
            made = service.begin(actor=request.user, unit=unit, now=timezone.now(), **told)
        except ScorecardError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("scorecards:upload", pk=made.pk)
    search = SearchForm(request.GET)
    page = search.page_of(selectors.uploads(unit, search.words()))
    context = {"unit": unit, "month": month, "form": form, "page": page, "q": search.words()}
    return render(request, "scorecards/upload/list.html", context)


@needs(EDIT_READING)
@require_safe
def template(request: SignedInRequest, code: str, month: str) -> HttpResponse:
    """A workbook of the month to be filled in and imported."""
    unit, at = unit_for(request.user, code, EDIT_READING), read_month(month)
    header, rows, inputs = template_sheet.month_sheet(unit, at)
    return workbook_answer(f"{unit.code}-{at}", header, rows, inputs)


@needs(EDIT_READING)
@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where the file stands: being read, columns, preview, progress, result."""
    upload = upload_for(request.user, pk, EDIT_READING)
    if request.headers.get("HX-Request") and upload.state in {UploadState.WAITING, UploadState.IMPORTING}:
        return render(request, "scorecards/upload/progress.html", {"upload": upload})
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    if upload.state == UploadState.MAPPING:
        return redirect("scorecards:upload-mapping", pk=pk)
    counts = selectors.counts_of(upload)
    kind = request.GET.get("kind", "")
    if kind not in RowKind.values:
        kind = next((one for one in RowKind.values if counts[one]), RowKind.NEW)
    page = Paginator(selectors.rows(upload, kind), selectors.ROWS_SHOWN).get_page(request.GET.get("page", "1"))
    context = {
        "upload": upload,
        "fault": selectors.fault_text(upload),
        "counts": [(one, RowKind(one).label, counts[one]) for one in RowKind.values],
        "ready": counts[RowKind.NEW] + counts[RowKind.CHANGE],
        "problems": counts[RowKind.PROBLEM],
        "kind": kind,
        "page": page,
        "rows": [selectors.shown(row) for row in page.object_list],
        "written": upload.rows.filter(written__gt=0).count(),
    }
    return render(request, "scorecards/upload/detail.html", context)


@needs(EDIT_READING)
@require_http_methods(["GET", "POST"])
def mapping(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the columns mean."""
    upload = upload_for(request.user, pk, EDIT_READING)
    if upload.state not in {UploadState.MAPPING, UploadState.READY}:
        return redirect("scorecards:upload", pk=pk)
    measures = selectors.measures_to_map(upload.unit)
    form = MappingForm(request.POST or None, header=upload.header, measures=measures, initial=initial_of(upload.mapping))
    if request.method == "POST" and form.is_valid():
        with telling(request):
            service.assign_columns(actor=request.user, upload=upload, mapping=form.mapping)
        return redirect("scorecards:upload", pk=pk)
    return render(request, "scorecards/upload/mapping.html", {"upload": upload, "form": form, "columns": selectors.columns_of(upload)})


@needs(EDIT_READING)
@require_POST
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda upload: service.confirm(actor=request.user, upload=upload), "")


@needs(EDIT_READING)
@require_POST
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda upload: service.cancel(actor=request.user, upload=upload), _("Given up; nothing has been changed."))


@needs(EDIT_READING)
@require_POST
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    upload = upload_for(request.user, pk, EDIT_READING)
    try:
        back, left = service.undo(actor=request.user, upload=upload, now=timezone.now())
    except ScorecardError as refusal:
        messages.error(request, str(refusal))
    else:
        told = _("Values as they were before: %(back)d. Left as they are, changed since or closed: %(left)d.")
        messages.success(request, told % {"back": back, "left": left})
    return redirect("scorecards:upload", pk=pk)


@needs(EDIT_READING)
@require_safe
def rejected(request: SignedInRequest, pk: int) -> HttpResponse:
    """The rows that were not taken, as a workbook with the reasons."""
    upload = upload_for(request.user, pk, EDIT_READING)
    header, rows = selectors.rejected_sheet(upload)
    return workbook_answer(f"rejected-{upload.pk}", header, rows)


def _act(request: SignedInRequest, pk: int, action: Any, sentence: str) -> HttpResponse:
    upload: Upload = upload_for(request.user, pk, EDIT_READING)
    try:
        action(upload)
    except ScorecardError as refusal:
        messages.error(request, str(refusal))
    else:
        if sentence:
            messages.success(request, sentence)
    return redirect("scorecards:upload", pk=pk)
