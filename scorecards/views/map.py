"""Strategy maps: the published one with its scores, the editor of a draft, the table that does the same without drawing, exports."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from organisation.access import holds, unit_for
from organisation.permissions import SignedInRequest, needs
from scorecards.access import version_for
from scorecards.assembly.arrow import checks_of
from scorecards.assembly.map import map_of
from scorecards.assembly.paper import as_pdf, as_png
from scorecards.errors import DraftChanged, ScorecardError
from scorecards.forms.map import ChangeForm
from scorecards.models import Version
from scorecards.permissions import EDIT_STRATEGY, VIEW_DRAFT, VIEW_SCORECARD
from scorecards.selectors import map as selectors
from scorecards.selectors.status import legend
from scorecards.selectors.text import month_text
from scorecards.services import map as service
from scorecards.services.version import redo, undo
from scorecards.views import place

DRAWING = "scorecards/map/drawing.svg"


@needs(VIEW_SCORECARD)
@require_safe
def detail(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, VIEW_SCORECARD)
    month, window = place.asked(request, unit)
    document, scores = selectors.published(unit, month, window)
    context = {
        "unit": unit,
        "place": place.on_query(unit, month, window, "scorecards:map", request.path),
        "map": map_of(document, month, scores) if document and document["perspectives"] else None,
        "rows": selectors.rows_of(document) if document else [],
        "checks": checks_of(document, unit, month) if document else [],
        "kinds": list(KINDS),
        "legend": legend(document["bands"]) if document else [],
        "year": month.year,
        "month": month,
        "window": window,
        "may_see_drafts": holds(request.user, VIEW_DRAFT, unit),
    }
    return render(request, "scorecards/map/detail.html", context)


@needs(VIEW_SCORECARD)
@require_safe
def export(request: SignedInRequest, code: str, kind: str) -> HttpResponse:
    """The published map as a file that opens elsewhere."""
    unit = unit_for(request.user, code, VIEW_SCORECARD)
    month, window = place.asked(request, unit)
    document, scores = selectors.published(unit, month, window)
    if document is None or kind not in KINDS:
        raise Http404
    svg = render_to_string(DRAWING, {"map": map_of(document, month, scores)})
    title = f"{unit.label} · {document['name_zh'] if _chinese() else document['name']}"
    mime, make = KINDS[kind]
    response = HttpResponse(make(svg, title, month_text(month)), content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="strategy-map-{unit.code}-{month}.{kind}"'
    return response


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


KINDS: dict[str, tuple[str, Callable[[str, str, str], bytes]]] = {
    "svg": ("image/svg+xml", lambda svg, _title, _note: svg.encode()),
    "png": ("image/png", lambda svg, _title, _note: as_png(svg)),
    "pdf": ("application/pdf", lambda svg, title, note: as_pdf(svg, title, note, "zh" if _chinese() else "en")),
}


@needs(EDIT_STRATEGY)
@require_safe
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    version = version_for(request.user, pk, EDIT_STRATEGY)
    if not version.is_draft:
        return redirect("scorecards:version", pk=pk)
    return render(request, "scorecards/map/edit.html", _board(version))


@needs(EDIT_STRATEGY)
@require_safe
def inspect(request: SignedInRequest, pk: int) -> HttpResponse:
    """An objective or an arrow of the draft, as a fragment."""
    version = version_for(request.user, pk, EDIT_STRATEGY)
    asked = {name: request.GET.get(name, "") for name in ("code", "cause", "effect")}
    rows = {row.code: row for row in selectors.rows_of(version.document)}
    link = next((one for one in version.document["links"] if (one["from"], one["to"]) == (asked["cause"], asked["effect"])), None)
    form = ChangeForm(initial=link) if link else None
    ends = (rows[asked["cause"]].name, rows[asked["effect"]].name) if link else None
    context = {"version": version, "row": rows.get(asked["code"]), "link": link, "form": form, "ends": ends}
    return render(request, "scorecards/map/inspect.html", context)


@needs(EDIT_STRATEGY)
@require_safe
def link(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is said of an arrow, as a form."""
    version = version_for(request.user, pk, EDIT_STRATEGY)
    return _arrow(request, version, (request.GET.get("cause", ""), request.GET.get("effect", "")), None)


