"""Cause and effect between two objectives."""

from django.db import models
from django.db.models import F, Q

from scorecards.models.objective import Objective


class Link(models.Model):
    cause = models.ForeignKey(Objective, models.CASCADE, related_name="effects")
    effect = models.ForeignKey(Objective, models.CASCADE, related_name="causes")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cause", "effect"], name="link_once"),
            models.CheckConstraint(condition=~Q(cause=F("effect")), name="link_joins_two"),
        ]

    def __str__(self) -> str:
        return f"{self.cause_id} → {self.effect_id}"
