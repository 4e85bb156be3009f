"""The words of staff scorecards."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from communication.choices import Topic


class Category(models.TextChoices):
    FRONT_LINE = "front_line", _("Front line")
    SPECIALIST = "specialist", _("Specialist")
    GENERAL = "general", _("General")
    HEAD = "head", _("Head")


class LineKind(models.TextChoices):
    """How a line of a staff scorecard carries the unit's strategy."""

    SAME = "same", _("same")
    CONTRIBUTORY = "contributory", _("contributory")
    OWN = "own", _("own duty")


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("To be talked over and signed")
    AGREED = "agreed", _("Agreed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AbsenceKind(models.TextChoices):
    LEAVE = "leave", _("Leave")
    ILLNESS = "illness", _("Illness")
    TRAINING = "training", _("Training away")
    SECONDMENT = "secondment", _("Secondment elsewhere")


class LogKind(models.TextChoices):
    WORK = "work", _("Work done")
    COMMENDATION = "commendation", _("Commendation")
    INCIDENT = "incident", _("Incident")


class SuggestionState(models.TextChoices):
    OPEN = "open", _("Waits for an answer")
    ADOPTED = "adopted", _("Adopted")
    DECLINED = "declined", _("Not adopted")


class RosterState(models.TextChoices):
    READING = "reading", _("Being read")
    REFUSED = "refused", _("Refused")
    PROPOSED = "proposed", _("Waits to be confirmed")
    WRITING = "writing", _("Being written")
    WRITTEN = "written", _("Written, roles wait")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Given up")


GIVE_POST = "give_post"
LEAST_LINES, MOST_LINES = 4, 8
LEAST_WEIGHT, MOST_WEIGHT = 5, 30
WHOLE = 100
SMALLEST = 0.005  # a difference of percents below it is none
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
AGREE_WITHIN_DAYS = 30
TALK_EVERY_MONTHS = 3
NOTICES = {
    "card_given": Topic("id", _("Your scorecard of %(year)s is drafted. Look at it, talk it over, sign it."), _("Look at it")),
    "agreement_signed": Topic("circle-check", _("%(who)s signed the scorecard of %(whose)s.")),
    "change_asked": Topic("edit", _("A change of the scorecard of %(whose)s is asked for: “%(why)s”"), _("Look at it")),
    "change_withdrawn": Topic("arrow-back-up", _("The change of the scorecard of %(whose)s is withdrawn.")),
    "talk_planned": Topic("calendar", _("%(who)s plans a performance talk with you on %(day)s."), _("Look at it")),
    "talk_held": Topic("message", _("The notes of your talk on %(day)s wait for your confirmation."), _("Confirm")),
    "log_written": Topic("edit", _("%(who)s wrote in your log."), _("Look at it")),
    "suggestion_adopted": Topic("bulb", _("Your suggestion “%(what)s” is adopted."), _("Look at it")),
    "suggestion_declined": Topic("bulb", _("Your suggestion “%(what)s” is answered; it is not adopted."), _("Look at it")),
    "section_handed_over": Topic("users", _("What %(who)s led in %(unit)s is handed over to you.")),
    "agreement_overdue": Topic("alert-triangle", _("%(number)s scorecards of %(unit)s are not agreed, though their time is over.")),
}
PROBLEMS = {
    "no_number": _("The staff number is missing or has other signs than letters, digits, _ - and ."),
    "no_name": _("A new person needs a name."),
    "long_name": _("A name has at most %(most)s letters."),
    "twice": _("The staff number stands there more than once."),
    "no_unit": _("There is no unit %(unit)s within your reach."),
    "no_post": _("There is no post %(post)s in %(unit)s or above it."),
    "bad_day": _("“%(text)s” is no day. Write 2026-03-01."),
    "no_day": _("The first day in the post is missing."),
    "earlier_posting": _("The person has a post from %(day)s on, which is not before this day."),
    "no_measure": _("There is no measure %(code)s that is entered on the scorecard of %(unit)s."),
    "changed_since": _("Something has changed since this was shown: %(why)s"),
    "foreign": _("The person serves in a unit out of your reach."),
    "technical": _("The person is a technical administrator and holds no post."),
}
