"""Measures whose values the system itself counts."""

from django.db import models

from organisation.models import Unit
from scorecards.models.month import MonthField


class Feed(models.Model):
    """The measure of that code on the unit's scorecards of all years takes its values from a source of the system (`settings.FEEDS`);
    nobody types them. from_month: since when."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="feeds")
    code = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    from_month = MonthField()

    class Meta:
        ordering = ["unit_id", "code"]
        constraints = [models.UniqueConstraint(fields=["unit", "code"], name="feed_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.code} from {self.source}"
