"""The order of the numbers in published rows: which node each stands for, and its weight at that time."""

from django.db import models

from scorecards.models.scorecard import Scorecard


class Layout(models.Model):
    """nodes: {"bands": [names], "perspectives": [...], "objectives": [...], "measures": [...]}, each a list of
    objects with `id`, `code`, `parent`
    (the position of its parent in the level above), `weight` (as in force), `share` (100·w/Σw) and `printed` (two decimals)."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="layouts")
    checksum = models.CharField(max_length=64)
    nodes = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scorecard", "checksum"], name="layout_once")]

    def __str__(self) -> str:
        return self.checksum
