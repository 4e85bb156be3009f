"""What the scorecards say no to, in sentences for people."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ScorecardError(Exception):
    """A refusal whose text is shown to the person."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class NotDue(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("Nothing is due for this measure in this month, so no value is taken."))


class NotBegun(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("This month has not begun yet, so no value is taken."))


class FedAutomatically(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("The system itself counts this value; nothing is typed here."))


class WrongFeed(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("The measure combines its months in another way than what is counted, or is computed."))


class FeedTaken(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("The measure is counted by the system already."))


class OutsideLimits(ScorecardError):
    """Raised with the limits that hold, as texts; an empty one is none."""

    def __init__(self, lowest: str, highest: str) -> None:
        between = _("Must be between %(lowest)s and %(highest)s.")
        sentence = between if lowest and highest else _("Must be %(lowest)s or more.") if lowest else _("Must be %(highest)s or less.")
        super().__init__(sentence % {"lowest": lowest, "highest": highest})


class MonthClosed(ScorecardError):
    """month: as people read it; empty where several are meant."""

    def __init__(self, month: str = "") -> None:
        named = _("%(month)s is closed. Ask for a correction, or for its reopening.") % {"month": month}
        super().__init__(named if month else _("This reaches into a closed month. Choose a later one, or ask for its reopening."))


class NothingToDo(ScorecardError):
    """Nothing is in the state that the action needs, perhaps because somebody else has done it."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing left to do here: it has been done in the meantime."))


class OwnReading(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("You entered this yourself; another person verifies it."))


class MonthNotOver(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("The month is not over yet, so it cannot be closed."))


class RestsOnOpen(ScorecardError):
    """units: whose readings are still open."""

    def __init__(self, units: list[str]) -> None:
        self.units = units
        told = {"units": ", ".join(units)}
        super().__init__(_("The scores rest on readings that are still open. Close these units first or together: %(units)s.") % told)


class LaterClosed(ScorecardError):
    def __init__(self, month: str) -> None:
        super().__init__(_("A later month is closed. Reopen %(month)s first.") % {"month": month})


class ClosedAbove(ScorecardError):
    """units: whose closed scores rest on what is to be opened."""

    def __init__(self, units: list[str]) -> None:
        told = {"units": ", ".join(units)}
        super().__init__(
            _("The closed scores of these units rest on it: %(units)s. Reopen at a unit that stands above all of them.") % told
        )


class AlreadyAsked(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("This has been asked for already and waits for a decision."))


class ValueMoved(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("The month says something else by now than when the correction was asked for. Ask for it anew."))


class SameValue(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("The month says exactly this already."))


class TooManyOpen(ScorecardError):
    def __init__(self, most: int) -> None:
        super().__init__(_("%(most)d of your files still wait for a decision. Import them or give them up first.") % {"most": most})


class NotClosed(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("This month is not closed, so its values can be changed as usual."))


class WrongParts(ScorecardError):
    def __init__(self) -> None:
        super().__init__(
            _("This measure takes other numbers: a ratio a numerator and a denominator, a weighted average a value and a volume.")
        )


class ReadingChanged(ScorecardError):
    """Somebody else saved the same cell since the page was loaded. now: what stands there, for people; nothing if it is empty."""

    def __init__(self, who: str, now: str) -> None:
        saved = _("%(who)s has saved %(now)s here in the meantime.") % {"who": who, "now": now}
        super().__init__(saved if now else _("Somebody has taken the value back in the meantime."))
        self.now = now


class OutOfDate(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this in the meantime. What you typed is still here: compare and save again."))


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a document: which file, where in it, and what."""

    file: str
    path: str
    sentence: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.path, str(self.sentence)) if part)


class DocumentFaults(ScorecardError):
    """All that is wrong with the documents of one import; nothing was written."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class FormulaRefused(ScorecardError):
    """place: the character at which the fault shows, from 1."""

    def __init__(self, sentence: str, place: int) -> None:
        super().__init__(sentence)
        self.place = place


class NoSource(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("There is no such scorecard to begin with."))


class VersionOpen(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("There is a draft of this year already, or one in review. Go on with it, or discard it first."))


class NotInState(ScorecardError):
    """The version is no draft any more, or not in review."""

    def __init__(self) -> None:
        super().__init__(_("This version has been submitted, decided or discarded in the meantime."))


class DraftChanged(ScorecardError):
    """Somebody else changed the draft since the page was loaded. who: their name; at: when."""

    def __init__(self, who: str, at: datetime) -> None:
        super().__init__(_("%(who)s changed this draft at %(time)s, after you opened this page."))
        self.who, self.at = who, at

    def __str__(self) -> str:
        return str(self.args[0]) % {"who": self.who, "time": timezone.localtime(self.at).strftime("%H:%M:%S")}


class NoSuchNode(ScorecardError):
    def __init__(self, code: str) -> None:
        super().__init__(_("There is no %(code)s on this draft any more.") % {"code": code})


class LinkRefused(ScorecardError):
    """An arrow that joins an objective to itself, stands there already, or leads back along another one."""


class CodeUsed(ScorecardError):
    def __init__(self, code: str) -> None:
        super().__init__(_("The code %(code)s is used twice.") % {"code": code})


class NoSuchStep(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("There is nothing more to undo or redo."))


class LockedPart(ScorecardError):
    def __init__(self, codes: list[str]) -> None:
        super().__init__(_("The template locks these: %(codes)s.") % {"codes": ", ".join(codes)})


class OwnWork(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("You worked on this version yourself; another person decides."))


class SamePerson(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("You proposed this yourself; another person decides."))


class AlreadyDecided(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("Somebody else has decided this in the meantime."))


class EvidenceRefused(ScorecardError):
    """why: `empty`, `large`, `kind` or `quota`; limit: in megabytes, or the kinds that are taken."""

    def __init__(self, why: str, limit: object = "") -> None:
        sentences = {
            "empty": _("The file is empty."),
            "large": _("The file is larger than %(limit)s MB."),
            "kind": _("Only these kinds of files are kept: %(limit)s. The content must be what the name says."),
            "quota": _("The unit's space of %(limit)s MB for evidence is used up. Remove what is no longer needed."),
        }
        super().__init__(sentences[why] % {"limit": limit})


class OwnFileOnly(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("Only who added a file can remove it."))
