"""Requests to correct a value of a closed month."""

from django.db import models
from django.db.models import F, Q

from organisation.models import User
from scorecards.choices import CorrectionState
from scorecards.models.measure import Measure
from scorecards.models.month import MonthField
from scorecards.models.reading import HOLDS_MARK, HOLDS_RATIO, HOLDS_VALUE


class Correction(models.Model):
    """What a reading of a closed month should say instead. Once approved it is written when the month is reopened.
    before: what stood there when it was asked for."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="corrections")
    month = MonthField()
    before = models.JSONField(null=True)
    value = models.FloatField(null=True)
    volume = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    not_applicable = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500)
    evidence = models.TextField(max_length=2000)
    state = models.CharField(max_length=10, choices=CorrectionState.choices, default=CorrectionState.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CorrectionState.values), name="correction_state_known"),
            models.CheckConstraint(condition=HOLDS_VALUE | HOLDS_RATIO | HOLDS_MARK, name="correction_holds_one_thing"),
            models.CheckConstraint(condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="correction_two_people"),
            models.UniqueConstraint(
                fields=["measure", "month"],
                condition=Q(state__in=[CorrectionState.ASKED, CorrectionState.APPROVED]),
                name="correction_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.month}"
