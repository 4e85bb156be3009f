"""How a score came about: one printable sheet for each score of a scorecard."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organisation.permissions import SignedInRequest, needs
from scorecards.access import scorecard_for
from scorecards.assembly.derivation import derivation_page
from scorecards.forms.derivation import NodeForm
from scorecards.permissions import VIEW_SCORECARD
from scorecards.selectors.closing import revision_of
from scorecards.selectors.score import published_score
from scorecards.views import place


@needs(VIEW_SCORECARD)
@require_safe
def detail(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    card = scorecard_for(request.user, code, year, VIEW_SCORECARD)
    month, window = place.asked(request, card.unit, year, card.officer)
    form = NodeForm(request.GET)
    if month.year != year or not form.is_valid():
        raise Http404
    page = derivation_page(card, month, window, form.level_or_card, form.cleaned_data["node"], timezone.localdate())
    if page is None:
        raise Http404
    context = {
        "page": page,
        "card": card,
        "unit": card.unit,
        "revision": revision_of(card, month),
        "published": published_score(card, month, window, form.level_or_card, form.cleaned_data["node"]),
        "query": urlencode({"month": str(month), "window": window}),
        "place": place.on_query(card.unit, month, window, "scorecards:dashboard", request.path),
    }
    return render(request, "scorecards/derivation/detail.html", context)
