"""Triggers that keep closed months closed, whoever writes and however. They are taken down before every migration and put up after
it, since SQLite can remake no table that a trigger looks into. Their error begins with `closed:`."""

from django.db.backends.base.base import BaseDatabaseWrapper

MESSAGE = "closed: this month is closed"
NEVER = "closed: a closing is only ended by an approved reopening"
FROZEN: tuple[str, ...] = (
    "score",
    "base",
    "adjustment",
    "cap",
    "completeness",
    "band",
    "node_scores",
    "node_completeness",
    "node_bands",
    "values",
)
FROZEN += ("reasons", "goals", "lost", "computed_at", "scorecard_id", "unit_id", "officer", "layout_id", "period", "window", "published_as")
IN_FORCE = "SELECT 1 FROM scorecards_closing c WHERE c.reopened_at IS NULL AND c.scorecard_id = {card} AND c.month = {month}"
CARD_OF = "(SELECT m.scorecard_id FROM scorecards_measure m WHERE m.id = {row}.measure_id)"
APPROVED = "SELECT 1 FROM scorecards_reopening r WHERE r.id = NEW.reopening_id AND r.state = 'approved'"
KEPT_OF_CLOSING = ("scorecard_id", "month", "revision", "frozen", "engine", "closed_by_id", "closed_at")


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers, replacing those that are there."""
    statements = _postgresql() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Remove the triggers."""
    with connection.cursor() as cursor:
        for name, table, _events in RULES:
            for event in ("INSERT", "UPDATE", "DELETE"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}_{event.lower()}{on}")


RULES = [
    ("closed_reading", "scorecards_reading", "INSERT UPDATE DELETE"),
    ("closed_adjustment", "scorecards_adjustment", "INSERT UPDATE DELETE"),
    ("closed_score", "scorecards_score", "INSERT UPDATE DELETE"),
    ("closed_closing", "scorecards_closing", "UPDATE DELETE"),
]


def _conditions(same: str) -> dict[str, dict[str, str]]:
    """For each rule and event, when it refuses. same: `IS` or `IS NOT DISTINCT FROM`."""

    def reading(row: str) -> str:
        return f"EXISTS ({IN_FORCE.format(card=CARD_OF.format(row=row), month=f'{row}.month')})"

    def adjustment(row: str) -> str:
        return f"({row}.state = 'approved' AND EXISTS ({IN_FORCE.format(card=f'{row}.scorecard_id', month=f'{row}.month')}))"

    def unchanged(columns: tuple[str, ...]) -> str:
        return " AND ".join(f'NEW."{column}" {same} OLD."{column}"' for column in columns)

    in_force = IN_FORCE.format(card="OLD.scorecard_id", month="OLD.period")
    moved = f"OLD.revision = 0 AND NEW.revision = OLD.published_as AND {unchanged(FROZEN)} AND NOT EXISTS ({in_force})"
    ended = f"OLD.reopened_at IS NULL AND NEW.reopened_at IS NOT NULL AND EXISTS ({APPROVED}) AND {unchanged(KEPT_OF_CLOSING)}"
    return {
        "closed_reading": {"INSERT": reading("NEW"), "UPDATE": f"{reading('NEW')} OR {reading('OLD')}", "DELETE": reading("OLD")},
        "closed_adjustment": {
            "INSERT": adjustment("NEW"),
            "UPDATE": f"{adjustment('NEW')} OR {adjustment('OLD')}",
            "DELETE": adjustment("OLD"),
        },
        "closed_score": {
            "INSERT": "NEW.published_as > 0",
            "UPDATE": f"OLD.published_as > 0 AND NOT ({moved})",
            "DELETE": "OLD.published_as > 0",
        },
        "closed_closing": {"UPDATE": f"NOT ({ended})", "DELETE": "TRUE"},
    }


def _sqlite() -> list[str]:
    made = []
    for name, table, events in RULES:
        for event in events.split():
            condition = _conditions("IS")[name][event].replace("TRUE", "1")
            message = NEVER if name == "closed_closing" else MESSAGE
            made.append(f"DROP TRIGGER IF EXISTS {name}_{event.lower()}")
            made.append(
                f"CREATE TRIGGER {name}_{event.lower()} BEFORE {event} ON {table} WHEN {condition}"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
    return made


def _postgresql() -> list[str]:
    """The condition of a trigger cannot look into other tables, so it stands in a function. That of readings and adjustments first waits
    for whoever holds the scorecard, so that a closing that is being written is seen."""
    made = []
    for name, table, events in RULES:
        for event in events.split():
            condition = _conditions("IS NOT DISTINCT FROM")[name][event]
            message = NEVER if name == "closed_closing" else MESSAGE
            row = "OLD" if event == "DELETE" else "NEW"
            card = CARD_OF.format(row=row) if name == "closed_reading" else f"{row}.scorecard_id"
            waits = name in {"closed_reading", "closed_adjustment"}
            wait = f"PERFORM 1 FROM scorecards_scorecard s WHERE s.id = {card} FOR SHARE;" if waits else ""
            made.append(
                f"CREATE OR REPLACE FUNCTION {name}_{event.lower()}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {wait}"
                f" IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN {row}; END $$"
            )
            when = " WHEN (OLD.published_as > 0)" if name == "closed_score" and event != "INSERT" else ""
            when = " WHEN (NEW.published_as > 0)" if name == "closed_score" and event == "INSERT" else when
            made.append(f"DROP TRIGGER IF EXISTS {name}_{event.lower()} ON {table}")
            made.append(
                f"CREATE TRIGGER {name}_{event.lower()} BEFORE {event} ON {table} FOR EACH ROW{when}"
                f" EXECUTE FUNCTION {name}_{event.lower()}()"
            )
    return made
