"""Measures ready to be taken into a scorecard."""

from django.db import models

from organisation.models import Unit
from organisation.models.names import Named
from scorecards.models.measure import measure_code_shape


class CatalogueMeasure(Named):
    """Offered to its unit and everything below it. definition: the measure as exchange documents write it, with one target row
    whose month is left to the taker; topic: of what objective it tells, for the search."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="catalogue_measures")
    code = models.CharField(max_length=40, validators=[measure_code_shape])
    topic = models.CharField(max_length=200, blank=True)
    definition = models.JSONField()
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["unit", "code"], name="catalogue_code_once")]
