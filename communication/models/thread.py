"""Threads of comments about any object."""

from django.db import models
from django.db.models import Q

from organisation.models import User


class Thread(models.Model):
    """kind and key: the object, as `settings.THREAD_SUBJECTS` knows it; place: the code of its unit."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=60)
    place = models.CharField(max_length=40)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "key"], name="thread_by_object")]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by__isnull=True, resolved_at__isnull=True) | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="thread_resolved_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Comment(models.Model):
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()
    mentioned = models.ManyToManyField(User, related_name="+", blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:40]
