"""The team of a unit and everything below it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organisation.access import holds, unit_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from organisation.views.download import MOST_ROWS, wants_workbook, workbook_answer
from scorecards.choices import Window
from scorecards.forms.period import PeriodForm
from scorecards.models import Month
from scorecards.permissions import VIEW_STAFF
from scorecards.views import place
from staff.assembly.team import sheet, team_rows
from staff.permissions import CASCADE, LEAD_STAFF
from staff.selectors import posting as selectors


@needs(VIEW_STAFF)
@require_safe
def index(request: SignedInRequest, code: str) -> HttpResponse:
    unit, today = unit_for(request.user, code, VIEW_STAFF), timezone.localdate()
    form = PeriodForm(request.GET)
    form.is_valid()
    period = form.cleaned_data.get("month") or Month.of_day(today) - 1
    window = form.cleaned_data.get("window") or Window.YEAR
    search = SearchForm(request.GET)
    found = selectors.matching(selectors.below(unit, today).exclude(person=request.user), search.words())
    if wants_workbook(request):
        return workbook_answer(f"team-{unit.code}-{period}", *sheet(team_rows(found[:MOST_ROWS], period, window, today)))
    page = search.page_of(found)
    context = {
        "unit": unit,
        "page": page,
        "rows": team_rows(page.object_list, period, window, today),
        "q": search.words(),
        "place": place.on_query(unit, period, window, "staff:team", request.path),
        "may_lead": holds(request.user, LEAD_STAFF, unit),
        "may_cascade": holds(request.user, CASCADE, unit),
        "query": f"month={period}&window={window}",
    }
    return render(request, "staff/team/index.html", context)
