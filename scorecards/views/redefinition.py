"""Saving what a form says of a scorecard, with every refusal said on the form."""

from organisation.permissions import SignedInRequest
from scorecards.errors import DocumentFaults, OutOfDate
from scorecards.forms.definition import DefinitionForm
from scorecards.models import Scorecard
from scorecards.selectors import setup
from scorecards.selectors.document import Document
from scorecards.services.definition import redefine


def is_saved(request: SignedInRequest, card: Scorecard, form: DefinitionForm, document: Document) -> bool:
    """Whether the scorecard says it now; where not, what was typed and why stand on the form."""
    try:
        redefine(actor=request.user, scorecard=card, version=form.cleaned_data["version"], document=document)
    except OutOfDate as refusal:
        form.add_error(None, str(refusal))
        form.take_version(setup.version_of(card))
    except DocumentFaults as refusal:
        form.add_faults(refusal)
    else:
        return True
    return False
