"""The order of the numbers in published rows: which node each stands for, and its weight at that time."""

import json
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from scorecards.models.scorecard import Scorecard

MOST_READ = 256


@lru_cache(MOST_READ)
def _read(text: str) -> Any:
    return json.loads(text)


class NodesField(models.JSONField):
    """JSON that is read once for all the rows that say the same, as the months of a scorecard do; nobody changes what was read."""

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        return _read(value) if isinstance(value, str) else value

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


class Layout(models.Model):
    """nodes: {"bands": [names], "perspectives": [...], "objectives": [...], "measures": [...]}, each a list of
    objects with `id`, `code`, `parent`
    (the position of its parent in the level above), `weight` (as in force), `share` (100·w/Σw) and `printed` (two decimals)."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="layouts")
    checksum = models.CharField(max_length=64)
    nodes = NodesField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scorecard", "checksum"], name="layout_once")]

    def __str__(self) -> str:
        return self.checksum
