"""Shapes of staff scorecards."""

from staff.models.agreement import Agreement
from staff.models.line import Line
from staff.models.log import LogEntry, Suggestion
from staff.models.post import Post, PostLine
from staff.models.posting import Absence, Posting
from staff.models.roster import Roster
from staff.models.talk import Improvement, Talk

__all__ = ["Absence", "Agreement", "Improvement", "Line", "LogEntry", "Post", "PostLine", "Posting", "Roster", "Suggestion", "Talk"]
