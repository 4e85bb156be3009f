"""Bonus and penalty points: proposals and decisions of a unit, and the catalogue."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organisation.access import holds, top_units_for, unit_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from scorecards.access import adjustment_for, adjustment_item_for
from scorecards.errors import AlreadyDecided, MonthClosed, OutOfDate
from scorecards.forms.adjustment import ItemForm, ProposalForm
from scorecards.models import AdjustmentItem
from scorecards.permissions import APPROVE_ADJUSTMENT, EDIT_SCORECARD, PROPOSE_ADJUSTMENT, VIEW_SCORECARD
from scorecards.selectors import adjustment as selectors
from scorecards.selectors.scorecard import scorecard_of
from scorecards.selectors.setup import months_of
from scorecards.services import adjustment as service
from scorecards.views import place
from scorecards.views.decision import decide as decided


@needs(VIEW_SCORECARD)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, VIEW_SCORECARD)
    month, _window = place.asked(request, unit)
    card = scorecard_of(unit.code, month.year)
    may_propose = holds(request.user, PROPOSE_ADJUSTMENT, unit)
    if request.method == "POST" and not may_propose:
        raise PermissionDenied
    items, months = list(selectors.items_for(unit)), months_of(month.year)
    form = ProposalForm(request.POST or None, initial={"month": str(month)}, items=items, months=months)
    if request.method == "POST" and card and form.is_valid():
        try:
            service.propose(actor=request.user, scorecard=card, now=timezone.now(), **form.cleaned_data)
        except MonthClosed as refusal:
            form.add_error("month", str(refusal))
        else:
            messages.success(request, _("Proposed. It counts once another person has approved it."))
            return redirect(request.get_full_path())
    search = SearchForm(request.GET)
    page = search.page_of(selectors.adjustments(unit, month.year, search.words()))
    context = {
        "unit": unit,
        "card": card,
        "form": form if may_propose and card else None,
        "rows": selectors.rows(list(page.object_list)),
        "page": page,
        "q": search.words(),
        "may_decide": holds(request.user, APPROVE_ADJUSTMENT, unit),
        "place": place.on_month(unit, month, "scorecards:adjustments", request.path),
    }
    return render(request, "scorecards/adjustment/list.html", context)


@needs(APPROVE_ADJUSTMENT)
@require_POST
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    adjustment = adjustment_for(request.user, pk, APPROVE_ADJUSTMENT)
    decided(request, partial(service.decide, adjustment=adjustment), _("Approved; the score is computed anew."))
    return redirect("scorecards:adjustments", code=adjustment.scorecard.unit.code)


@needs(PROPOSE_ADJUSTMENT)
@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    adjustment = adjustment_for(request.user, pk, PROPOSE_ADJUSTMENT)
    try:
        service.withdraw(actor=request.user, adjustment=adjustment)
    except AlreadyDecided as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your proposal is taken back."))
    return redirect("scorecards:adjustments", code=adjustment.scorecard.unit.code)


@needs(EDIT_SCORECARD)
@require_http_methods(["GET", "POST"])
def catalogue(request: SignedInRequest) -> HttpResponse:
    units = top_units_for(request.user, EDIT_SCORECARD)
    form = ItemForm(request.POST or None, units=list(units))
    if request.method == "POST" and form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        service.create_item(actor=request.user, **fields)
        messages.success(request, _("The item is published."))
        return redirect("scorecards:adjustment-items")
    search = SearchForm(request.GET)
    page = search.page_of(selectors.catalogue(units, search.words()))
    return render(request, "scorecards/adjustment/items.html", {"form": form, "page": page, "q": search.words()})


@needs(EDIT_SCORECARD)
@require_http_methods(["GET", "POST"])
def edit_item(request: SignedInRequest, pk: int) -> HttpResponse:
    item = adjustment_item_for(request.user, pk, EDIT_SCORECARD)
    initial = {name: getattr(item, name) for name in ("version", *service.ITEM_FIELDS)}
    form = ItemForm(request.POST or None, initial=initial, units=[], item=item)
    if request.method == "POST" and form.is_valid():
        try:
            service.edit_item(actor=request.user, item=item, **form.cleaned_data)
        except OutOfDate as refusal:
            form.add_error(None, str(refusal))
            form.take_version(AdjustmentItem.objects.get(pk=item.pk).version)
        else:
            messages.success(request, _("Saved."))
            return redirect("scorecards:adjustment-items")
    return render(request, "scorecards/adjustment/item.html", {"form": form, "item": item})
