"""Posts, and the template of measures that goes with each."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit
from organisation.models.names import Named
from organisation.models.unit import code_shape
from staff.choices import Category, LineKind


class Post(Named):
    """A kind of post in the unit and everything below it. minimum_service: the share of a period (0 to 1) that an officer must have
    served to be scored in it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    code = models.CharField(_("Code"), max_length=40, validators=[code_shape])
    category = models.CharField(_("Category"), max_length=20, choices=Category.choices)
    minimum_service = models.FloatField(default=0.5)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["unit__code", "code"]
        verbose_name = _("post")
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="post_code_once"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="post_category_known"),
            models.CheckConstraint(condition=Q(minimum_service__gte=0, minimum_service__lte=1), name="post_minimum_service"),
        ]


class PostLine(models.Model):
    """One measure of the template. objective: the code of the unit's objective that it carries; code: of the unit's measure, or of the
    duty's own; measure: an own duty as documents write measures, null otherwise; share: of the unit's work, in percent, null: all
    holders alike; points: null: as the unit's."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=15, choices=LineKind.choices)
    objective = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    weight = models.FloatField()
    share = models.FloatField(null=True)
    minimum_count = models.FloatField(null=True)
    points = models.JSONField(null=True)
    measure = models.JSONField(null=True)

    class Meta:
        ordering = ["post_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["post", "code"], name="post_line_once"),
            models.CheckConstraint(condition=Q(kind__in=LineKind.values), name="post_line_kind_known"),
            models.CheckConstraint(condition=Q(kind=LineKind.OWN) ^ Q(measure__isnull=True), name="post_line_own_is_defined"),
            models.CheckConstraint(condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=100), name="post_line_share"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.code}"
