"""Cause and effect between two objectives."""

from django.db import models
from django.db.models import F, Q

from scorecards.choices import Strength
from scorecards.models.objective import Objective


class Link(models.Model):
    """lag: after how many months the effect is expected."""

    cause = models.ForeignKey(Objective, models.CASCADE, related_name="effects")
    effect = models.ForeignKey(Objective, models.CASCADE, related_name="causes")
    strength = models.CharField(max_length=10, choices=Strength.choices, default=Strength.MEDIUM)
    lag = models.PositiveIntegerField(default=0)
    hypothesis = models.TextField(blank=True)
    hypothesis_zh = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cause", "effect"], name="link_once"),
            models.CheckConstraint(condition=Q(strength__in=Strength.values), name="link_strength_known"),
            models.CheckConstraint(condition=~Q(cause=F("effect")), name="link_joins_two"),
        ]

    def __str__(self) -> str:
        return f"{self.cause_id} → {self.effect_id}"
