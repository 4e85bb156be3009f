"""A unit's scorecard of a year."""

from calendar import monthrange
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit
from organisation.models.names import Named, in_language
from scorecards.choices import DEFAULT_BANDS, DEFAULT_THRESHOLDS, Counts, MissingPolicy
from scorecards.models.month import Month


def default_bands() -> list[list[Any]]:
    return [list(band) for band in DEFAULT_BANDS]


def default_thresholds() -> dict[str, float]:
    return dict(DEFAULT_THRESHOLDS)


class Scorecard(Named):
    """officer: the staff number of the person whose scorecard it is, empty for the unit's own. bands: pairs of a name and a lower
    bound, rising from 0. tension_thresholds: low, moved, wide, in points. published_on: as of which day all scores were last
    computed. version grows with every change of what the scorecard says, readings and adjustments aside."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="scorecards")
    officer = models.CharField(max_length=40, blank=True)
    year = models.PositiveIntegerField()
    missing_policy = models.CharField(max_length=10, choices=MissingPolicy.choices, default=MissingPolicy.EXCLUDE)
    counts = models.CharField(max_length=10, choices=Counts.choices, default=Counts.SUBMITTED)
    deadline_day = models.PositiveIntegerField(default=10)
    minimum_completeness = models.FloatField(default=0.5)
    adjustment_limit = models.FloatField(default=10)
    tension_thresholds = models.JSONField(default=default_thresholds)
    bands = models.JSONField(default=default_bands)
    illustrative = models.BooleanField(_("Invented data"), default=False)
    provenance = models.TextField(blank=True)
    provenance_zh = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    published_on = models.DateField(null=True)

    class Meta:
        ordering = ["unit__code", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "officer", "year"], name="scorecard_once_a_year"),
            models.CheckConstraint(condition=Q(missing_policy__in=MissingPolicy.values), name="scorecard_missing_policy_known"),
            models.CheckConstraint(condition=Q(counts__in=Counts.values), name="scorecard_counts_known"),
            models.CheckConstraint(condition=Q(year__gte=1900, year__lte=2999), name="scorecard_year"),
            models.CheckConstraint(condition=Q(adjustment_limit__gte=0), name="scorecard_adjustment_limit"),
            models.CheckConstraint(condition=Q(deadline_day__gte=1, deadline_day__lte=31), name="scorecard_deadline_day"),
            models.CheckConstraint(
                condition=Q(minimum_completeness__gte=0, minimum_completeness__lte=1), name="scorecard_minimum_completeness"
            ),
        ]
        indexes = [models.Index(fields=["officer"], name="scorecard_by_officer")]

    @property
    def address(self) -> str:
        """How addresses name whose it is: the unit's code, with the officer's staff number behind a tilde."""
        return f"{self.unit.code}~{self.officer}" if self.officer else self.unit.code

    def deadline_of(self, month: Month) -> date:
        """The last day on which a value for that month is in time (rule book §2)."""
        following = month + 1
        return following.first_day.replace(day=min(self.deadline_day, monthrange(following.year, following.number)[1]))

    @property
    def provenance_label(self) -> str:
        return in_language(self.provenance, self.provenance_zh)
