"""One measure: its page, its history, its definition."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communication.selectors.thread import open_counts
from organisation.access import holds
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from organisation.views.download import wants_workbook, workbook_answer
from scorecards.access import measure_for, refused_contributors
from scorecards.assembly.explanation import measure_with_explanation
from scorecards.forms.measure import MeasureForm, initial_of
from scorecards.models import Measure, Month
from scorecards.permissions import EDIT_SCORECARD, VIEW_HISTORY, VIEW_SCORECARD
from scorecards.selectors import measure as selectors
from scorecards.selectors import setup
from scorecards.selectors.closing import revision_of
from scorecards.selectors.document import document_of, each_measure
from scorecards.views import place
from scorecards.views.redefinition import is_saved
from scorecards.views.trial import preview_answer


@needs(VIEW_SCORECARD)
@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    measure = measure_for(request.user, pk, VIEW_SCORECARD)
    unit = measure.scorecard.unit
    month, window = place.asked(request, unit, measure.scorecard.year, measure.scorecard.officer)
    if month.year != measure.scorecard.year:
        return _in_year(measure, month, window)
    page, explanation = measure_with_explanation(measure, month, window, timezone.localdate())
    where = place.on_query(unit, month, window, "scorecards:dashboard", request.path)
    context = {"page": page, "measure": measure, "explanation": explanation, "place": where, "direction": selectors.direction(measure)}
    if wants_workbook(request):
        return workbook_answer(f"{unit.code}-{measure.code}-{month}", *selectors.sheet(page))
    context["revision"] = revision_of(measure.scorecard, month)
    context["talk"] = open_counts("measure", [str(measure.pk)]).get(str(measure.pk), 0)
    context["may_edit"] = not measure.scorecard.officer and holds(request.user, EDIT_SCORECARD, unit)
    return render(request, "scorecards/measure/detail.html", context)


def _in_year(measure: Measure, month: Month, window: str) -> HttpResponse:
    """To the same measure of that year; to the unit's dashboard, which says what is missing, where there is none."""
    twin = selectors.in_year(measure, month.year)
    page = reverse("scorecards:measure", args=[twin]) if twin else reverse("scorecards:dashboard", args=[measure.scorecard.unit.code])
    return redirect(f"{page}?{urlencode({'month': str(month), 'window': window})}")


@needs(VIEW_HISTORY)
@require_safe
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    measure = measure_for(request.user, pk, VIEW_HISTORY)
    search = SearchForm(request.GET)
    page = search.page_of(selectors.history(measure))
    changes = selectors.changes_of(list(page.object_list), measure)
    return render(request, "scorecards/measure/history.html", {"measure": measure, "page": page, "changes": changes})


@needs(EDIT_SCORECARD)
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    measure = measure_for(request.user, pk, EDIT_SCORECARD)
    form = _form(request, measure)
    if request.method == "POST" and form.is_valid() and is_saved(request, measure.scorecard, form, form.changed):
        messages.success(request, _("Saved. The scores are being computed anew."))
        return redirect(f"{reverse('scorecards:measure', args=[measure.pk])}?month={form.cleaned_data['since']}")
    codes = [(other.code, other.label) for other in measure.scorecard.measures.all()]
    context = {"measure": measure, "form": form, "codes": codes, "points": form.points_by_month()}
    return render(request, "scorecards/measure/edit.html", context)


@needs(EDIT_SCORECARD)
@require_POST
def preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the typed definition makes of the last 12 months, as a fragment; nothing of it is kept."""
    measure = measure_for(request.user, pk, EDIT_SCORECARD)
    return preview_answer(request, _form(request, measure, trying=True), measure.scorecard.unit, document_of(measure.scorecard))


def _form(request: SignedInRequest, measure: Measure, trying: bool = False) -> MeasureForm:
    card = measure.scorecard
    document = document_of(card)
    given = next(node for _path, node in each_measure(document) if node["code"] == measure.code)
    since = str(Month.of_day(timezone.localdate()).within(card.year))
    initial = initial_of(given, card.version, since)
    months = setup.months_of(card.year)
    form = MeasureForm(request.POST or None, initial=initial, document=document, code=measure.code, months=months, trying=trying)
    if request.method == "POST" and form.is_valid():
        written = next(node for _path, node in each_measure(form.changed) if node["code"] == measure.code)
        for contributor in refused_contributors(request.user, written, given, trying):
            form.add_error("contributors", _("There is no measure %(measure)s.") % {"measure": contributor})
    return form
