"""The first level of a scorecard."""

from django.db import models

from organisation.models.names import Named
from organisation.models.unit import code_shape
from scorecards.models.scorecard import Scorecard
from scorecards.models.weight import DatedWeight


class Perspective(Named):
    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="perspectives")
    code = models.CharField(max_length=40, validators=[code_shape])
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "code"], name="perspective_code_once")]


class PerspectiveWeight(DatedWeight):
    node = models.ForeignKey(Perspective, models.CASCADE, related_name="weights")
