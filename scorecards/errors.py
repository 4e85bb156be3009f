"""What the scorecards say no to, in sentences for people."""

from dataclasses import dataclass

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


class SamePerson(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("You proposed this yourself; another person decides."))


class AlreadyDecided(ScorecardError):
    def __init__(self) -> None:
        super().__init__(_("Somebody else has decided this in the meantime."))
