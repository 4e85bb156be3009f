"""Examples of every component, in every state, for those who build pages."""

from typing import Any

from django.utils.translation import gettext as _

from scorecards.choices import Reason
from scorecards.models import Month
from scorecards.selectors.measure import TrendPoint
from scorecards.selectors.status import Status, status_without
from scorecards.selectors.text import month_text

FALLING = [14.0, 13.6, 15.2, 16.1, 16.8, 16.2, 17.4, 17.0, None, 18.3, 19.9, 21.5, 27.8]
MONTHS = [Month.of(2025, 10) + i for i in range(13)]


def page() -> dict[str, Any]:
    tones = {"good": _("On target"), "warn": _("At risk"), "bad": _("Off target"), "none": _("No score")}
    without = [status_without(reason, late=reason == Reason.MISSING) for reason in (Reason.MISSING, Reason.NOT_APPLICABLE, Reason.NOT_DUE)]
    chart = [
        TrendPoint(month, month_text(month), value, 18.0, 18.0, "bad" if value and value > 18 else "good")
        for month, value in zip(MONTHS, FALLING, strict=True)
    ]
    return {
        "statuses": [Status(tone, word) for tone, word in tones.items()]
        + [Status("none", _("Too little data"), provisional=True)]
        + without,
        "falling": FALLING,
        "empty": [None] * 13,
        "flat": [4.0] * 13,
        "bullets": [(41.0, 78.0, "bad"), (72.5, 70.0, "warn"), (104.0, 99.0, "good"), (None, None, "none")],
        "counts": [("good", tones["good"], 14), ("warn", tones["warn"], 4), ("bad", tones["bad"], 1)],
        "chart": chart,
    }
