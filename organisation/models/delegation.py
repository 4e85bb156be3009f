"""Who stands in for whom, from a day until a day."""

from django.db import models
from django.db.models import F, Q

from organisation.models.user import User


class Delegation(models.Model):
    """The deputy is given the person's work to do on those days; rights come from the deputy's own roles."""

    person = models.ForeignKey(User, models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(User, models.PROTECT, related_name="delegated")
    from_date = models.DateField()
    until_date = models.DateField()

    class Meta:
        ordering = ["-until_date", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until_date__gte=F("from_date")), name="delegation_dates_in_order"),
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="delegation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} by {self.deputy_id}"
