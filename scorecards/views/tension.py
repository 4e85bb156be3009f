"""Tension pairs of a unit: where control and service pull apart, and the answers that are owed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation.access import holds, unit_for
from organisation.forms.search import SearchForm
from organisation.models import User
from organisation.permissions import SignedInRequest, needs
from scorecards.access import review_for
from scorecards.assembly.tension import history_of, states_of
from scorecards.choices import TensionAnswer
from scorecards.errors import OutOfDate
from scorecards.forms.tension import AnswerForm
from scorecards.models import TensionReview
from scorecards.permissions import ANSWER_TENSION, EDIT_SCORECARD, EDIT_STRATEGY, VIEW_SCORECARD
from scorecards.selectors import tension as selectors
from scorecards.selectors.scorecard import scorecard_of
from scorecards.selectors.text import month_text, score_text
from scorecards.services import tension as service
from scorecards.views import place


@needs(VIEW_SCORECARD)
@require_safe
def index(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, VIEW_SCORECARD)
    month, _window = place.asked(request, unit)
    card = scorecard_of(unit.code, month.year)
    pairs = states_of([card], [month]) if card else []
    rows = [(pair, selectors.tone_of(pair.state), score_text(pair.a), score_text(pair.b), score_text(pair.gap)) for pair in pairs]
    search = SearchForm(request.GET)
    page = search.page_of(selectors.reviews(unit, search.words()))
    items = [(review, selectors.tone_of(review.state), selectors.period_text(review)) for review in page.object_list]
    where = place.on_month(unit, month, "scorecards:tensions", request.path)
    dots = [{"code": pair.tension.code, "name": pair.tension.label, "a": pair.a, "b": pair.b, "tone": tone} for pair, tone, *_ in rows]
    context = {
        "unit": unit,
        "rows": rows,
        "dots": dots,
        "items": items,
        "page": page,
        "q": search.words(),
        "place": where,
        "month": month_text(month),
    }
    return render(request, "scorecards/tension/list.html", context)


def _onward(user: User, review: TensionReview, kind: str) -> HttpResponse:
    """To the targets, or to the drafts that may change them, where these are to be changed."""
    card = review.tension.scorecard
    if kind == TensionAnswer.TARGET and holds(user, EDIT_SCORECARD, card.unit):
        return redirect("scorecards:target-edit", code=card.unit.code, year=card.year)
    if kind == TensionAnswer.TARGET and holds(user, EDIT_STRATEGY, card.unit):
        return redirect("scorecards:version-list", code=card.unit.code)
    return redirect("scorecards:tensions", code=card.unit.code)


@needs(VIEW_SCORECARD)
@require_http_methods(["GET", "POST"])
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    review = review_for(request.user, pk, VIEW_SCORECARD)
    unit = review.tension.scorecard.unit
    may_answer = holds(request.user, ANSWER_TENSION, unit)
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    form = AnswerForm(request.POST or None, initial={"version": review.version, "kind": review.answer, "text": review.text})
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            service.answer(actor=request.user, review=review, now=timezone.now(), **fields)
        except OutOfDate as refusal:
            form.add_error(None, str(refusal))
            form.take_version(TensionReview.objects.get(pk=review.pk).version)
        else:
            messages.success(request, _("The answer is recorded."))
            return _onward(request.user, review, fields["kind"])
    months = [
        (
            month_text(pair.period),
            score_text(pair.a),
            score_text(pair.b),
            score_text(pair.gap),
            pair.state.label,
            selectors.tone_of(pair.state),
        )
        for pair in reversed(history_of(review.tension, review.period))
    ]
    sides = [[m.measure for m in review.tension.members.select_related("measure") if m.side == letter] for letter in ("a", "b")]
    context = {
        "review": review,
        "unit": unit,
        "form": form if may_answer else None,
        "months": months,
        "sides": sides,
        "answers": selectors.answers_of(review),
        "tone": selectors.tone_of(review.state),
        "period_text": selectors.period_text(review),
    }
    return render(request, "scorecards/tension/detail.html", context)
