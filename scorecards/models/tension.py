"""Pairs of measures that pull apart, and the review items that their states open (rule book §7)."""

from django.db import models
from django.db.models import Q

from organisation.models import User
from organisation.models.names import Named
from organisation.models.unit import code_shape
from scorecards.choices import TensionAnswer, TensionState
from scorecards.models.measure import Measure
from scorecards.models.month import MonthField
from scorecards.models.scorecard import Scorecard


class Tension(Named):
    """Side A holds the control measures, side B the service measures."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="tensions")
    code = models.CharField(max_length=40, validators=[code_shape])
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "code"], name="tension_code_once")]


class TensionMember(models.Model):
    """side: a or b. A measure stands on one side of a pair."""

    tension = models.ForeignKey(Tension, models.CASCADE, related_name="members")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="tension_members")
    side = models.CharField(max_length=1)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["tension_id", "side", "position"]
        constraints = [
            models.UniqueConstraint(fields=["tension", "measure"], name="tension_member_once"),
            models.CheckConstraint(condition=Q(side__in=["a", "b"]), name="tension_member_side"),
        ]

    def __str__(self) -> str:
        return f"{self.tension_id} {self.side} {self.measure_id}"


class TensionReview(models.Model):
    """A month in which a pair was strained or traded, and what was answered last; earlier answers stand in the audit lines."""

    tension = models.ForeignKey(Tension, models.CASCADE, related_name="reviews")
    period = MonthField()
    state = models.CharField(max_length=10, choices=TensionState.choices)
    opened_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=TensionAnswer.choices, blank=True)
    text = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-period", "tension_id"]
        constraints = [models.UniqueConstraint(fields=["tension", "period"], name="tension_review_once_a_month")]

    def __str__(self) -> str:
        return f"{self.tension_id} {self.period}"
