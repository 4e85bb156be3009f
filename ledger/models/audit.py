"""One line for each thing that somebody did. Rows carry ids, not foreign keys, so that they outlive what they speak of."""

from django.db import models


class AuditEntry(models.Model):
    """actor: a user's id, empty for the system; target: the object's kind and id; place: the code of the unit it is about."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=60)
    target_id = models.CharField(max_length=40)
    place = models.CharField(max_length=40, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["target_kind", "target_id", "-id"], name="audit_by_target"),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_kind} {self.target_id}"
