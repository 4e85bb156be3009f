"""Units: the list, the switch, the dashboard and the scorecard tree."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organisation.access import unit_for, units_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from organisation.views.download import MOST_ROWS, wants_workbook, workbook_answer
from scorecards.permissions import VIEW_SCORECARD
from scorecards.selectors import unit as selectors
from scorecards.selectors.closing import revision_of
from scorecards.selectors.dashboard import dashboard as dashboard_page
from scorecards.selectors.tree import sheet as tree_sheet
from scorecards.selectors.tree import tree as tree_page
from scorecards.views import place


@needs(VIEW_SCORECARD)
@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    search = SearchForm(request.GET)
    found = selectors.with_scorecards(units_for(request.user, VIEW_SCORECARD), search.words())
    if wants_workbook(request):
        return workbook_answer("units", *selectors.sheet(selectors.rows(list(found[:MOST_ROWS]))))
    page = search.page_of(found)
    context = {"page": page, "rows": selectors.rows(list(page.object_list)), "q": search.words()}
    return render(request, "scorecards/unit/list.html", context)


@needs(VIEW_SCORECARD)
@require_safe
def choose(request: SignedInRequest) -> HttpResponse:
    """The units of the switch in the top bar, as a fragment; `to` names the page that stays."""
    search = SearchForm(request.GET)
    to = _of_unit(request.GET.get("to", ""))
    units = selectors.with_scorecards(units_for(request.user, VIEW_SCORECARD), search.words())[:12]
    asked = {name: request.GET[name] for name in ("month", "window") if name in request.GET and to != "scorecards:entry-now"}
    links = [(unit, f"{reverse(to, args=[unit.code])}?{urlencode(asked)}") for unit in units]
    return render(request, "scorecards/unit/choose.html", {"links": links})


def _of_unit(name: str) -> str:
    """The name of an address that takes a unit's code and nothing else; the dashboard's for any other."""
    try:
        reverse(name, args=["-"])
    except NoReverseMatch:
        return "scorecards:dashboard"
    return name


@needs(VIEW_SCORECARD)
@require_safe
def dashboard(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, VIEW_SCORECARD)
    month, window = place.asked(request, unit)
    page = dashboard_page(unit, month, window, timezone.localdate())
    where = place.on_query(unit, month, window, "scorecards:dashboard", request.path)
    return render(
        request,
        "scorecards/unit/dashboard.html",
        {"page": page, "place": where, "unit": unit, "revision": revision_of(page.scorecard if page else None, month)},
    )


@needs(VIEW_SCORECARD)
@require_safe
def tree(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, VIEW_SCORECARD)
    month, window = place.asked(request, unit)
    where = place.on_query(unit, month, window, "scorecards:tree", request.path)
    page = tree_page(unit, month, window, timezone.localdate())
    if page and wants_workbook(request):
        return workbook_answer(f"{unit.code}-{month}", *tree_sheet(page))
    context = {"page": page, "place": where, "unit": unit, "revision": revision_of(page.scorecard if page else None, month)}
    return render(request, "scorecards/unit/tree.html", context)
