"""A person's role in a unit and everything below it, from a day until a day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisation.choices import TECHNICAL_ROLES, Role
from organisation.models.unit import Unit
from organisation.models.user import User


class Membership(models.Model):
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name=_("Unit"))
    role = models.CharField(_("Role"), max_length=30, choices=Role.choices)
    from_date = models.DateField(_("First day"))
    until_date = models.DateField(_("Last day"), null=True, blank=True)

    class Meta:
        ordering = ["user__username", "unit__code", "role", "from_date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")), name="membership_dates_in_order"
            ),
            models.UniqueConstraint(fields=["user", "unit", "role", "from_date"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(role__in=TECHNICAL_ROLES, until_date__isnull=True), name="membership_one_technical_role"
            ),
        ]
        indexes = [models.Index(fields=["unit", "role"], name="membership_by_unit")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.unit_id}"
