"""The catalogue of measures, for its administrator."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisation.access import top_units_for, units_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from scorecards.access import catalogue_measure_for
from scorecards.errors import CodeUsed, OutOfDate
from scorecards.forms.catalogue import EntryForm, OfferForm
from scorecards.models import CatalogueMeasure
from scorecards.permissions import EDIT_SCORECARD, VIEW_SCORECARD
from scorecards.selectors import catalogue as selectors
from scorecards.selectors.document import definition_of, each_measure
from scorecards.services import catalogue as service


@needs(EDIT_SCORECARD)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest) -> HttpResponse:
    units = top_units_for(request.user, EDIT_SCORECARD)
    form = OfferForm(request.POST or None, units=list(units), seen=units_for(request.user, VIEW_SCORECARD))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["measure"]
        measure = next(one for _path, one in each_measure(definition_of(chosen.scorecard)) if one["code"] == chosen.code)
        try:
            service.offer(actor=request.user, unit=form.cleaned_data["unit"], measure=measure, topic=form.cleaned_data["topic"])
        except CodeUsed as refusal:
            form.add_error("measure", str(refusal))
        else:
            messages.success(request, _("The measure is offered."))
            return redirect("scorecards:catalogue")
    search = SearchForm(request.GET)
    page = search.page_of(selectors.catalogue(units_for(request.user, EDIT_SCORECARD), search.words()))
    return render(request, "scorecards/catalogue/list.html", {"form": form, "page": page, "q": search.words()})


@needs(EDIT_SCORECARD)
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    entry = catalogue_measure_for(request.user, pk, EDIT_SCORECARD)
    initial = {name: getattr(entry, name) for name in ("version", *service.FIELDS)}
    form = EntryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            service.edit(actor=request.user, entry=entry, **form.cleaned_data)
        except OutOfDate as refusal:
            form.add_error(None, str(refusal))
            form.take_version(CatalogueMeasure.objects.get(pk=entry.pk).version)
        else:
            messages.success(request, _("Saved."))
            return redirect("scorecards:catalogue")
    return render(request, "scorecards/catalogue/edit.html", {"form": form, "entry": entry})
