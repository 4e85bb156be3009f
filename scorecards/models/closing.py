"""Closed months: what was frozen at a closing, the requests to reopen, and those to correct a value of a closed month."""

from django.db import models
from django.db.models import F, Q

from organisation.models import Unit, User
from scorecards.choices import CorrectionState, ReopeningState
from scorecards.models.measure import Measure
from scorecards.models.month import MonthField
from scorecards.models.reading import HOLDS_MARK, HOLDS_RATIO, HOLDS_VALUE
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
