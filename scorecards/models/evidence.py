"""Files that show where a reading comes from."""

from django.db import models

from organisation.models import User
from scorecards.models.measure import Measure
from scorecards.models.month import MonthField


def _place(_evidence: models.Model, name: str) -> str:
    return f"evidence/{name[:2]}/{name}"


class Evidence(models.Model):
    """file: under a random name; name: as the person called it; size in bytes. It belongs to the month of a measure, whatever is
    reported there."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="evidence")
    month = MonthField()
    file = models.FileField(upload_to=_place, max_length=100)
    name = models.CharField(max_length=200)
    media = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["measure", "month"], name="evidence_by_reading")]

    def __str__(self) -> str:
        return self.name
