"""Which role may do what. A role holds in its unit and everything below it."""

from organisation import permissions as organisation
from organisation.choices import Role
from scorecards import permissions as scorecards

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.OFFICER: frozenset({scorecards.VIEW_SCORECARD, scorecards.EDIT_READING, scorecards.VIEW_HISTORY}),
    Role.SECTION_CHIEF: frozenset({scorecards.VIEW_SCORECARD, scorecards.EDIT_READING, scorecards.VIEW_HISTORY}),
    Role.UNIT_MANAGER: frozenset(
        {
            scorecards.VIEW_SCORECARD,
            scorecards.EDIT_READING,
            scorecards.VIEW_HISTORY,
            scorecards.ANSWER_TENSION,
            scorecards.PROPOSE_ADJUSTMENT,
            scorecards.EDIT_STRATEGY,
            scorecards.VIEW_DRAFT,
        }
    ),
    Role.DIRECTOR: frozenset(
        {
            scorecards.VIEW_SCORECARD,
            scorecards.VIEW_HISTORY,
            scorecards.ANSWER_TENSION,
            scorecards.PROPOSE_ADJUSTMENT,
            scorecards.APPROVE_ADJUSTMENT,
            scorecards.APPROVE_STRATEGY,
            scorecards.VIEW_DRAFT,
        }
    ),
    Role.AUDITOR: frozenset({scorecards.VIEW_SCORECARD, scorecards.VIEW_HISTORY, scorecards.VIEW_DRAFT}),
    Role.SCORECARD_ADMINISTRATOR: frozenset(
        {
            scorecards.VIEW_SCORECARD,
            scorecards.EDIT_SCORECARD,
            scorecards.VIEW_HISTORY,
            scorecards.RECOMPUTE,
            scorecards.EDIT_STRATEGY,
            scorecards.VIEW_DRAFT,
        }
    ),
    Role.SYSTEM_ADMINISTRATOR: frozenset({organisation.VIEW_ORGANISATION, organisation.EDIT_UNIT, organisation.EDIT_PERSON}),
    Role.SECURITY_ADMINISTRATOR: frozenset({organisation.VIEW_ORGANISATION, organisation.GRANT_ROLE}),
    Role.AUDIT_ADMINISTRATOR: frozenset({organisation.VIEW_AUDIT_LOG}),
}
