"""The Celery door of communication."""

from celery import shared_task
from django.utils import timezone

from communication.services import digest


@shared_task(name="communication.tasks.send_digests")
def send_digests() -> None:
    """Send the mails of the day that have not been sent."""
    digest.send_due(now=timezone.now())
