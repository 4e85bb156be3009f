"""What was done and happened on an officer's way through the year, and what officers suggest."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit, User
from staff.choices import LogKind, SuggestionState


class LogEntry(models.Model):
    """Written by the officer or by whoever leads her; reply: what the officer says to an entry of somebody else."""

    person = models.ForeignKey(User, models.PROTECT, related_name="log")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    day = models.DateField(_("Day"))
    kind = models.CharField(_("Kind"), max_length=15, choices=LogKind.choices)
    text = models.TextField(_("What happened"), max_length=2000)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    reply = models.CharField(_("The officer's reply"), max_length=1000, blank=True)

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=LogKind.values), name="log_kind_known")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day} {self.kind}"


class Suggestion(models.Model):
    """An officer's proposal to do something better, and the unit's answer."""

    person = models.ForeignKey(User, models.PROTECT, related_name="suggestions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="suggestions")
    title = models.CharField(_("In one line"), max_length=150)
    text = models.TextField(_("What could be done better, and how"), max_length=4000)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    answer = models.CharField(_("Answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SuggestionState.values), name="suggestion_state_known"),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=models.F("person")), name="suggestion_answered_by_another"
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="suggestion_by_unit")]

    def __str__(self) -> str:
        return self.title
