"""Files that prove a reading."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation.permissions import SignedInRequest, needs
from scorecards.access import evidence_for, month_of_measure_for
from scorecards.errors import ScorecardError
from scorecards.forms.evidence import EvidenceForm
from scorecards.forms.period import read_month
from scorecards.permissions import EDIT_READING, VIEW_SCORECARD
from scorecards.selectors.text import month_text
from scorecards.services import evidence as service
from scorecards.views.decision import telling

LOCKED_DOWN = "default-src 'none'; sandbox"


@needs(EDIT_READING)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest, pk: int, month: str) -> HttpResponse:
    """The files of a measure's month; POST adds one."""
    at = read_month(month)
    measure = month_of_measure_for(request.user, pk, at, EDIT_READING)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = {"name": form.name, "media": form.kind, "content": form.content}
        try:
            service.add(actor=request.user, measure=measure, month=at, now=timezone.now(), **given)
        except ScorecardError as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("The file is kept."))
            return redirect(request.path)
    files = list(measure.evidence.filter(month=int(at)).select_related("uploaded_by"))
    context = {"measure": measure, "unit": measure.scorecard.unit, "month": at, "month_text": month_text(at), "form": form, "files": files}
    return render(request, "scorecards/evidence/index.html", context)


@needs(VIEW_SCORECARD)
@require_safe
def download(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The file itself, always to be saved and never to be shown by the browser."""
    evidence = evidence_for(request.user, pk, VIEW_SCORECARD)
    answer = FileResponse(evidence.file.open("rb"), as_attachment=True, filename=evidence.name, content_type=evidence.media)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = LOCKED_DOWN
    return answer


@needs(EDIT_READING)
@require_POST
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    evidence = evidence_for(request.user, pk, EDIT_READING)
    with telling(request, _("The file is removed.")):
        service.remove(actor=request.user, evidence=evidence)
    return redirect("scorecards:evidence", pk=evidence.measure_id, month=str(evidence.month))
