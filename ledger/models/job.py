"""Long work that somebody started: how far it is, and how it ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class JobRun(models.Model):
    """kind: the outbox topic of its parts; place: the code of the unit it is about; arguments: what was asked for;
    total and done: parts. A part that fails is tried again until it succeeds or the job is cancelled."""

    kind = models.CharField(max_length=40)
    place = models.CharField(max_length=40, blank=True)
    arguments = models.JSONField()
    actor = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="job_not_overdone")]

    def __str__(self) -> str:
        return f"{self.kind} {self.done}/{self.total}"

    @property
    def is_open(self) -> bool:
        return self.state in {JobState.QUEUED, JobState.RUNNING}
