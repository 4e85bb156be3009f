"""The history of an object of the organisation: its audit lines with names in place of ids."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.models import AuditEntry
from ledger.selectors import audit
from organisation.selectors.person import names

SHOWN = 10
VERBS = {
    "create": _("created"),
    "edit": _("changed"),
    "grant": _("gave a role"),
    "end_role": _("ended a role"),
    "set_password": _("set a password"),
    "set_preferences": _("chose language or look"),
    "record": _("entered a value"),
    "clear": _("took a value back"),
    "import": _("imported"),
    "describe": _("described the data"),
    "weigh": _("set a weight"),
}


@dataclass(frozen=True)
class Line:
    """One audit line for people. before and after: the facts that differ, written out."""

    at: datetime
    who: str
    verb: str
    what: str
    place: str
    before: str
    after: str


def of(target: Model) -> list[Line]:
    """The latest lines about one object."""
    return lines(audit.of_target(str(target._meta.model_name), [str(target.pk)])[:SHOWN])


def lines(entries: Iterable[AuditEntry]) -> list[Line]:
    entries = list(entries)
    people = names({entry.actor for entry in entries})
    return [_line(entry, people[entry.actor].label if entry.actor in people else gettext("The system")) for entry in entries]


def _line(entry: AuditEntry, who: str) -> Line:
    before, after = entry.before or {}, entry.after or {}
    differing = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    what = f"{entry.target_kind} {entry.target_id}"
    return Line(entry.at, who, str(VERBS.get(entry.verb, entry.verb)), what, entry.place, _written(before, differing), _written(after, differing))


def _written(facts: dict[str, Any], keys: list[str]) -> str:
    return ", ".join(f"{key}: {facts[key]}" for key in keys if facts.get(key) not in (None, ""))
