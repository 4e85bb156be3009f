"""What a measure of a staff scorecard carries."""

from django.db import models
from django.db.models import Q

from scorecards.models import Measure, Scorecard
from staff.choices import LineKind


class Line(models.Model):
    """A measure on an officer's scorecard, or on that of a unit between, and the unit's objective (by its code on that scorecard) to
    which it adds. parent: the code of the unit's measure of which it is the same or a part, empty for duties of one's own; share: of the
    work of that measure, in percent."""

    measure = models.OneToOneField(Measure, models.CASCADE, related_name="line")
    kind = models.CharField(max_length=15, choices=LineKind.choices)
    above = models.ForeignKey(Scorecard, models.CASCADE, related_name="lines_below")
    objective = models.CharField(max_length=40)
    parent = models.CharField(max_length=40, blank=True)
    share = models.FloatField(null=True)

    class Meta:
        ordering = ["measure_id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LineKind.values), name="line_kind_known"),
            models.CheckConstraint(condition=Q(kind=LineKind.OWN) ^ ~Q(parent=""), name="line_own_has_no_parent"),
            models.CheckConstraint(condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=100), name="line_share"),
        ]
        indexes = [models.Index(fields=["above", "parent"], name="line_by_parent")]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.kind} {self.parent or self.objective}"
