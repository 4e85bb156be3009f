"""A strategic objective: the second level of a scorecard."""

from django.db import models

from organisation.models.names import Named
from organisation.models.unit import code_shape
from scorecards.models.perspective import Perspective
from scorecards.models.scorecard import Scorecard
from scorecards.models.weight import DatedWeight


class Objective(Named):
    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="objectives")
    perspective = models.ForeignKey(Perspective, models.CASCADE, related_name="objectives")
    code = models.CharField(max_length=40, validators=[code_shape])
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["perspective__position", "position"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "code"], name="objective_code_once")]


class ObjectiveWeight(DatedWeight):
    node = models.ForeignKey(Objective, models.CASCADE, related_name="weights")
