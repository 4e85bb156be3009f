"""The Celery door of the scorecards."""

from celery import shared_task
from django.utils import timezone

from scorecards.services import recompute


@shared_task(name="scorecards.tasks.publish_day")
def publish_day() -> None:
    """Ask for the recomputes that a new day brings; asking again does nothing for what was computed today."""
    recompute.publish_day(today=timezone.localdate())
