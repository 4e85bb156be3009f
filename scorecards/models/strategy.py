"""What a unit is for and where it wants to go: mission, vision, values, strategic themes."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit
from organisation.models.names import Named, in_language
from organisation.models.unit import code_shape


class Strategy(models.Model):
    """Of one unit, in both languages."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="strategy")
    mission = models.TextField(_("Mission, English"), blank=True)
    mission_zh = models.TextField(_("Mission, Chinese"), blank=True)
    vision = models.TextField(_("Vision, English"), blank=True)
    vision_zh = models.TextField(_("Vision, Chinese"), blank=True)
    values = models.TextField(_("Values, English"), blank=True)
    values_zh = models.TextField(_("Values, Chinese"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["unit__code"]

    def __str__(self) -> str:
        return str(self.unit_id)

    @property
    def mission_label(self) -> str:
        return in_language(self.mission, self.mission_zh)

    @property
    def vision_label(self) -> str:
        return in_language(self.vision, self.vision_zh)

    @property
    def values_label(self) -> str:
        return in_language(self.values, self.values_zh)


YEARS = [MinValueValidator(1900), MaxValueValidator(2999)]


class Theme(Named):
    """A strand of the strategy with its horizon, in years."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="themes")
    code = models.CharField(_("Code"), max_length=40, validators=[code_shape])
    first_year = models.PositiveIntegerField(_("From year"), validators=YEARS)
    last_year = models.PositiveIntegerField(_("Until year"), validators=YEARS)

    class Meta:
        ordering = ["strategy_id", "first_year", "code"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "code"], name="theme_code_once"),
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="theme_years_in_order"),
        ]
