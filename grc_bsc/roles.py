"""Which role may do what. A role holds in its unit and everything below it."""

from communication import permissions as communication
from organisation import permissions as organisation
from organisation.choices import Role
from scorecards import permissions as scorecards
from staff import permissions as staff

READER = frozenset({scorecards.VIEW_SCORECARD, scorecards.VIEW_HISTORY, communication.READ_THREAD, staff.SEE_STAFF})
COLLEAGUE = READER | {communication.WRITE_THREAD}
LEADER = frozenset({scorecards.VIEW_STAFF, staff.VIEW_COVERAGE, staff.LEAD_STAFF, staff.SUGGEST})
PERMISSIONS: dict[str, frozenset[str]] = {
    Role.OFFICER: COLLEAGUE | {scorecards.EDIT_READING, staff.SUGGEST},
    Role.SECTION_CHIEF: COLLEAGUE | LEADER | {scorecards.EDIT_READING, scorecards.VERIFY_READING, scorecards.ASSIGN_MEASURE},
    Role.UNIT_MANAGER: COLLEAGUE
    | LEADER
    | {
        staff.EDIT_POST,
        staff.CASCADE,
        scorecards.EDIT_READING,
        scorecards.VERIFY_READING,
        scorecards.ASSIGN_MEASURE,
        scorecards.ASK_REOPENING,
        scorecards.ANSWER_TENSION,
        scorecards.PROPOSE_ADJUSTMENT,
        scorecards.EDIT_STRATEGY,
        scorecards.VIEW_DRAFT,
    },
    Role.DIRECTOR: COLLEAGUE
    | LEADER
    | {
        scorecards.ANSWER_TENSION,
        scorecards.PROPOSE_ADJUSTMENT,
        scorecards.APPROVE_ADJUSTMENT,
        scorecards.APPROVE_STRATEGY,
        scorecards.DECIDE_REOPENING,
        scorecards.VIEW_DRAFT,
    },
    Role.AUDITOR: READER | {scorecards.VIEW_DRAFT, scorecards.VIEW_STAFF, staff.VIEW_COVERAGE},
    Role.SCORECARD_ADMINISTRATOR: COLLEAGUE
    | {
        scorecards.VIEW_STAFF,
        staff.VIEW_COVERAGE,
        staff.EDIT_POST,
        staff.CASCADE,
        scorecards.EDIT_SCORECARD,
        scorecards.RECOMPUTE,
        scorecards.EDIT_STRATEGY,
        scorecards.VIEW_DRAFT,
        scorecards.CLOSE_MONTH,
        scorecards.ASK_REOPENING,
        scorecards.ASSIGN_MEASURE,
    },
    Role.SYSTEM_ADMINISTRATOR: frozenset(
        {organisation.VIEW_ORGANISATION, organisation.EDIT_UNIT, organisation.EDIT_PERSON, staff.IMPORT_ROSTER}
    ),
    Role.SECURITY_ADMINISTRATOR: frozenset({organisation.VIEW_ORGANISATION, organisation.GRANT_ROLE}),
    Role.AUDIT_ADMINISTRATOR: frozenset({organisation.VIEW_AUDIT_LOG}),
}
