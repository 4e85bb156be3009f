"""Units as a tree of any depth, and its closure: a row for each unit and each unit above it, itself included."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisation.choices import UnitKind
from organisation.models.names import Named

code_shape = RegexValidator(
    r"^[A-Za-z0-9_.\-]{1,40}\Z",
    _("Use letters, digits, _ - and . only, at most 40 of them."),
)


class Unit(Named):
    code = models.CharField(_("Code"), max_length=40, unique=True, validators=[code_shape])
    kind = models.CharField(_("Kind"), max_length=20, choices=UnitKind.choices, default=UnitKind.OTHER)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Superior unit"))
    from_date = models.DateField(_("First day"), null=True, blank=True)
    until_date = models.DateField(_("Last day"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["code"]
        verbose_name = _("unit")
        constraints = [
            models.CheckConstraint(
                condition=Q(from_date__isnull=True) | Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                name="unit_dates_in_order",
            ),
            models.CheckConstraint(condition=Q(kind__in=UnitKind.values), name="unit_kind_known"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_not_its_own_parent"),
        ]


class UnitPath(models.Model):
    """above is below itself (distance 0) or one of the units over it."""

    above = models.ForeignKey(Unit, models.CASCADE, related_name="paths_down")
    below = models.ForeignKey(Unit, models.CASCADE, related_name="paths_up")
    distance = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["above", "below"], name="unit_path_once")]
        indexes = [models.Index(fields=["below", "above"], name="unit_path_up")]
