"""What may be done with staff scorecards besides seeing them; which role may do it is said by the roles table."""

SEE_STAFF = "staff.see"
EDIT_POST = "staff.edit_post"
CASCADE = "staff.cascade"
LEAD_STAFF = "staff.lead"
IMPORT_ROSTER = "staff.import_roster"
SUGGEST = "staff.suggest"
VIEW_COVERAGE = "staff.view_coverage"
