"""Tries documents without keeping anything of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction

from scorecards.errors import DocumentFaults, Fault, MonthClosed
from scorecards.services.document import import_documents


@contextmanager
def trying(documents: list[dict[str, Any]]) -> Iterator[None]:
    """Bring the documents in for the time of the block; then everything is as it was. Raises DocumentFaults, also where readings of
    closed months would have to give way."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                import_documents(actor=None, documents=documents, trial=True)
        except IntegrityError as error:
            raise DocumentFaults([Fault("", "source", str(MonthClosed()))]) from error
        yield
        transaction.set_rollback(True)
