"""Asks what is still to be done."""

from ledger.models import OutboxEntry


def is_pending(topic: str, key: str) -> bool:
    """Whether work of that key is asked for and not yet done."""
    return OutboxEntry.objects.filter(topic=topic, key=key).exists()
