"""Targets of a unit for a year: measure × month."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisation.permissions import SignedInRequest, needs
from scorecards.access import scorecard_for
from scorecards.forms.target import TargetsForm
from scorecards.permissions import EDIT_SCORECARD
from scorecards.selectors import target as selectors
from scorecards.selectors.closing import last_closed
from scorecards.views.redefinition import is_saved


@needs(EDIT_SCORECARD)
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    card = scorecard_for(request.user, code, year, EDIT_SCORECARD)
    grid = selectors.grid(card)
    form = TargetsForm(
        request.POST or None,
        initial={"version": card.version, **grid.initial},
        document=grid.document,
        codes=grid.codes,
        due=grid.due,
        seasons=grid.seasons,
        closed=last_closed(card.pk),
    )
    if request.method == "POST" and form.is_valid() and is_saved(request, card, form, form.changed):
        messages.success(request, _("Saved. The scores are being computed anew."))
        if names := selectors.out_of_size(card):
            messages.warning(
                request, _("Far from the size of the values, to be checked: the targets of %(names)s.") % {"names": "; ".join(names)}
            )
        if names := selectors.without_target(card):
            messages.warning(
                request, _("Without a target in January, so without a score until the first one: %(names)s.") % {"names": "; ".join(names)}
            )
        return redirect("scorecards:target-edit", code=code, year=year)
    rows = [(row, [form[f"{row.code} {month}"] for month in form.months]) for row in grid.rows]
    context = {"card": card, "form": form, "rows": rows, "months": grid.months}
    return render(request, "scorecards/target/edit.html", context)
