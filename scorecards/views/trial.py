"""What the definition that is typed in a form makes of the last 12 months; of a stored measure's form and of a draft's."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from organisation.models import Unit
from scorecards.assembly.preview import Preview
from scorecards.assembly.preview import preview as preview_of
from scorecards.errors import DocumentFaults
from scorecards.forms.measure import MeasureForm
from scorecards.models import Month
from scorecards.selectors.document import Document, document_of
from scorecards.selectors.meaning import meaning
from scorecards.selectors.scorecard import scorecard_of
from scorecards.services.document import dependency_faults
from scorecards.services.sandbox import trying


def preview_answer(request: HttpRequest, form: MeasureForm, unit: Unit, document: Document) -> HttpResponse:
    """A fragment; nothing of what was tried is kept. document: of the form's year, with the readings."""
    context: dict[str, Any] = {"meaning": meaning(document, request.POST.get("formula", ""))}
    if form.is_valid():
        form.add_faults(DocumentFaults(dependency_faults([form.changed])))
    if form.is_valid():
        last = min(Month.of_day(timezone.localdate()), Month.of(document["year"], 12))
        before = scorecard_of(unit.code, document["year"] - 1)
        this_year, earlier = form.tried_in(document), form.tried_in(document_of(before)) if before else None
        years = [tried for tried in (this_year, earlier) if tried]
        try:
            context["page"] = _tried(unit, form.tried_code, years, last, Month.parse(form.cleaned_data["since"])) if this_year else None
        except DocumentFaults as refusal:
            form.add_faults(refusal)
    labels = {name: f"{field.label}: " for name, field in form.fields.items()}
    context["faults"] = [f"{labels.get(name, '')}{error}" for name, errors in form.errors.items() for error in errors]
    return render(request, "scorecards/measure/preview.html", context)


def _tried(unit: Unit, code: str, documents: list[Document], last: Month, since: Month) -> Preview:
    """The months of these years with the measure as it was typed; last year's scorecard, where it does not take that, is left out.
    Raises DocumentFaults."""
    try:
        with trying(documents):
            first = min(document["year"] for document in documents)
            return preview_of(unit.pk, code, last, first, since, timezone.localdate())
    except DocumentFaults:
        if len(documents) == 1:
            raise
        return _tried(unit, code, documents[:1], last, since)
