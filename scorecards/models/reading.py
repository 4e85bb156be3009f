"""What an officer reports for one measure in one month: a reading, or the mark that there is none to report."""

from django.db import models
from django.db.models import F, Q

from organisation.models import User
from scorecards.choices import ReadingState
from scorecards.models.measure import Measure
from scorecards.models.month import MonthField

HOLDS_RATIO = Q(numerator__isnull=False, denominator__isnull=False, value__isnull=True, volume__isnull=True, not_applicable="")
HOLDS_VALUE = Q(value__isnull=False, numerator__isnull=True, denominator__isnull=True, not_applicable="")
HOLDS_MARK = Q(value__isnull=True, volume__isnull=True, numerator__isnull=True, denominator__isnull=True) & ~Q(not_applicable="")


class Reading(models.Model):
    """value (with a volume where the method is weighted), or numerator and denominator, or the reason why not applicable.
    note: what the officer says about it; verified_by: who has verified it here, null where a document said so."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="readings")
    month = MonthField()
    value = models.FloatField(null=True)
    volume = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    not_applicable = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=ReadingState.choices, default=ReadingState.SUBMITTED)
    note = models.CharField(max_length=500, blank=True)
    returned_because = models.CharField(max_length=500, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["measure_id", "month"]
        constraints = [
            models.UniqueConstraint(fields=["month", "measure"], name="reading_once_a_month"),
            models.CheckConstraint(condition=Q(state__in=ReadingState.values), name="reading_state_known"),
            models.CheckConstraint(condition=HOLDS_VALUE | HOLDS_RATIO | HOLDS_MARK, name="reading_holds_one_thing"),
            models.CheckConstraint(condition=Q(denominator__isnull=True) | Q(denominator__gte=0), name="reading_denominator_not_negative"),
            models.CheckConstraint(condition=Q(volume__isnull=True) | Q(volume__gte=0), name="reading_volume_not_negative"),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | Q(entered_by__isnull=True) | ~Q(verified_by=F("entered_by")),
                name="reading_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.month}"
