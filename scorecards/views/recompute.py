"""Computing a month of all scorecards anew: start, progress, cancel."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation.access import top_units_for
from organisation.permissions import SignedInRequest, needs
from scorecards.access import recompute_job_for
from scorecards.choices import NATIONAL_MONTH
from scorecards.forms.recompute import RecomputeForm
from scorecards.permissions import RECOMPUTE
from scorecards.selectors import recompute as selectors
from scorecards.services import national


@needs(RECOMPUTE)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest) -> HttpResponse:
    units = list(top_units_for(request.user, RECOMPUTE))
    form = RecomputeForm(request.POST or None, units=units, months=selectors.months_of_scorecards(timezone.localdate()))
    if request.method == "POST" and form.is_valid():
        run = national.start(actor=request.user, unit=form.cleaned_data["unit"], month=form.cleaned_data["month"])
        return redirect("scorecards:recompute-job", pk=run.pk)
    rows = selectors.job_list(NATIONAL_MONTH, units)
    return render(request, "scorecards/recompute/list.html", {"form": form, "rows": rows})


@needs(RECOMPUTE)
@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page; for htmx its progress alone, which asks again until the job has ended."""
    row = selectors.job_row(recompute_job_for(request.user, pk, RECOMPUTE))
    page = "scorecards/recompute/progress.html" if request.headers.get("HX-Request") else "scorecards/recompute/detail.html"
    return render(request, page, {"row": row, "run": row.run})


@needs(RECOMPUTE)
@require_POST
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    run = recompute_job_for(request.user, pk, RECOMPUTE)
    if national.cancel(actor=request.user, run=run, now=timezone.now()):
        messages.success(request, _("Cancelled. What was computed stays."))
    else:
        messages.info(request, _("It had ended already."))
    return redirect("scorecards:recompute-job", pk=run.pk)