def _arrow(request: SignedInRequest, version: Version, ends: tuple[str, str], form: ChangeForm | None) -> HttpResponse:
    found = next((one for one in version.document["links"] if (one["from"], one["to"]) == ends), None)
    if found is None or not version.is_draft:
        return redirect("scorecards:map-table", pk=version.pk)
    names = {row.code: row.name for row in selectors.rows_of(version.document)}
    context = {"version": version, "unit": version.unit, "link": found, "ends": [names[end] for end in ends]}
    return render(request, "scorecards/map/link.html", {**context, "form": form or ChangeForm(initial=found)})


@needs(EDIT_STRATEGY)
@require_safe
def table(request: SignedInRequest, pk: int) -> HttpResponse:
    version = version_for(request.user, pk, EDIT_STRATEGY)
    if not version.is_draft:
        return redirect("scorecards:version", pk=pk)
    return render(request, "scorecards/map/table.html", _table(version))


ACTIONS: dict[str, Callable[..., Version]] = {
    "move": service.move,
    "link": service.link,
    "edit_link": service.edit_link,
    "unlink": service.unlink,
    "arrange": service.arrange,
    "remove_objective": service.remove_objective,
    "remove_measure": service.remove_measure,
    "undo": undo,
    "redo": redo,
}


@needs(EDIT_STRATEGY)
@require_POST
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """One step of a draft. Drawn by a script: the board as a fragment; else back to the table. What could not be done stands there with
    a way to do it on the newer draft."""
    version = version_for(request.user, pk, EDIT_STRATEGY)
    form = ChangeForm(request.POST)
    drawn = request.headers.get("X-Requested-With") == "map"
    refusal: Any = None
    if form.is_valid():
        action = ACTIONS[form.cleaned_data["action"]]
        try:
            version = action(actor=request.user, version=version, seen=form.cleaned_data["seen"], now=timezone.now(), **form.arguments())
        except ScorecardError as error:
            refusal = error
            version = version_for(request.user, pk, EDIT_STRATEGY)
    else:
        refusal = form.sentence()
    if not drawn and refusal is None:
        back = form.cleaned_data["objective"]
        return redirect("scorecards:objective-edit", pk=pk, node=back) if back else redirect("scorecards:map-table", pk=pk)
    if not drawn and request.POST.get("action") == "edit_link" and form.errors:
        return _arrow(request, version, (request.POST.get("cause", ""), request.POST.get("effect", "")), form)
    stale = isinstance(refusal, DraftChanged)
    kept = {name: value for name, value in request.POST.items() if name not in {"csrfmiddlewaretoken", "seen"}} if stale else {}
    page, context = ("scorecards/map/board.html", _board(version)) if drawn else ("scorecards/map/table.html", _table(version))
    status = 409 if stale and drawn else 200
    return render(request, page, {**context, "refusal": str(refusal or ""), "kept": kept}, status=status)


def _board(version: Version) -> dict[str, Any]:
    return {
        "version": version,
        "unit": version.unit,
        "map": map_of(version.document, version.from_month, selectors.latest_scores(version.unit) if version.base else None),
        "saved": selectors.saved(version),
        "editor": True,
        "narrow_rail": True,
    }


def _table(version: Version) -> dict[str, Any]:
    boxes = {card.code: card for card in map_of(version.document, version.from_month, None).cards}
    rows = [(row, boxes[row.code]) for row in selectors.rows_of(version.document)]
    return {
        "version": version,
        "unit": version.unit,
        "rows": rows,
        "lanes": selectors.lanes_of(version.document),
        "saved": selectors.saved(version),
    }
