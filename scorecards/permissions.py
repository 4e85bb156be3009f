"""What may be done with scorecards; which role may do it is said by the roles table."""

VIEW_SCORECARD = "scorecards.view"
EDIT_READING = "scorecards.edit_reading"
EDIT_SCORECARD = "scorecards.edit"
VIEW_HISTORY = "scorecards.view_history"
