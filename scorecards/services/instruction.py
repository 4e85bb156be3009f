"""Writes instructions from above and their clauses."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from ledger.services import audit
from organisation.models import Unit, User
from scorecards.errors import CodeUsed, OutOfDate
from scorecards.models import Clause, Instruction

FIELDS = ("number", "name", "name_zh", "issued_on", "deadline")
CLAUSE = ("code", "text", "text_zh", "deadline", "objectives", "measures")
Fields = dict[str, Any]


@transaction.atomic
def create_instruction(*, actor: User | None, unit: Unit, fields: Fields, clauses: list[Fields]) -> Instruction:
    """fields: FIELDS; clauses: CLAUSE of each, in order. Raises CodeUsed."""
    try:
        with transaction.atomic():
            made = Instruction.objects.create(unit=unit, **fields)
    except IntegrityError as error:
        raise CodeUsed(fields["number"]) from error
    _write_clauses(made, clauses)
    audit.record(actor=actor, verb="create", target=made, place=unit.code, after=_facts(fields, clauses))
    return made


@transaction.atomic
def edit_instruction(*, actor: User, instruction: Instruction, version: int, fields: Fields, clauses: list[Fields]) -> None:
    """All clauses anew; those left out go. Raises OutOfDate, CodeUsed."""
    before = _facts({name: getattr(instruction, name) for name in FIELDS}, list(instruction.clauses.values(*CLAUSE)))
    try:
        with transaction.atomic():
            found = Instruction.objects.filter(pk=instruction.pk, version=version).update(**fields, version=F("version") + 1)
    except IntegrityError as error:
        raise CodeUsed(fields["number"]) from error
    if not found:
        raise OutOfDate
    instruction.clauses.all().delete()
    _write_clauses(instruction, clauses)
    audit.record(actor=actor, verb="edit", target=instruction, place=instruction.unit.code, before=before, after=_facts(fields, clauses))


def _write_clauses(instruction: Instruction, clauses: list[Fields]) -> None:
    codes = [clause["code"] for clause in clauses]
    for code in codes:
        if codes.count(code) > 1:
            raise CodeUsed(code)
    Clause.objects.bulk_create(Clause(instruction=instruction, position=i, **clause) for i, clause in enumerate(clauses))


def _facts(fields: Fields, clauses: list[Fields]) -> Fields:
    def told(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    lines = [" ".join([clause["code"], *clause["objectives"], *clause["measures"]]) for clause in clauses]
    return {**{name: told(value) for name, value in fields.items()}, "clauses": lines}
