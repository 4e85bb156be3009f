"""The words of the rule book."""

from string import ascii_letters, digits

from django.db import models
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    SUM = "sum", _("Sum")
    AVERAGE = "average", _("Average")
    WEIGHTED = "weighted", _("Weighted average")
    RATIO = "ratio", _("Ratio")
    LATEST = "latest", _("Latest")
    MINIMUM = "minimum", _("Minimum")
    MAXIMUM = "maximum", _("Maximum")


class Better(models.TextChoices):
    HIGHER = "higher", _("higher is better")
    LOWER = "lower", _("lower is better")
    IN_RANGE = "in_range", _("in range is best")


class Frequency(models.TextChoices):
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    HALF_YEARLY = "half_yearly", _("Half-yearly")
    YEARLY = "yearly", _("Yearly")


class Preset(models.TextChoices):
    TARGET = "target", _("Target")
    STRETCH = "stretch", _("Stretch")
    RED_FLAG = "red_flag", _("Red flag")
    RANGE = "range", _("Range")
    PASS_FAIL = "pass_fail", _("Pass or fail")
    CUSTOM = "custom", _("Custom")
    UNSCORED = "unscored", _("Not scored")


class ReadingState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    VERIFIED = "verified", _("Verified")
    RETURNED = "returned", _("Returned")


class Source(models.TextChoices):
    ENTERED = "entered", _("Entered")
    FORMULA = "formula", _("Formula")
    ROLLUP = "rollup", _("Roll-up")
    MIRROR = "mirror", _("Mirror")


class Across(models.TextChoices):
    SUM = "sum", _("Sum")
    AVERAGE = "average", _("Average")
    MINIMUM = "minimum", _("Minimum")
    MAXIMUM = "maximum", _("Maximum")


class Kind(models.TextChoices):
    """Whether a measure moves before the outcome or tells of it."""

    LEADING = "leading", _("Leading")
    LAGGING = "lagging", _("Lagging")


class Strength(models.TextChoices):
    """How much of the effect a cause is expected to explain."""

    WEAK = "weak", _("Weak")
    MEDIUM = "medium", _("Medium")
    STRONG = "strong", _("Strong")


class VersionState(models.TextChoices):
    """Of a version of a scorecard."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    DISCARDED = "discarded", _("Discarded")


class StepVerb(models.TextChoices):
    """What one step of a draft did."""

    BEGIN = "begin", _("began")
    MOVE = "move", _("moved")
    LINK = "link", _("linked")
    UNLINK = "unlink", _("unlinked")
    ARRANGE = "arrange", _("arranged")
    ADD = "add", _("added")
    EDIT = "edit", _("edited")
    REMOVE = "remove", _("removed")
    WEIGHTS = "weights", _("weighed")


class AdjustmentState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class TensionState(models.TextChoices):
    """Of a tension pair; the first that holds (rule book §7)."""

    UNKNOWN = "unknown", _("Not known")
    BOTH_LOW = "both_low", _("Both low")
    TRADED = "traded", _("One bought with the other")
    STRAINED = "strained", _("Strained")
    BALANCED = "balanced", _("Balanced")


class TensionAnswer(models.TextChoices):
    ACCEPT = "accept", _("Accept, with a reason")
    ACTION = "action", _("Start an action")
    TARGET = "target", _("Change a target")


class MissingPolicy(models.TextChoices):
    EXCLUDE = "exclude", _("left out")
    ZERO = "zero", _("scores zero after its deadline")


class Counts(models.TextChoices):
    SUBMITTED = "submitted", _("submitted or verified values")
    VERIFIED = "verified", _("verified values only")


class Window(models.TextChoices):
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter to date")
    YEAR = "year", _("Year to date")


class Reason(models.TextChoices):
    """Why a value or a score is not there, in the order in which it is asked."""

    NOT_DUE = "not_due", _("not due in this time")
    NOT_APPLICABLE = "not_applicable", _("not applicable")
    ZERO = "zero", _("nothing reported by the deadline: counts 0")
    MISSING = "missing", _("missing")
    NO_DIVISOR = "no_divisor", _("a divisor is 0")
    NO_OPERAND = "no_operand", _("a measure that it is computed from has no value")
    NO_TARGET = "no_target", _("no target in force")
    UNSCORED = "unscored", _("not scored")


STEPS: dict[str, int] = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6, Frequency.YEARLY: 12}
COUNTED_STATES = {
    Counts.SUBMITTED: [ReadingState.SUBMITTED, ReadingState.VERIFIED],
    Counts.VERIFIED: [ReadingState.VERIFIED],
}
CURVES: dict[str, list[float]] = {
    Preset.TARGET: [0, 100],
    Preset.STRETCH: [0, 100, 120],
    Preset.RED_FLAG: [0, 60, 100, 120],
    Preset.RANGE: [0, 100, 100, 0],
    Preset.PASS_FAIL: [0, 100],
}
POINT_LABELS = {
    Preset.TARGET: [_("Baseline"), _("Target")],
    Preset.STRETCH: [_("Baseline"), _("Target"), _("Stretch")],
    Preset.RED_FLAG: [_("Floor"), _("Red flag"), _("Target"), _("Stretch")],
    Preset.RANGE: [_("Low limit"), _("Low"), _("High"), _("High limit")],
    Preset.PASS_FAIL: [_("Goal, missed"), _("Goal, reached")],
}
DIVIDED_METHODS = {Method.RATIO, Method.WEIGHTED}
REVIEWED_STATES = {TensionState.TRADED, TensionState.STRAINED}
STANDARD_PERSPECTIVES = [
    ("C", "Customers", "服务对象"),
    ("P", "Internal processes", "内部流程"),
    ("L", "Learning and growth", "学习与成长"),
    ("F", "Finance", "财务"),
]
NATIONAL_MONTH = "national_month"
DEFAULT_THRESHOLDS = {"low": 60, "moved": 5, "wide": 15}
DEFAULT_BANDS = [["red", 0], ["amber", 60], ["green", 85]]
NO_BAND = "none"
INSUFFICIENT = "insufficient"

NOTHING_LETTER = "-"
INSUFFICIENT_LETTER = "?"
BAND_LETTERS = ascii_letters + digits
REASON_LETTERS: dict[str, str] = {
    Reason.NOT_DUE: "a",
    Reason.NOT_APPLICABLE: "b",
    Reason.ZERO: "c",
    Reason.MISSING: "d",
    Reason.NO_DIVISOR: "e",
    Reason.NO_TARGET: "f",
    Reason.UNSCORED: "g",
    Reason.NO_OPERAND: "h",
}
