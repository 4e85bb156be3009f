"""Writes what a unit is for, and its strategic themes."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from ledger.services import audit
from organisation.models import Unit, User
from scorecards.errors import CodeUsed, OutOfDate
from scorecards.models import Strategy, Theme

TEXTS = ("mission", "mission_zh", "vision", "vision_zh", "values", "values_zh")
THEME = ("code", "name", "name_zh", "first_year", "last_year")


@transaction.atomic
def edit_strategy(*, actor: User | None, unit: Unit, version: int, texts: dict[str, str], themes: list[dict[str, Any]]) -> Strategy:
    """texts: mission, vision and values in both languages; themes: all of them, those left out are removed; version: as the person
    saw it, 0 where there was none. Raises OutOfDate, CodeUsed."""
    strategy, created = Strategy.objects.get_or_create(unit=unit)
    changed = Strategy.objects.filter(pk=strategy.pk, version=1 if created else version)
    if (version != 0 if created else version == 0) or not changed.update(version=F("version") + 1, **texts):
        raise OutOfDate
    before = {name: getattr(strategy, name) for name in TEXTS}
    strategy.refresh_from_db()
    audit.record(actor=actor, verb="edit", target=strategy, place=unit.code, before=before, after={name: texts[name] for name in TEXTS})
    kept = {theme.code: theme for theme in strategy.themes.all()}
    codes = [theme["code"] for theme in themes]
    for code in codes:
        if codes.count(code) > 1:
            raise CodeUsed(code)
    for code, theme in kept.items():
        if code not in codes:
            audit.record(actor=actor, verb="remove", target=theme, place=unit.code, before=_facts(theme))
            theme.delete()
    for fields in themes:
        _write(actor, strategy, kept.get(fields["code"]), fields)
    return strategy


def _write(actor: User | None, strategy: Strategy, theme: Theme | None, fields: dict[str, Any]) -> None:
    before = _facts(theme) if theme else None
    found = theme or Theme(strategy=strategy)
    for name in THEME:
        setattr(found, name, fields[name])
    if before == _facts(found):
        return
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise CodeUsed(fields["code"]) from error
    verb = "edit" if theme else "create"
    audit.record(actor=actor, verb=verb, target=found, place=strategy.unit.code, before=before, after=_facts(found))


def _facts(theme: Theme) -> dict[str, Any]:
    return {name: getattr(theme, name) for name in THEME}
