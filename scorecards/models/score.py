"""A published score: one row a scorecard, period and window, with the scores of its nodes inside."""

from django.db import models

from organisation.models import Unit
from scorecards.choices import Window
from scorecards.models.arrays import FloatArrayField
from scorecards.models.layout import Layout
from scorecards.models.month import MonthField
from scorecards.models.scorecard import Scorecard


class Score(models.Model):
    """node_* hold perspectives, then objectives, then measures, in the order of the layout; values and lost hold measures,
    goals two numbers a measure: the lowest and the highest value that earns 100. cap: of the veto that holds.
    Rows are derived and written by the hundred thousand, hence without foreign keys in the database and with `score_once` as the only
    index besides the key: what is wanted of a unit or an officer is found by their scorecards.
    computed_at: since when the row says this; a recompute that finds the same leaves it.
    node_bands and reasons: one character a node (`assembly.write` says which).
    published_as: the revision as which the row was closed, 0 while it follows its readings; revision: 0 for the row that is shown, that
    number for one that a reopening has put aside. The database lets nobody change a closed row (`models.guard`)."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="scores", db_constraint=False, db_index=False)
    unit = models.ForeignKey(Unit, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    officer = models.CharField(max_length=40, blank=True)
    layout = models.ForeignKey(Layout, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    period = MonthField()
    window = models.CharField(max_length=7, choices=Window.choices)
    revision = models.PositiveIntegerField(default=0)
    published_as = models.PositiveIntegerField(default=0, db_default=0)
    score = models.FloatField(null=True)
    base = models.FloatField(null=True)
    adjustment = models.FloatField(default=0)
    cap = models.FloatField(null=True)
    completeness = models.FloatField(null=True)
    band = models.CharField(max_length=500)
    node_scores = FloatArrayField()
    node_completeness = FloatArrayField()
    node_bands = models.TextField()
    values = FloatArrayField()
    reasons = models.TextField()
    goals = FloatArrayField()
    lost = FloatArrayField()
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["scorecard_id", "period", "window"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "period", "window", "revision"], name="score_once"),
            models.CheckConstraint(condition=models.Q(window__in=Window.values), name="score_window_known"),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard_id} {self.period} {self.window}"
