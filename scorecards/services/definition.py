"""Changes what a scorecard says: the whole document with the change in it, checked like any other."""

from typing import Any

from django.db import transaction

from organisation.models import User
from scorecards.errors import OutOfDate
from scorecards.models import Scorecard
from scorecards.services.document import import_documents


@transaction.atomic
def redefine(*, actor: User, scorecard: Scorecard, version: int, document: dict[str, Any]) -> None:
    """Replace what is said by the document of the same scorecard, which was made from that version. Raises OutOfDate,
    DocumentFaults."""
    locked = Scorecard.objects.select_for_update(of=("self",)).order_by().get(pk=scorecard.pk)
    if locked.version != version:
        raise OutOfDate
    import_documents(actor=actor, documents=[document])
