"""Performance talks, and what is to get better until the next one."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit, User


class Talk(models.Model):
    """Planned, held once there is a day of it, done once the officer has confirmed the notes of both."""

    person = models.ForeignKey(User, models.PROTECT, related_name="talks")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="talks")
    chief = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_on = models.DateField(_("Planned for"))
    held_on = models.DateField(_("Held on"), null=True, blank=True)
    chief_notes = models.TextField(_("What the chief says"), max_length=5000, blank=True)
    officer_notes = models.TextField(_("What the officer says"), max_length=5000, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-planned_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("chief")), name="talk_of_two"),
            models.CheckConstraint(condition=Q(confirmed_at__isnull=True) | Q(held_on__isnull=False), name="talk_confirmed_once_held"),
        ]
        indexes = [models.Index(fields=["unit", "held_on"], name="talk_by_unit")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.planned_on}"


class Improvement(models.Model):
    """One step of the improvement plan of a talk. measure: the code of the measure that it is to lift; training: what is to be learnt, and
    hours of it."""

    talk = models.ForeignKey(Talk, models.CASCADE, related_name="improvements")
    text = models.CharField(_("What is to get better"), max_length=500)
    measure = models.CharField(_("Measure"), max_length=40, blank=True)
    training = models.CharField(_("Training"), max_length=200, blank=True)
    hours = models.FloatField(_("Hours of training"), null=True, blank=True)
    due_on = models.DateField(_("Until"))
    done_on = models.DateField(null=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(hours__isnull=True) | Q(hours__gt=0), name="improvement_hours")]

    def __str__(self) -> str:
        return self.text[:40]
