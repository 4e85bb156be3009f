"""Bonus and penalty points: a published catalogue of items, and what was proposed and approved from it (rule book §5)."""

from django.db import models
from django.db.models import F, Q

from organisation.models import Unit, User
from organisation.models.names import Named
from organisation.models.unit import code_shape
from scorecards.choices import AdjustmentState
from scorecards.models.month import MonthField
from scorecards.models.scorecard import Scorecard


class AdjustmentItem(Named):
    """What may earn a bonus or cost a penalty in the unit and those below it. points: with its sign, as the catalogue says."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="adjustment_items")
    code = models.CharField(max_length=40, validators=[code_shape])
    points = models.FloatField()
    retired = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["unit", "code"]
        constraints = [models.UniqueConstraint(fields=["unit", "code"], name="adjustment_item_code_once")]

    @property
    def points_text(self) -> str:
        return f"{self.points:+g}".replace("-", "−")


class Adjustment(models.Model):
    """Only what is approved counts. item: from which it was proposed; none where a document brought it."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="adjustments")
    item = models.ForeignKey(AdjustmentItem, models.PROTECT, null=True, related_name="adjustments")
    month = MonthField()
    points = models.FloatField()
    reason = models.CharField(max_length=500)
    evidence = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=AdjustmentState.choices, default=AdjustmentState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-month", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AdjustmentState.values), name="adjustment_state_known"),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True) | Q(decided_by__isnull=True) | ~Q(proposed_by=F("decided_by")),
                name="adjustment_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard_id} {self.month} {self.points:+g}"
