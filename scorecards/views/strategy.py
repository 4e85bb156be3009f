"""The strategy of a unit: what it is for, its themes, and how far its long-term objectives have come."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation.access import holds, unit_for
from organisation.permissions import SignedInRequest, needs
from scorecards.assembly.map import map_of
from scorecards.choices import Window
from scorecards.errors import CodeUsed, OutOfDate
from scorecards.forms.theme import StrategyForm, ThemeForm
from scorecards.permissions import EDIT_STRATEGY, VIEW_DRAFT, VIEW_SCORECARD
from scorecards.selectors import theme as selectors
from scorecards.selectors.map import published
from scorecards.selectors.status import legend
from scorecards.services.theme import THEME, edit_strategy
from scorecards.views import place

ThemeForms = formset_factory(ThemeForm, extra=2, can_delete=True, max_num=40, absolute_max=45)


@needs(VIEW_SCORECARD)
@require_safe
def detail(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, VIEW_SCORECARD)
    month, _window = place.asked(request, unit)
    document, scores = published(unit, month, Window.YEAR)
    context = {
        "unit": unit,
        "map": map_of(document, month, scores) if document and document["perspectives"] else None,
        "year": month.year,
        "month": month,
        "window": Window.YEAR,
        "legend": legend(document["bands"]) if document else [],
        "page": selectors.strategy_page(unit, month),
        "place": replace(place.on_query(unit, month, "year", "scorecards:strategy", request.path), windows=[]),
        "may_edit": holds(request.user, EDIT_STRATEGY, unit),
        "may_see_drafts": holds(request.user, VIEW_DRAFT, unit),
    }
    return render(request, "scorecards/strategy/detail.html", context)


@needs(EDIT_STRATEGY)
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, EDIT_STRATEGY)
    strategy = selectors.strategy_of(unit)
    form = StrategyForm(request.POST or None, initial=_initial(strategy))
    rows = [{name: getattr(theme, name) for name in THEME} for theme in (strategy.themes.all() if strategy else [])]
    forms = ThemeForms(request.POST or None, initial=rows, prefix="theme")
    if request.method == "POST" and form.is_valid() and forms.is_valid():
        themes = [one.cleaned_data for one in forms if one.cleaned_data.get("code") and not one.cleaned_data.get("DELETE")]
        try:
            edit_strategy(actor=request.user, unit=unit, version=form.cleaned_data["version"], texts=form.texts(), themes=themes)
        except OutOfDate as refusal:
            form.add_error(None, str(refusal))
            form.take_version(getattr(selectors.strategy_of(unit), "version", 0))
        except CodeUsed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("scorecards:strategy", code=code)
    return render(request, "scorecards/strategy/edit.html", {"unit": unit, "form": form, "forms": forms})


def _initial(strategy: Any) -> dict[str, Any]:
    if strategy is None:
        return {"version": 0}
    return {"version": strategy.version, **{name: getattr(strategy, name) for name in StrategyForm.Meta.fields}}
