"""Versions of a staff scorecard, each signed by the officer and whoever leads her."""

from django.db import models
from django.db.models import Q

from organisation.models import User
from scorecards.models import Scorecard
from scorecards.models.month import MonthField
from staff.choices import AgreementState


class Agreement(models.Model):
    """number 1 is the scorecard as it was given; later ones are changes from a month on. changes: for each measure's code the new weight
    and points, null for the first; document: what was agreed, as documents write it, frozen by the second signature."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="agreements")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=AgreementState.choices, default=AgreementState.DRAFT)
    from_month = MonthField()
    due_on = models.DateField()
    reason = models.CharField(max_length=500, blank=True)
    changes = models.JSONField(null=True)
    document = models.JSONField(null=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    talked_on = models.DateField(null=True)
    officer_signed_at = models.DateTimeField(null=True)
    chief = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    chief_signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["scorecard_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "number"], name="agreement_number_once"),
            models.UniqueConstraint(fields=["scorecard"], condition=Q(state=AgreementState.DRAFT), name="agreement_open_once"),
            models.CheckConstraint(condition=Q(state__in=AgreementState.values), name="agreement_state_known"),
            models.CheckConstraint(
                condition=~Q(state=AgreementState.AGREED) | Q(officer_signed_at__isnull=False, chief_signed_at__isnull=False),
                name="agreement_two_signatures",
            ),
            models.CheckConstraint(condition=Q(number=1) ^ Q(changes__isnull=False), name="agreement_changes_of_later_ones"),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="agreement_by_state")]

    def __str__(self) -> str:
        return f"{self.scorecard_id} v{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state == AgreementState.DRAFT

    @property
    def is_untouched(self) -> bool:
        """Whether it is the first one and nobody has signed it yet."""
        return self.number == 1 and self.is_open and self.officer_signed_at is None and self.chief_signed_at is None
