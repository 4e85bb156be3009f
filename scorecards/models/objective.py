"""A strategic objective: the second level of a scorecard."""

from django.db import models

from organisation.models.names import Named, in_language
from organisation.models.unit import code_shape
from scorecards.models.perspective import Perspective
from scorecards.models.scorecard import Scorecard
from scorecards.models.weight import DatedWeight


class Objective(Named):
    """theme: the code of one of the unit's strategic themes. x, row: where it stands on the strategy map, x from 0 to 1000 across
    the lane, row from the top of it; null: where the map finds room. checkpoints: the scores wanted by later months."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="objectives")
    perspective = models.ForeignKey(Perspective, models.CASCADE, related_name="objectives")
    code = models.CharField(max_length=40, validators=[code_shape])
    position = models.PositiveIntegerField()
    description = models.TextField(blank=True)
    description_zh = models.TextField(blank=True)
    owner = models.CharField(max_length=200, blank=True)
    theme = models.CharField(max_length=40, blank=True)
    x = models.FloatField(null=True)
    row = models.PositiveIntegerField(null=True)
    checkpoints = models.JSONField(default=list)

    class Meta:
        ordering = ["perspective__position", "position"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "code"], name="objective_code_once")]

    @property
    def description_label(self) -> str:
        return in_language(self.description, self.description_zh)


class ObjectiveWeight(DatedWeight):
    node = models.ForeignKey(Objective, models.CASCADE, related_name="weights")
