"""Files of people, posts and assignments."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation.access import may
from organisation.forms.search import SearchForm
from organisation.permissions import GRANT_ROLE, SignedInRequest, needs
from organisation.views.download import workbook_answer
from scorecards.errors import ScorecardError
from scorecards.views.decision import telling
from staff.access import own_roster_for, roster_for
from staff.choices import RosterState
from staff.forms.roster import ConfirmForm, RosterForm
from staff.models import Roster
from staff.permissions import IMPORT_ROSTER
from staff.selectors import roster as selectors
from staff.services import roster as service

ROWS_SHOWN = 50


@needs(IMPORT_ROSTER)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest) -> HttpResponse:
    """One's own files; POST takes another one in."""
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        made = service.begin(actor=request.user, name=given.name, content=given.read(), now=timezone.now())
        return redirect("staff:roster", pk=made.pk)
    search = SearchForm(request.GET)
    page = search.page_of(selectors.rosters(request.user, search.words()))
    return render(request, "staff/roster/index.html", {"form": form, "page": page, "q": search.words()})


@needs(IMPORT_ROSTER)
@require_safe
def template(request: SignedInRequest) -> HttpResponse:
    """An empty workbook with the names of the columns."""
    return workbook_answer("people", selectors.heads(), [], range(len(selectors.heads())))


@needs(IMPORT_ROSTER)
@require_http_methods(["GET", "POST"])
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where the file stands; POST confirms what is shown."""
    return _detail(request, own_roster_for(request.user, pk) if request.method == "POST" else roster_for(request.user, pk))


@needs(GRANT_ROLE)
@require_http_methods(["GET", "POST"])
def grant(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was written, before whoever grants roles; POST makes all of them officers."""
    roster = roster_for(request.user, pk)
    if request.method == "POST":
        try:
            number = service.grant(actor=request.user, roster=roster, today=timezone.localdate(), now=timezone.now())
        except ScorecardError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, ngettext("%(n)d person is an officer now.", "%(n)d people are officers now.", number) % {"n": number})
        return redirect("staff:roster-grant", pk=pk)
    rows = selectors.rows_with_post(selectors.rows_of(roster))
    page = Paginator(rows, ROWS_SHOWN).get_page(request.GET.get("page", "1"))
    return render(request, "staff/roster/grant.html", {"roster": roster, "page": page, "waits": roster.state == RosterState.WRITTEN})


@needs(IMPORT_ROSTER)
@require_POST
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    roster = own_roster_for(request.user, pk)
    with telling(request):
        service.cancel(actor=request.user, roster=roster)
    return redirect("staff:rosters")


@needs(IMPORT_ROSTER)
@require_safe
def rejected(request: SignedInRequest, pk: int) -> HttpResponse:
    """The rows with problems as a workbook, to be mended and imported again."""
    header, rows = selectors.rejected_sheet(selectors.rows_of(own_roster_for(request.user, pk)))
    return workbook_answer("rejected", header, rows, range(len(selectors.heads())))


def _detail(request: SignedInRequest, roster: Roster) -> HttpResponse:
    working = roster.state in {RosterState.READING, RosterState.WRITING}
    if request.headers.get("HX-Request"):
        if working:
            return render(request, "staff/roster/progress.html", {"roster": roster})
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    rows = selectors.rows_of(roster)
    sums = selectors.summary(rows)
    form = ConfirmForm(request.POST or None, needs_password=bool(sums.new))
    if request.method == "POST" and form.is_valid():
        with telling(request, _("Being written. The roles follow from the security administrator.")):
            service.confirm(actor=request.user, roster=roster, now=timezone.now(), **form.cleaned_data)
        return redirect("staff:roster", pk=roster.pk)
    tab = request.GET.get("kind", "")
    tab = tab if tab in selectors.TABS else next((one for one in selectors.TABS if selectors.in_tab(rows, one)), "new")
    page = Paginator(selectors.in_tab(rows, tab), ROWS_SHOWN).get_page(request.GET.get("page", "1"))
    context = {"roster": roster, "sums": sums, "form": form, "tab": tab, "page": page, "working": working}
    context |= {
        "own": roster.actor_id == request.user.pk,
        "fault": selectors.fault_text(roster),
        "may_grant": may(request.user, GRANT_ROLE),
    }
    return render(request, "staff/roster/detail.html", context)
