"""The Celery door of the ledger."""

from celery import shared_task
from django.utils import timezone

from ledger.services import outbox


@shared_task(name="ledger.tasks.drain_outbox")
def drain_outbox() -> None:
    """Drain the outbox; safe to run twice, at once, or never (the next run does the work)."""
    outbox.drain(now=timezone.now())
