"""Who holds which post where, and who is away; from a day until a day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit, User
from staff.choices import AbsenceKind
from staff.models.post import Post


class Posting(models.Model):
    """A person in a post of a unit; nobody holds two at a time. Ended ones stay as history."""

    person = models.ForeignKey(User, models.PROTECT, related_name="postings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="postings")
    from_date = models.DateField(_("First day"))
    until_date = models.DateField(_("Last day"), null=True)

    class Meta:
        ordering = ["person_id", "from_date"]
        constraints = [
            models.CheckConstraint(condition=Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")), name="posting_dates_in_order"),
            models.UniqueConstraint(fields=["person"], condition=Q(until_date__isnull=True), name="posting_one_open"),
            models.UniqueConstraint(fields=["person", "from_date"], name="posting_once_a_day"),
        ]
        indexes = [models.Index(fields=["unit", "until_date"], name="posting_by_unit")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.post_id} in {self.unit_id}"


class Absence(models.Model):
    """Days on which the person did not serve in the post: they count neither for nor against."""

    person = models.ForeignKey(User, models.PROTECT, related_name="absences")
    kind = models.CharField(_("Kind"), max_length=15, choices=AbsenceKind.choices)
    from_date = models.DateField(_("First day"))
    until_date = models.DateField(_("Last day"))
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta:
        ordering = ["-from_date"]
        constraints = [
            models.CheckConstraint(condition=Q(until_date__gte=F("from_date")), name="absence_dates_in_order"),
            models.CheckConstraint(condition=Q(kind__in=AbsenceKind.values), name="absence_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.from_date}"
