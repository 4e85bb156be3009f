"""The daily mail: who wants it, and that it was sent."""

from django.db import models

from organisation.models import User


class Subscription(models.Model):
    """address: empty where no mail is wanted."""

    person = models.OneToOneField(User, models.CASCADE, related_name="subscription")
    address = models.EmailField(blank=True)

    def __str__(self) -> str:
        return self.address


class Digest(models.Model):
    """One mail a person and day, so that two senders send one. sent_at: null while it is on its way."""

    person = models.ForeignKey(User, models.CASCADE, related_name="digests")
    day = models.DateField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"
