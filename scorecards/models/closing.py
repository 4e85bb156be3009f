"""Closed months: what was frozen at a closing, and the requests to open them again."""

from django.db import models
from django.db.models import F, Q

from organisation.models import Unit, User
from scorecards.choices import ReopeningState
from scorecards.models.month import MonthField
from scorecards.models.scorecard import Scorecard


class Reopening(models.Model):
    """A request to open a closed month of a unit, with all units below if wanted; another person decides."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reopenings")
    month = MonthField()
    below = models.BooleanField(default=True)
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=ReopeningState.choices, default=ReopeningState.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReopeningState.values), name="reopening_state_known"),
            models.CheckConstraint(
                condition=Q(state=ReopeningState.ASKED, decided_by__isnull=True)
                | (~Q(state=ReopeningState.ASKED) & Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="reopening_two_people",
            ),
            models.UniqueConstraint(fields=["unit", "month"], condition=Q(state=ReopeningState.ASKED), name="reopening_asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month}"


class Closing(models.Model):
    """One revision of a scorecard's month. frozen: the exchange document as it was, of this month alone; engine: the version of
    `scoring` that computed the scores; reopened_at: since when it is no longer in force."""

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="closings")
    month = MonthField()
    revision = models.PositiveIntegerField()
    frozen = models.JSONField()
    engine = models.CharField(max_length=20)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField()
    reopening = models.ForeignKey(Reopening, models.PROTECT, null=True, related_name="closings")
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["scorecard_id", "month", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "month", "revision"], name="closing_revision_once"),
            models.UniqueConstraint(fields=["scorecard", "month"], condition=Q(reopened_at__isnull=True), name="closing_in_force_once"),
            models.CheckConstraint(
                condition=Q(reopening__isnull=True, reopened_at__isnull=True) | Q(reopening__isnull=False, reopened_at__isnull=False),
                name="closing_reopened_by_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard_id} {self.month} r{self.revision}"
