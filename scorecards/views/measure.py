"""One measure: its page and its history."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from scorecards.access import measure_for
from scorecards.assembly.explanation import measure_with_explanation
from scorecards.models import Measure, Month
from scorecards.permissions import VIEW_HISTORY, VIEW_SCORECARD
from scorecards.selectors import measure as selectors
from scorecards.views import place


@needs(VIEW_SCORECARD)
@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    measure = measure_for(request.user, pk, VIEW_SCORECARD)
    unit = measure.scorecard.unit
    month, window = place.asked(request, unit, measure.scorecard.year)
    if month.year != measure.scorecard.year:
        return _in_year(measure, month, window)
    page, explanation = measure_with_explanation(measure, month, window, timezone.localdate())
    where = place.on_query(unit, month, window, "scorecards:dashboard", request.path)
    context = {"page": page, "measure": measure, "explanation": explanation, "place": where, "direction": selectors.direction(measure)}
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
