"""Versions of a scorecard: drafts with their steps, what is in review, what was approved and from which month it holds."""

from django.db import models
from django.db.models import Q

from organisation.models import Unit, User
from scorecards.choices import StepVerb, VersionState
from scorecards.models.month import MonthField

OPEN = [VersionState.DRAFT, VersionState.IN_REVIEW]


class Version(models.Model):
    """What a unit's own scorecard of a year is to say from a month on. document: an exchange document without readings and
    adjustments; base: the same of the scorecard from which the draft began, null where there was none; step: the number of the
    step that the document stands at; steps with higher numbers have been undone. edits grows with every step, undone or not;
    editors: the ids of all who worked on it. template: the approved version of a unit above from which it comes, and locked: pairs
    of a level and a code of nodes that are to stay as the template has them."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="versions")
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    from_month = MonthField()
    reason = models.CharField(max_length=500, blank=True)
    document = models.JSONField()
    base = models.JSONField(null=True)
    step = models.PositiveIntegerField(default=0)
    edits = models.PositiveIntegerField(default=0)
    editors = models.JSONField(default=list)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    template = models.ForeignKey("self", models.PROTECT, null=True, related_name="copies")
    locked = models.JSONField(default=list)
    begun_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["unit", "year"], condition=Q(state__in=OPEN), name="version_open_once"),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="version_state_known"),
            models.CheckConstraint(condition=Q(year__gte=1900, year__lte=2999), name="version_year"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year} v{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == VersionState.DRAFT

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Step(models.Model):
    """One change of a draft, and the whole document after it; step 0 is how the draft began."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    verb = models.CharField(max_length=20, choices=StepVerb.choices)
    about = models.CharField(max_length=200, blank=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["version_id", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="step_number_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.number} {self.verb}"


class Remark(models.Model):
    """What was said of a version at its review."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="remarks")
    text = models.TextField()
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]
