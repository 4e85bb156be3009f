"""A measure, its weights and its targets."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisation.models.names import Named, in_language
from scorecards.choices import STEPS, Across, Better, Frequency, Kind, Method, Preset, Source
from scorecards.models.month import Month, MonthField
from scorecards.models.objective import Objective
from scorecards.models.scorecard import Scorecard
from scorecards.models.weight import DatedWeight

measure_code_shape = RegexValidator(
    r"^[A-Za-z][A-Za-z0-9_.\-]{0,39}\Z", _("Begin with a letter; use letters, digits, _ - and . only, at most 40 of them.")
)


MIRRORS = Q(source=Source.MIRROR, preset="", method="", frequency="", better="")


class Measure(Named):
    """curve_scores: 2 to 8 scores, empty where the measure is not scored; factor: of a ratio, and of nothing else.
    formula: of the source `formula`; across: of a roll-up that is not divided; veto_cap: the most that the scorecard's score can
    be while this measure scores below 100. lowest,
    highest: between which every month's value can lie at all. minimum_count: the least divisor with which a ratio or weighted
    average has a score. A mirror has no preset, direction, curve, method, frequency and targets of its own."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="measures")
    objective = models.ForeignKey(Objective, models.CASCADE, related_name="measures")
    code = models.CharField(max_length=40, validators=[measure_code_shape])
    position = models.PositiveIntegerField()
    unit = models.CharField(max_length=500, blank=True)
    better = models.CharField(max_length=10, choices=Better.choices, blank=True)
    preset = models.CharField(max_length=10, choices=Preset.choices, blank=True)
    curve_scores = models.JSONField(default=list)
    method = models.CharField(max_length=10, choices=Method.choices, blank=True)
    factor = models.FloatField(null=True)
    frequency = models.CharField(max_length=12, choices=Frequency.choices, blank=True)
    due_from = MonthField(null=True)
    due_until = MonthField(null=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.ENTERED)
    formula = models.CharField(max_length=500, blank=True)
    across = models.CharField(max_length=10, choices=Across.choices, blank=True)
    veto_cap = models.FloatField(null=True)
    lowest = models.FloatField(null=True)
    highest = models.FloatField(null=True)
    minimum_count = models.FloatField(null=True)
    owner = models.CharField(max_length=200, blank=True)
    data_source = models.CharField(max_length=500, blank=True)
    definition = models.TextField(blank=True)
    definition_zh = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, blank=True)

    class Meta:
        ordering = ["objective__perspective__position", "objective__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "code"], name="measure_code_once"),
            models.CheckConstraint(condition=Q(method__in=Method.values) | MIRRORS, name="measure_method_known"),
            models.CheckConstraint(condition=Q(preset__in=Preset.values) | MIRRORS, name="measure_preset_known"),
            models.CheckConstraint(condition=Q(frequency__in=Frequency.values) | MIRRORS, name="measure_frequency_known"),
            models.CheckConstraint(condition=Q(better__in=[*Better.values, ""]), name="measure_better_known"),
            models.CheckConstraint(
                condition=Q(method=Method.RATIO, factor__gt=0) | (~Q(method=Method.RATIO) & Q(factor__isnull=True)),
                name="measure_factor_of_ratio",
            ),
            models.CheckConstraint(
                condition=Q(due_from__isnull=True) | Q(due_until__isnull=True) | Q(due_until__gte=F("due_from")),
                name="measure_due_in_order",
            ),
            models.CheckConstraint(
                condition=Q(preset=Preset.UNSCORED) | ~Q(better="") | Q(source=Source.MIRROR), name="measure_scored_has_direction"
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="measure_source_known"),
            models.CheckConstraint(condition=Q(kind__in=[*Kind.values, ""]), name="measure_kind_known"),
            models.CheckConstraint(condition=Q(across__in=[*Across.values, ""]), name="measure_across_known"),
            models.CheckConstraint(condition=Q(source=Source.FORMULA) ^ Q(formula=""), name="measure_formula_of_formulas"),
            models.CheckConstraint(
                condition=Q(lowest__isnull=True) | Q(highest__isnull=True) | Q(highest__gte=F("lowest")), name="measure_limits_in_order"
            ),
            models.CheckConstraint(
                condition=Q(minimum_count__isnull=True) | Q(minimum_count__gt=0, method__in=[Method.RATIO, Method.WEIGHTED]),
                name="measure_minimum_count_of_divided",
            ),
            models.CheckConstraint(condition=Q(veto_cap__isnull=True) | Q(veto_cap__gte=0, veto_cap__lte=120), name="measure_veto_cap"),
        ]

    @property
    def definition_label(self) -> str:
        return in_language(self.definition, self.definition_zh)

    @property
    def is_entered(self) -> bool:
        return self.source == Source.ENTERED

    @property
    def refers_elsewhere(self) -> bool:
        """Whether it is computed from measures of other scorecards."""
        return self.source in {Source.ROLLUP, Source.MIRROR}

    @property
    def has_two_parts(self) -> bool:
        """Whether a reading holds two numbers."""
        return len(self.parts) > 1

    @property
    def parts(self) -> tuple[str, ...]:
        return parts_of(self.method)

    def is_due_in(self, month: Month) -> bool:
        """Whether a reading is taken for that month."""
        return self.is_entered and due_in(self.frequency, self.due_from, self.due_until, month)


def parts_of(method: str) -> tuple[str, ...]:
    """The names of the numbers that a reading holds (rule book §2), in the order in which they are typed."""
    return {Method.RATIO.value: ("numerator", "denominator"), Method.WEIGHTED.value: ("value", "volume")}.get(method, ("value",))


def due_in(frequency: str, due_from: int | None, due_until: int | None, month: Month) -> bool:
    """Whether a reading is due in that month (rule book §2, frequency)."""
    inside = (due_from is None or month >= due_from) and (due_until is None or month <= due_until)
    return inside and month.number % STEPS[frequency] == 0


class Contributor(models.Model):
    """What a computed measure is computed from: the operands of a formula in order of first appearance, the contributors of a
    roll-up, the one that a mirror shows."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="contributors")
    source = models.ForeignKey(Measure, models.PROTECT, related_name="dependants")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["measure_id", "position"]
        constraints = [models.UniqueConstraint(fields=["measure", "source"], name="contributor_once")]

    def __str__(self) -> str:
        return f"{self.measure_id} from {self.source_id}"


class MeasureWeight(DatedWeight):
    node = models.ForeignKey(Measure, models.CASCADE, related_name="weights")


class Target(models.Model):
    """points: the values at which the measure's curve_scores are reached; in force until the measure's next row."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="targets")
    from_month = MonthField()
    points = models.JSONField()

    class Meta:
        ordering = ["measure_id", "from_month"]
        constraints = [models.UniqueConstraint(fields=["measure", "from_month"], name="target_once_a_month")]

    def __str__(self) -> str:
        return f"{self.points} from {self.from_month}"
