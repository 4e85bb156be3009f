"""Who may use each address, written down without looking at the product: the oracle of the permission matrix.

For each address: the roles that are let in within their own units. Everybody else among colleagues is refused (403), people from
another district find nothing (404), anybody is sent to the sign-in. `reach` says whose unit the object lies in.
"""

EVERYONE = {"officer", "chief", "manager", "director", "auditor", "scorecards", "system", "security", "audit", "stranger", "former"}
READERS = {"officer", "chief", "manager", "director", "auditor", "scorecards"}
WRITERS = {"officer", "chief", "manager"}
ADMINS = {"scorecards"}
SYSTEM, SECURITY, AUDIT = {"system"}, {"security"}, {"audit"}
STAFF = SYSTEM | SECURITY
PUBLIC = "public"

# name: (roles let in, whether an object of the house is named in the address)
ADDRESSES = {
    "home": (EVERYONE, False),
    "health": (PUBLIC, False),
    "components": (EVERYONE, False),
    "organisation:sign-in": (PUBLIC, False),
    "organisation:sign-out": (EVERYONE, False),
    "organisation:account": (EVERYONE, False),
    "organisation:password": (EVERYONE, False),
    "organisation:preferences": (PUBLIC, False),
    "organisation:unit-list": (STAFF, False),
    "organisation:unit-create": (SYSTEM, False),
    "organisation:unit-edit": (SYSTEM, False),
    "organisation:person-list": (STAFF, False),
    "organisation:person-create": (SYSTEM, False),
    "organisation:person": (STAFF, False),
    "organisation:person-edit": (SYSTEM, False),
    "organisation:person-password": (SYSTEM, False),
    "organisation:role-grant": (SECURITY, False),
    "organisation:role-end": (SECURITY, False),
    "organisation:audit-list": (AUDIT, False),
    "scorecards:unit-list": (READERS | {"stranger"}, False),
    "scorecards:unit-choose": (READERS | {"stranger"}, False),
    "scorecards:dashboard": (READERS, True),
    "scorecards:tree": (READERS, True),
    "scorecards:scorecard-history": (READERS, True),
    "scorecards:entry-now": (WRITERS, True),
    "scorecards:entry": (WRITERS, True),
    "scorecards:entry-row": (WRITERS, True),
    "scorecards:measure": (READERS, True),
    "scorecards:measure-history": (READERS, True),
    "scorecards:scorecard-list": (ADMINS, False),
    "scorecards:perspective-edit": (ADMINS, True),
    "scorecards:weight-edit": (ADMINS, True),
    "scorecards:derivation": (READERS, True),
    "scorecards:tensions": (READERS, True),
    "scorecards:tension": (READERS, True),
    "scorecards:adjustments": (READERS, True),
    "scorecards:adjustment-decide": ({"director"}, True),
    "scorecards:adjustment-items": (ADMINS, False),
    "scorecards:adjustment-item-edit": (ADMINS, True),
    "scorecards:measure-edit": (ADMINS, True),
    "scorecards:measure-preview": (ADMINS, True),
    "scorecards:target-edit": (ADMINS, True),
    "scorecards:what-if": (ADMINS, True),
    "scorecards:rules-edit": (ADMINS, True),
    "scorecards:recompute": (ADMINS, False),
    "scorecards:recompute-job": (ADMINS, True),
    "scorecards:recompute-cancel": (ADMINS, True),
    "api:explanation": (READERS, True),
    "api:document": (READERS, True),
    "api:scores": (READERS, True),
}
# Where fewer may write than read.
WRITERS_OF = {
    "scorecards:tension": {"manager", "director"},
    "scorecards:adjustments": {"manager", "director"},
}
POST_ONLY = {
    "scorecards:adjustment-decide",
    "scorecards:measure-preview",
    "scorecards:recompute-cancel",
    "organisation:sign-out",
    "organisation:preferences",
    "organisation:person-edit",
    "organisation:person-password",
    "organisation:role-grant",
    "organisation:role-end",
}
BOTH = {
    "scorecards:tension",
    "scorecards:adjustments",
    "scorecards:adjustment-items",
    "scorecards:adjustment-item-edit",
    "scorecards:measure-edit",
    "scorecards:target-edit",
    "scorecards:what-if",
    "scorecards:rules-edit",
    "scorecards:recompute",
    "organisation:sign-in",
    "organisation:password",
    "organisation:unit-create",
    "organisation:unit-edit",
    "organisation:person-create",
    "scorecards:entry-row",
    "scorecards:perspective-edit",
    "scorecards:weight-edit",
}
# A stranger who holds the permission somewhere passes the door and finds nothing (404); one who holds it nowhere is refused (403).
STRANGER_HOLDS = {
    "scorecards:derivation",
    "scorecards:tensions",
    "scorecards:tension",
    "scorecards:adjustments",
    "scorecards:adjustment-decide",
    "api:explanation",
    "scorecards:dashboard",
    "scorecards:tree",
    "scorecards:scorecard-history",
    "scorecards:measure",
    "scorecards:measure-history",
    "api:document",
    "api:scores",
}
