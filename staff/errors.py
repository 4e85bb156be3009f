"""What staff scorecards say no to, in sentences for people."""

from django.utils.translation import gettext_lazy as _

from scorecards.errors import ScorecardError


class StaffError(ScorecardError):
    """A refusal whose text is shown to the person."""


class NameTaken(StaffError):
    def __init__(self) -> None:
        super().__init__(_("The unit has a post of this code already."))


class PostChanged(StaffError):
    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed this post in the meantime. Your entries are still here; look at it again, then save.")
        )


class NoUnitCard(StaffError):
    def __init__(self) -> None:
        super().__init__(_("The unit has no scorecard of that year, so there is nothing to cascade."))


class HasReadings(StaffError):
    """Raised with the code of the measure."""

    def __init__(self, code: str) -> None:
        sentence = _("%(code)s has values of its own this year. Keep it as it is and compare, or take the values back first.")
        super().__init__(sentence % {"code": code})


class PostingOverlaps(StaffError):
    def __init__(self) -> None:
        super().__init__(_("The person holds a post from that day on or later. End that one first."))


class SamePost(StaffError):
    def __init__(self) -> None:
        super().__init__(_("The person holds this post in this unit already."))


class DatesReversed(StaffError):
    def __init__(self) -> None:
        super().__init__(_("The last day lies before the first."))


class AbsenceOverlaps(StaffError):
    def __init__(self) -> None:
        super().__init__(_("The person is away on some of these days already."))


class AlreadySigned(StaffError):
    def __init__(self) -> None:
        super().__init__(_("This is signed already."))


class TalkFirst(StaffError):
    def __init__(self) -> None:
        super().__init__(_("Talk it over first: the day of the talk is missing."))


class NothingChanged(StaffError):
    def __init__(self) -> None:
        super().__init__(_("Nothing would change."))


class ChangeOpen(StaffError):
    def __init__(self) -> None:
        super().__init__(_("A version of this scorecard waits for signatures already. Sign or withdraw that one first."))


class Frozen(StaffError):
    def __init__(self) -> None:
        super().__init__(_("The scorecard is agreed and frozen. Ask for a change of it."))


class TalkClosed(StaffError):
    def __init__(self) -> None:
        super().__init__(_("The talk is confirmed; its notes stay as they are."))


class NobodyHolds(StaffError):
    def __init__(self) -> None:
        super().__init__(_("Nobody holds the post in that year."))


class NotAgreed(StaffError):
    def __init__(self) -> None:
        super().__init__(_("Nothing is agreed yet that could be changed."))


class WrongPost(StaffError):
    def __init__(self) -> None:
        super().__init__(_("This post belongs to another unit and cannot be held here."))


class RowGone(StaffError):
    def __init__(self) -> None:
        super().__init__(_("The unit or the post is no longer there."))


class NothingAssigned(StaffError):
    def __init__(self) -> None:
        super().__init__(_("Nobody below carries a part of this measure."))
