"""Something that one person is told."""

from django.db import models

from organisation.models import User


class Notice(models.Model):
    """topic: chooses the sentence and the icon (`settings.NOTICE_TOPICS`); about: the words that the sentence needs, names as pairs of
    both languages; address: where it leads; slot: what it is told of, so that the same is told once."""

    recipient = models.ForeignKey(User, models.CASCADE, related_name="notices")
    topic = models.CharField(max_length=40)
    about = models.JSONField(default=dict)
    address = models.CharField(max_length=200, blank=True)
    slot = models.CharField(max_length=120)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "topic", "slot"], name="notice_once")]
        indexes = [models.Index(fields=["recipient", "read_at", "-at"], name="notice_of_person")]

    def __str__(self) -> str:
        return f"{self.topic} {self.slot}"
