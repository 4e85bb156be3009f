"""Tries documents without keeping anything of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from scorecards.services.document import import_documents


@contextmanager
def trying(documents: list[dict[str, Any]]) -> Iterator[None]:
    """Bring the documents in for the time of the block; then everything is as it was. Raises DocumentFaults."""
    with transaction.atomic():
        import_documents(actor=None, documents=documents)
        yield
        transaction.set_rollback(True)
