"""Who reports a measure, from a day until a day."""

from django.db import models
from django.db.models import F, Q

from organisation.models import Unit, User


class Assignment(models.Model):
    """The measure of that code on the unit's scorecards of all years is reported by this person. Ended ones stay as history."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments")
    code = models.CharField(max_length=40)
    person = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        ordering = ["unit_id", "code", "from_date"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], condition=Q(until_date__isnull=True), name="assignment_one_open"),
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")), name="assignment_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.code} {self.person_id}"
