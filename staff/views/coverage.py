"""Which objectives nobody carries, and which officers carry none."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organisation.access import unit_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from organisation.views.download import MOST_ROWS, wants_workbook, workbook_answer
from scorecards.forms.period import read_year
from scorecards.selectors.scorecard import latest_scorecard
from staff.permissions import VIEW_COVERAGE
from staff.selectors import coverage as selectors
from staff.selectors.posting import matching


@needs(VIEW_COVERAGE)
@require_safe
def index(request: SignedInRequest, code: str) -> HttpResponse:
    unit, today = unit_for(request.user, code, VIEW_COVERAGE), timezone.localdate()
    card = latest_scorecard(unit, read_year(request.GET.get("year", ""), today.year))
    search = SearchForm(request.GET)
    context = {"unit": unit, "card": card, "q": search.words()}
    if card is None:
        return render(request, "staff/coverage/index.html", context)
    numbers = selectors.carried(card)
    objectives = [(one, numbers.get(one.code, 0)) for one in selectors.objectives(card, search.words())]
    without = matching(selectors.officers_without(unit, card, today), search.words())
    if wants_workbook(request):
        return workbook_answer(f"coverage-{unit.code}", *selectors.sheet(objectives, without[:MOST_ROWS]))
    page = search.page_of(without)
    return render(
        request,
        "staff/coverage/index.html",
        {**context, "objectives": objectives, "page": page, "sums": selectors.coverage(unit, card, today)},
    )
