"""Files of people, posts and assignments, on their way in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.models import JobRun
from organisation.models import User
from staff.choices import RosterState


class Roster(models.Model):
    """An uploaded workbook: read in the background, shown, confirmed by who may create people, ended by who may grant roles.
    rows: what each row asks for and what became of it."""

    actor = models.ForeignKey(User, models.PROTECT, related_name="rosters")
    name = models.CharField(_("File"), max_length=255)
    content = models.BinaryField()
    state = models.CharField(max_length=10, choices=RosterState.choices, default=RosterState.READING)
    fault = models.CharField(max_length=30, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    rows = models.JSONField(default=list)
    job = models.ForeignKey(JobRun, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=models.Q(state__in=RosterState.values), name="roster_state_known")]

    def __str__(self) -> str:
        return self.name
