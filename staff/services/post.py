"""Creates posts and says which measures go with them."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from ledger.services import audit
from organisation.models import Unit, User
from staff.errors import NameTaken, PostChanged
from staff.models import Post, PostLine

FIELDS = ("name", "name_zh", "category", "minimum_service")


@transaction.atomic
def create_post(*, actor: User | None, unit: Unit, code: str, **fields: Any) -> Post:
    """fields: name, name_zh, category, minimum_service. Raises NameTaken."""
    if Post.objects.filter(unit=unit, code__iexact=code).exists():
        raise NameTaken
    try:
        with transaction.atomic():
            post = Post.objects.create(unit=unit, code=code, **fields)
    except IntegrityError as error:
        raise NameTaken from error
    audit.record(actor=actor, verb="create", target=post, place=unit.code, after={"code": code, **fields})
    return post


@transaction.atomic
def edit_post(*, actor: User | None, post: Post, version: int, lines: list[dict[str, Any]], **fields: Any) -> Post:
    """Change a post that still has that version. lines: of its template, in order, each with the fields of a PostLine; scorecards that were
    given stay as they are. Raises PostChanged."""
    before = {**_facts(post), "lines": _lines(post)}
    if not Post.objects.filter(pk=post.pk, version=version).update(version=F("version") + 1, **fields):
        raise PostChanged
    post.refresh_from_db()
    post.lines.all().delete()
    PostLine.objects.bulk_create(PostLine(post=post, position=place, **line) for place, line in enumerate(lines))
    after = {**_facts(post), "lines": _lines(post)}
    if after != before:
        audit.record(actor=actor, verb="edit", target=post, place=post.unit.code, before=before, after=after)
    return post


def _facts(post: Post) -> dict[str, Any]:
    return {"code": post.code, **{name: getattr(post, name) for name in FIELDS}}


def _lines(post: Post) -> list[str]:
    return [f"{line.kind} {line.code} {line.weight:g}" for line in post.lines.all()]
