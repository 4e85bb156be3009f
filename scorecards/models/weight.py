"""Weights in force from a month."""

from django.db import models
from django.db.models import Q

from scorecards.models.month import Month, MonthField

ALWAYS = Month(0)


class DatedWeight(models.Model):
    """A weight, relative to its siblings', in force from a month until the node's next row. ALWAYS: from the beginning."""

    from_month = MonthField(default=0)
    weight = models.FloatField()

    class Meta:
        abstract = True
        ordering = ["node_id", "from_month"]
        constraints = [
            models.UniqueConstraint(fields=["node", "from_month"], name="%(class)s_once_a_month"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="%(class)s_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.weight:g} from {self.from_month}"
