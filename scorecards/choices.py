"""The words of the rule book."""

from string import ascii_letters, digits

from django.db import models
from django.utils.translation import gettext_lazy as _

from communication.choices import Topic


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


class ReopeningState(models.TextChoices):
    ASKED = "asked", _("Asked for")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class CorrectionState(models.TextChoices):
    ASKED = "asked", _("Asked for")
    APPROVED = "approved", _("Approved, waits for the reopening")
    REFUSED = "refused", _("Refused")
    APPLIED = "applied", _("Written")


class UploadState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    REFUSED = "refused", _("Refused")
    MAPPING = "mapping", _("Columns to be assigned")
    READY = "ready", _("Ready to import")
    IMPORTING = "importing", _("Importing")
    IMPORTED = "imported", _("Imported")
    UNDONE = "undone", _("Undone")
    CANCELLED = "cancelled", _("Cancelled")


class RowKind(models.TextChoices):
    PROBLEM = "problem", _("Problems")
    CHANGE = "change", _("Changes")
    NEW = "new", _("New")
    SAME = "same", _("The same")


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
    TOO_FEW = "too_few", _("too few cases for a score")
    NO_TARGET = "no_target", _("no target in force")
    UNSCORED = "unscored", _("not scored")


COUNTING = {ReadingState.SUBMITTED, ReadingState.VERIFIED}
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
CLOSE_MONTH_JOB = "close_month"
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
    Reason.TOO_FEW: "i",
}

NOTICES = {
    "returned": Topic("arrow-back-up", _("%(who)s returned %(what)s of %(month)s: “%(why)s”"), _("Correct it")),
    "correction_approved": Topic(
        "circle-check", _("Your correction of %(what)s in %(month)s is approved; it is written when the month is reopened.")
    ),
    "correction_refused": Topic("alert-triangle", _("Your correction of %(what)s in %(month)s is refused: “%(why)s”")),
    "reopened": Topic("lock-open", _("%(month)s of %(unit)s is open again.")),
    "reopening_refused": Topic("lock", _("The reopening of %(month)s of %(unit)s is refused: “%(why)s”")),
    "close_refused": Topic("alert-triangle", _("The month could not be closed, since readings of these units are still open: %(units)s.")),
    "month_closed": Topic("lock", _("%(month)s of %(unit)s is closed. Corrections need a request.")),
    "import_read": Topic("file-import", _("%(file)s has been read; look at what would change."), _("Look and import")),
    "import_done": Topic("circle-check", _("%(file)s is imported. Values written: %(number)s.")),
    "due_soon": Topic("clock", _("%(month)s of %(unit)s is due on %(day)s. Values missing: %(number)s."), _("Enter values")),
    "overdue": Topic("clock", _("%(month)s of %(unit)s was due on %(day)s. Values missing: %(number)s."), _("Enter values")),
    "escalated": Topic("alert-triangle", _("%(unit)s is late with %(month)s, which was due on %(day)s. Values missing: %(number)s.")),
    "silent": Topic("alert-triangle", _("Nobody has reported %(what)s of %(unit)s for two months or more.")),
    "handed_over": Topic("users", _("What %(who)s reported in %(unit)s is handed over to you. Measures: %(number)s.")),
}

PART_LABELS = {"value": _("Value"), "volume": _("Volume"), "numerator": _("Numerator"), "denominator": _("Denominator")}
PARTS = tuple(PART_LABELS)
PROBLEMS = {
    "unknown_code": _("There is no measure %(code)s on the unit's scorecard of %(year)s."),
    "no_scorecard": _("The unit has no scorecard for %(year)s."),
    "foreign_unit": _("The row names the unit %(unit)s; this import is for %(own)s."),
    "no_code": _("The row has a value but no code."),
    "bad_month": _("“%(text)s” is no month. Write 2026-03."),
    "twice": _("%(code)s stands there more than once for %(month)s."),
    "merged": _("Row %(row)s has merged cells. Separate them, so that each value stands by itself."),
    "computed_measure": _("%(code)s is computed; no value is taken."),
    "not_begun": _("%(month)s has not begun yet."),
    "not_due": _("Nothing is due for %(code)s in %(month)s."),
    "closed": _("%(month)s is closed; this row is left out. Ask for a correction."),
    "wrong_parts": _("%(code)s needs all of these and nothing else: %(parts)s."),
    "negative": _("Denominators and volumes must be 0 or more."),
    "outside": _("The value lies outside what the measure can be."),
    "incomplete": _("%(month)s cannot be added up, because a row of it, or a row without a month, could not be read."),
    "bad_number": _("“%(text)s” in %(cell)s is no number. %(why)s"),
    "error_cell": _("%(cell)s holds the error %(text)s."),
    "formula_without_result": _("%(cell)s holds a formula without a stored result. Open the file in Excel, save it, upload it again."),
    "truth": _("%(cell)s holds true or false, not a number."),
    "date_as_value": _("%(cell)s is formatted as a date (%(text)s), not a number."),
    "changed_since": _("Somebody has changed this value since the preview; it was left as it is."),
}
FILE_FAULTS = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than %(detail)s MB."),
    "unknown_kind": _("This is neither an Excel workbook (.xlsx) nor a CSV file: %(detail)s"),
    "old_or_encrypted": _("This is an old Excel file (.xls), or one with a password. Save it as .xlsx without a password."),
    "damaged": _("The workbook is damaged and cannot be read. Open it in Excel and save it anew."),
    "no_workbook": _("There is no Excel workbook in this file."),
    "encrypted": _("The file has a password. Save it without one."),
    "macros": _("The workbook holds macros. Save it as .xlsx, without macros."),
    "external_links": _("The workbook refers to other files. Break the links in Excel (Data, Edit Links), then save it."),
    "embedded": _("The workbook holds embedded objects or controls. Remove them."),
    "too_many_parts": _("The workbook has more than %(detail)s parts inside. Save the sheet alone in a new workbook."),
    "part_twice": _("The workbook holds two parts of the same name and is not trusted."),
    "strange_part": _("The workbook holds a part with a strange name and is not trusted: %(detail)s"),
    "unpacks_too_large": _("The workbook unpacks to far more than it seems, and is not read."),
    "entities": _("The workbook declares entities in its XML and is not trusted: %(detail)s"),
    "hidden_sheet": _("The sheet “%(detail)s” is hidden and holds data. Show it or delete it."),
    "several_sheets": _("Several sheets hold data: %(detail)s. Keep one."),
    "too_many_rows": _("There are more than %(detail)s rows. Split the file; a stray cell far below counts too."),
    "too_many_columns": _("There are more than %(detail)s columns. Remove what is not needed; a stray cell far to the right counts too."),
    "too_many_values": _("There are more than %(detail)s values in the file. Split it."),
    "too_much_text": _("There is more text in the file than can be read."),
    "not_text": _("The CSV file is not text that can be read. Save it as UTF-8."),
    "bad_csv": _("The CSV file is damaged: %(detail)s"),
    "too_slow": _("Reading the file took longer than %(detail)s seconds. Split it."),
    "no_header": _("No row with the names of the columns is found. The first row with two or more cells must hold them."),
    "no_rows": _("There are no rows below the names of the columns."),
    "header_twice": _("Two columns are called “%(detail)s”. Give each its own name."),
}
