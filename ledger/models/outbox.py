"""What a committed change still asks to be done. A row is deleted in the transaction that does it."""

from django.db import models
from django.utils import timezone


class OutboxEntry(models.Model):
    """topic chooses the handler; entries of one key are handled together, by one worker at a time."""

    topic = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["topic", "key"], name="outbox_by_key")]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
