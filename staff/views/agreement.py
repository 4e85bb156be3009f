"""Agreements: the list, one of them, the talk about it, signatures, changes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation.access import unit_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from organisation.views.download import MOST_ROWS, wants_workbook, workbook_answer
from scorecards.errors import ScorecardError
from scorecards.forms.period import read_year
from scorecards.models import Month
from scorecards.permissions import VIEW_STAFF
from scorecards.selectors.document import definition_of
from scorecards.selectors.setup import months_of
from scorecards.views.decision import telling
from staff.access import agreement_for, signed_agreement_for, signed_card_for, signing
from staff.forms.agreement import ChangeForm, TalkedForm
from staff.models import Agreement
from staff.permissions import SEE_STAFF
from staff.selectors import agreement as selectors
from staff.selectors.sheet import paper
from staff.services import agreement as service


@needs(VIEW_STAFF)
@require_safe
def index(request: SignedInRequest, code: str) -> HttpResponse:
    """All of a unit and below it."""
    unit, today = unit_for(request.user, code, VIEW_STAFF), timezone.localdate()
    year = read_year(request.GET.get("year", ""), today.year)
    search = SearchForm(request.GET)
    found = selectors.agreements(unit, year, search.words())
    if wants_workbook(request):
        every = list(found[:MOST_ROWS])
        return workbook_answer(
            f"agreements-{unit.code}-{year}", *selectors.sheet(every, selectors.people_of(one.scorecard for one in every))
        )
    page = search.page_of(found)
    people = selectors.people_of(one.scorecard for one in page.object_list)
    rows = [(one, people.get(one.scorecard.officer)) for one in page.object_list]
    context = {"unit": unit, "page": page, "rows": rows, "q": search.words(), "year": year, "today": today}
    return render(request, "staff/agreement/index.html", context)


@needs(SEE_STAFF)
@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    agreement = agreement_for(request.user, pk)
    return _answer(request, agreement, TalkedForm(today=timezone.localdate(), initial={"day": agreement.talked_on or timezone.localdate()}))


@needs(SEE_STAFF)
@require_POST
def talk_over(request: SignedInRequest, pk: int) -> HttpResponse:
    agreement = signed_agreement_for(request.user, pk)
    form = TalkedForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        with telling(request):
            service.talk_over(actor=request.user, agreement=agreement, **form.cleaned_data)
        return redirect("staff:agreement", pk=pk)
    return _answer(request, agreement, form)


@needs(SEE_STAFF)
@require_POST
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    agreement = signed_agreement_for(request.user, pk)
    try:
        found = service.sign(actor=request.user, agreement=agreement, now=timezone.now(), today=timezone.localdate())
    except ScorecardError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Signed; the other signature is missing.") if found.is_open else _("Signed by both. It is in force and frozen.")
        )
    return redirect("staff:agreement", pk=pk)


@needs(SEE_STAFF)
@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    agreement = signed_agreement_for(request.user, pk)
    with telling(request, _("Withdrawn.")):
        service.withdraw(actor=request.user, agreement=agreement, today=timezone.localdate(), now=timezone.now())
    return redirect("staff:card", pk=agreement.scorecard_id)


@needs(SEE_STAFF)
@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for other weights and targets from a month on."""
    card, today = signed_card_for(request.user, pk), timezone.localdate()
    document = definition_of(card)
    first = Month.of_day(today).within(card.year)
    months = [(value, label) for value, label in months_of(card.year) if value >= str(first)]
    at = request.POST.get("from_month", "")
    month = Month.parse(at) if at in dict(months) else first
    now = selectors.stands(document, month)
    form = ChangeForm(request.POST or None, document=document, now=now, months=months, initial={"from_month": str(first)})
    if request.method == "POST" and form.is_valid():
        told = {"from_month": form.month, "wanted": form.wanted, "reason": form.cleaned_data["reason"]}
        try:
            made = service.ask_change(actor=request.user, scorecard=card, today=today, now=timezone.now(), **told)
        except ScorecardError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Asked for. It is in force once both have signed."))
            return redirect("staff:agreement", pk=made.pk)
    names = {one.code: one for one in card.measures.all()}
    rows = [(names[code], weight, points) for code, weight, points in form.rows() if code in names]
    return render(request, "staff/agreement/change.html", {"card": card, "form": form, "rows": rows})


@needs(SEE_STAFF)
@require_POST
def begin(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lay a scorecard that came another way before the two."""
    card = signed_card_for(request.user, pk)
    try:
        made = service.begin(actor=request.user, scorecard=card, today=timezone.localdate(), now=timezone.now())
    except ScorecardError as refusal:
        messages.error(request, str(refusal))
        return redirect("staff:card", pk=pk)
    return redirect("staff:agreement", pk=made.pk)


def _answer(request: SignedInRequest, agreement: Agreement, form: TalkedForm) -> HttpResponse:
    card = agreement.scorecard
    document = agreement.document or definition_of(card)
    own = card.officer == request.user.username
    mine = agreement.officer_signed_at if own else agreement.chief_signed_at
    context: dict[str, Any] = {
        "agreement": agreement,
        "card": card,
        "officer": selectors.people_of([card]).get(card.officer),
        "own": own,
        "may_sign": signing(request.user, card) and agreement.is_open,
        "may_change": signing(request.user, card),
        "signed": mine,
        "paper": paper(document, agreement.from_month),
        "changed": selectors.changed(agreement, document),
        "versions": list(selectors.history(card)),
        "form": form,
        "today": timezone.localdate(),
    }
    return render(request, "staff/agreement/detail.html", context)
