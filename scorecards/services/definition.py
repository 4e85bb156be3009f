"""Changes what a scorecard says: the whole document with the change in it, checked like any other."""

from typing import Any

from django.db import transaction

from organisation.models import User
from scorecards.choices import Source
from scorecards.errors import OutOfDate
from scorecards.models import Scorecard
from scorecards.selectors.document import document_of, each_measure
from scorecards.services.document import import_documents, serialise


@transaction.atomic
def redefine(*, actor: User, scorecard: Scorecard, version: int, document: dict[str, Any]) -> None:
    """Replace what is said by the document of the same scorecard, which was made from that version; its readings, adjustments and
    unit stay as they are by now. Raises OutOfDate, DocumentFaults."""
    serialise()
    locked = Scorecard.objects.select_for_update(of=("self",)).order_by().get(pk=scorecard.pk)
    if locked.version != version:
        raise OutOfDate
    now = document_of(Scorecard.objects.select_related("unit__parent").get(pk=scorecard.pk))
    readings = {measure["code"]: measure["readings"] for _path, measure in each_measure(now)}
    changed = {**document, "unit": now["unit"], "adjustments": now["adjustments"]}
    for _path, measure in each_measure(changed):
        measure["readings"] = readings.get(measure["code"], []) if measure["source"] == Source.ENTERED else []
    import_documents(actor=actor, documents=[changed], verb="edit")
