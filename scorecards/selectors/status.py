"""Bands as people see them: a tone (shape and colour) and a word."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from scorecards.choices import DEFAULT_BANDS, INSUFFICIENT, NO_BAND, Reason

DEFAULT_NAMES = [name for name, _floor in DEFAULT_BANDS]
TONES_WITHOUT = {Reason.NOT_DUE: "idle", Reason.NOT_APPLICABLE: "excused"}
DEFAULT_WORDS = {"red": _("Off target"), "amber": _("At risk"), "green": _("On target")}


@dataclass(frozen=True)
class Status:
    """tone: good, warn, bad or none; late, excused or idle where a measure has no score for that reason.
    provisional: too little was reported for a band."""

    tone: str
    word: str
    provisional: bool = False


def status_of(band: str, names: list[str]) -> Status:
    """names: of all bands, lowest first."""
    if band == NO_BAND:
        return Status("none", gettext("No score"))
    if band == INSUFFICIENT:
        return Status("none", gettext("Too little data"), provisional=True)
    place = names.index(band)
    tone = "good" if place == len(names) - 1 else "bad" if place == 0 else "warn"
    return Status(tone, str(DEFAULT_WORDS.get(band, band)) if names == DEFAULT_NAMES else band)


def status_without(reason: Reason, late: bool) -> Status:
    """Of a measure without a score: what is late, missing, not applicable and not due are four things."""
    if reason == Reason.MISSING and late:
        return Status("late", gettext("missing, the deadline has passed"))
    return Status(TONES_WITHOUT.get(reason, "none"), str(reason.label))


def legend(bands: list[list[Any]]) -> list[tuple[Status, str]]:
    """Each band, best first, with the scores that fall in it."""
    rows = []
    above: float | None = None
    names = [name for name, _floor in bands]
    for name, floor in reversed(bands):
        text = pgettext("band", "%(floor)s and over") % {"floor": f"{floor:g}"} if above is None else f"{floor:g}–{above - 0.1:g}"
        rows.append((status_of(name, names), text))
        above = floor
    return rows
