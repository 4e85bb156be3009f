"""Scorecards and scores as JSON (rule book §10)."""

from django.http import Http404
from django.utils import timezone
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from organisation.permissions import needs
from scorecards.access import scorecard_for
from scorecards.assembly.derivation import derivation_document
from scorecards.assembly.document import scores_document
from scorecards.choices import Window
from scorecards.forms.period import read_month
from scorecards.permissions import VIEW_SCORECARD
from scorecards.selectors.document import document_of


@needs(VIEW_SCORECARD)
@api_view(["GET"])
def document(request: Request, code: str, year: int) -> Response:
    """The scorecard of that unit and year as an exchange document."""
    return Response(document_of(scorecard_for(request.user, code, year, VIEW_SCORECARD)))


@needs(VIEW_SCORECARD)
@api_view(["GET"])
def scores(request: Request, code: str, period: str, window: str) -> Response:
    """The scores of that unit in the window that ends in the period, computed now."""
    if window not in Window.values:
        raise Http404
    month = read_month(period)
    card = scorecard_for(request.user, code, month.year, VIEW_SCORECARD)
    return Response(scores_document(card, month, window, timezone.localdate()))


@needs(VIEW_SCORECARD)
@api_view(["GET"])
def explanation(request: Request, code: str, period: str, window: str) -> Response:
    """How each of these scores came about: readings, points in force, weights before and after, adjustments, veto."""
    if window not in Window.values:
        raise Http404
    month = read_month(period)
    card = scorecard_for(request.user, code, month.year, VIEW_SCORECARD)
    return Response(derivation_document(card, month, window, timezone.localdate()))
