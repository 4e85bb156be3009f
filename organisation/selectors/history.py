"""The history of an object of the organisation: its audit lines with names in place of ids."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.models import AuditEntry
from ledger.selectors import audit
from organisation.choices import LANGUAGES, Role, Theme, UnitKind
from organisation.models import Unit, User
from organisation.selectors.person import names

SHOWN = 10
ALWAYS_TOLD = {"role", "unit", "month"}
LONGEST_FACT = 80
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
    "remove": _("removed"),
    "adjust": _("adjusted"),
    "propose": _("proposed"),
    "approve": _("approved"),
    "refuse": _("refused"),
    "answer": _("answered"),
    "start": _("started"),
    "cancel": _("cancelled"),
    "begin": _("began"),
    "move": _("moved"),
    "link": _("linked"),
    "unlink": _("unlinked"),
    "arrange": _("arranged"),
    "add": _("added"),
    "weights": _("set weights"),
    "undo": _("took a step back"),
    "redo": _("did a step again"),
    "submit": _("submitted"),
    "return": _("returned"),
    "discard": _("discarded"),
    "remark": _("remarked"),
    "note": _("wrote a note"),
    "verify": _("verified"),
    "correct": _("corrected"),
    "ask_correction": _("asked for a correction"),
    "ask_reopening": _("asked for a reopening"),
    "close": _("closed the month"),
    "reopen": _("opened the month again"),
    "assign": _("assigned"),
    "attach": _("added a file"),
    "detach": _("removed a file"),
    "upload": _("uploaded"),
    "assign_columns": _("assigned columns"),
    "delegate": _("named a deputy"),
    "end_delegation": _("ended a deputy's time"),
    "comment": _("commented"),
    "settle": _("settled"),
    "subscribe": _("chose the daily mail"),
    "appoint": _("appointed"),
    "end_posting": _("ended a post"),
    "be_away": _("noted an absence"),
    "come_back": _("took an absence back"),
    "share": _("set shares"),
    "hand_over": _("handed over"),
    "feed": _("changed what the system counts"),
    "log": _("wrote in a log"),
    "reply": _("replied"),
    "suggest": _("suggested"),
    "plan": _("planned"),
    "write": _("wrote notes"),
    "confirm": _("confirmed"),
    "finish": _("finished"),
    "talk_over": _("talked over"),
    "sign": _("signed"),
    "ask_change": _("asked for a change"),
    "withdraw": _("withdrew"),
}
KINDS = {
    "user": _("person"),
    "unit": _("unit"),
    "scorecard": _("scorecard"),
    "perspective": _("perspective"),
    "objective": _("objective"),
    "measure": _("measure"),
    "tension": _("tension pair"),
    "tensionreview": _("tension pair"),
    "adjustment": _("adjustment"),
    "adjustmentitem": _("bonus or penalty item"),
    "jobrun": _("long work"),
    "version": _("version of a scorecard"),
    "strategy": _("strategy"),
    "instruction": _("instruction from above"),
    "theme": _("strategic theme"),
    "cataloguemeasure": _("catalogue of measures"),
    "reopening": _("reopening"),
    "correction": _("correction"),
    "upload": _("file of values"),
    "thread": _("thread"),
    "post": _("post"),
    "agreement": _("agreement"),
    "talk": _("performance talk"),
    "suggestion": _("suggestion"),
    "roster": _("file of people"),
}
STATES = {"draft": _("Draft"), "submitted": _("Submitted"), "verified": _("Verified"), "returned": _("Returned")}
FACTS = {
    "code": _("code"),
    "name": _("name"),
    "name_zh": _("Chinese name"),
    "kind": _("kind"),
    "parent": _("superior unit"),
    "from_date": _("first day"),
    "until_date": _("last day"),
    "username": _("staff number"),
    "is_active": _("may sign in"),
    "language": _("language"),
    "theme": _("look"),
    "unit": _("unit"),
    "role": _("role"),
    "from": _("from"),
    "until": _("until"),
    "file": _("file"),
    "measures": _("measures"),
    "readings_changed": _("values changed"),
    "illustrative": _("invented data"),
    "provenance": _("origin"),
    "provenance_zh": _("origin in Chinese"),
    "position": _("place"),
    "weight": _("weight"),
    "month": _("month"),
    "value": _("value"),
    "volume": _("volume"),
    "numerator": _("numerator"),
    "denominator": _("denominator"),
    "not_applicable": _("not applicable"),
    "state": _("state"),
    "version": _("version"),
    "planned": _("planned"),
    "better": _("direction"),
    "preset": _("preset"),
    "method": _("method"),
    "factor": _("factor"),
    "frequency": _("frequency"),
    "curve_scores": _("curve"),
    "targets": _("targets"),
    "due_from": _("due from"),
    "due_until": _("due until"),
    "missing_policy": _("missing values"),
    "counts": _("what counts"),
    "deadline_day": _("deadline day"),
    "minimum_completeness": _("minimum completeness"),
    "bands": _("bands"),
    "source": _("source"),
    "formula": _("formula"),
    "contributors": _("contributors"),
    "across": _("combined by"),
    "veto_cap": _("veto"),
    "lowest": _("lowest possible"),
    "highest": _("highest possible"),
    "minimum_count": _("least number of cases"),
    "note": _("note"),
    "mail": _("daily mail"),
    "adjustment_limit": _("limit of adjustments"),
    "tension_thresholds": _("thresholds of tension"),
    "links": _("links"),
    "tensions": _("tension pairs"),
    "reviews": _("answers"),
    "points": _("points"),
    "reason": _("reason"),
    "evidence": _("evidence"),
    "decision": _("decision"),
    "retired": _("no longer offered"),
    "answer": _("answer"),
    "text": _("text"),
    "done": _("done"),
    "total": _("parts"),
    "about": _("about"),
    "step": _("step"),
    "number": _("number"),
    "year": _("year"),
    "mission": _("mission"),
    "vision": _("vision"),
    "values": _("values"),
    "topic": _("topic"),
    "issued_on": _("issued on"),
    "deadline": _("deadline"),
    "clauses": _("clauses"),
    "active": _("offered"),
    "first_year": _("from year"),
    "last_year": _("until year"),
    "owner": _("owner"),
    "data_source": _("data source"),
    "definition": _("definition"),
    "definition_zh": _("definition in Chinese"),
    "description": _("description"),
    "description_zh": _("description in Chinese"),
    "checkpoints": _("checkpoints"),
    "share": _("share"),
    "lines": _("lines"),
    "post": _("post"),
    "day": _("day"),
    "held": _("held on"),
    "officer": _("officer"),
    "category": _("category"),
    "minimum_service": _("least service"),
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
    people = names({entry.actor for entry in entries} | {entry.target_id for entry in entries if entry.target_kind == "user"})
    return [
        _line(entry, people[entry.actor].label if entry.actor in people else gettext("The system"), _object(entry, people))
        for entry in entries
    ]


def sheet(found: list[Line]) -> tuple[list[str], list[list[str]]]:
    """The lines as a table: names of the columns, and rows."""
    header = [gettext("When"), gettext("Who"), gettext("What"), gettext("Object"), gettext("Unit"), gettext("Before"), gettext("After")]
    rows = [
        [f"{timezone.localtime(one.at):%Y-%m-%d %H:%M:%S}", one.who, one.verb, one.what, one.place, one.before, one.after] for one in found
    ]
    return header, rows


def _object(entry: AuditEntry, people: dict[str, User]) -> str:
    kind = str(KINDS.get(entry.target_kind, entry.target_kind))
    if entry.target_kind == "user" and entry.target_id in people:
        return f"{kind} {people[entry.target_id].label}"
    told = {**(entry.before or {}), **(entry.after or {})}
    return f"{kind} {told.get('code') or '#' + entry.target_id}"


def log(text: str, units: "QuerySet[Unit]") -> "QuerySet[AuditEntry]":
    """The audit lines about those units that fit the text: a unit's code, an action, an object or a person, as they are shown.
    Whoever sees a unit without a superior sees all."""
    people = (
        User.objects.filter(Q(name__icontains=text) | Q(name_zh__icontains=text) | Q(username__icontains=text))
        if text
        else User.objects.none()
    )
    wish = audit.Wish(
        text=text,
        verbs=_meant(VERBS, text),
        kinds=_meant(KINDS, text),
        people=[str(pk) for pk in people.values_list("pk", flat=True)],
    )
    sees_all = units.filter(parent__isnull=True).exists()
    return audit.matching(wish, None if sees_all else list(units.values_list("code", flat=True)))


def work_of(person: User, text: str) -> "QuerySet[AuditEntry]":
    """What the person has done, latest first; what fits the text, as it is shown."""
    places = [text] if text else []
    return audit.of_actor(str(person.pk), places, _meant(VERBS, text) if text else [], _meant(KINDS, text) if text else [])


def _meant(words: dict[str, Any], text: str) -> list[str]:
    """The keys whose word, in any of the languages, contains the text."""
    found = set()
    for language, _name in LANGUAGES:
        with translation.override(language):
            found |= {key for key, word in words.items() if text.lower() in str(word).lower()}
    return sorted(found)


def _line(entry: AuditEntry, who: str, what: str) -> Line:
    before, after = entry.before or {}, entry.after or {}
    differing = [key for key in {**before, **after} if before.get(key) != after.get(key) or key in ALWAYS_TOLD]
    return Line(
        entry.at, who, str(VERBS.get(entry.verb, entry.verb)), what, entry.place, _written(before, differing), _written(after, differing)
    )


def _written(facts: dict[str, Any], keys: list[str]) -> str:
    return ", ".join(f"{FACTS.get(key, key)} {_word(facts[key])}" for key in keys if facts.get(key) not in (None, ""))


def _word(fact: Any) -> str:
    """A fact as people say it: roles, kinds and yes or no in their language."""
    if isinstance(fact, bool):
        return gettext("yes") if fact else gettext("no")
    words = {**STATES, **dict(Role.choices), **dict(UnitKind.choices), **dict(Theme.choices), **dict(LANGUAGES)}
    if isinstance(fact, list):
        fact = "; ".join(_word(one) for one in fact)
    if isinstance(fact, dict):
        fact = " ".join(_word(one) for one in fact.values())
    shown = str(words.get(fact, fact)) if isinstance(fact, str) else repr(fact).removesuffix(".0") if isinstance(fact, float) else str(fact)
    return shown if len(shown) <= LONGEST_FACT else f"{shown[:LONGEST_FACT]}…"
