"""The log of everything that was done, for the audit administrator."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisation.access import units_for
from organisation.forms.search import SearchForm
from organisation.permissions import VIEW_AUDIT_LOG, SignedInRequest, needs
from organisation.selectors import history
from organisation.views.download import MOST_ROWS, wants_workbook, workbook_answer


@needs(VIEW_AUDIT_LOG)
@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    search = SearchForm(request.GET)
    if wants_workbook(request):
        found = history.lines(history.log(search.words(), units_for(request.user, VIEW_AUDIT_LOG))[:MOST_ROWS])
        return workbook_answer("audit", *history.sheet(found))
    page = search.page_of(history.log(search.words(), units_for(request.user, VIEW_AUDIT_LOG)))
    return render(request, "organisation/audit/list.html", {"page": page, "lines": history.lines(page.object_list), "q": search.words()})
