"""Tells people things."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from communication.models import Notice
from organisation.models import User


@transaction.atomic
def tell(recipients: Iterable[User], topic: str, *, slot: str, about: dict[str, Any], address: str, now: datetime) -> None:
    """Tell each of them once: the same topic and slot a second time is nothing new."""
    Notice.objects.bulk_create(
        [Notice(recipient=person, topic=topic, slot=slot, about=about, address=address, at=now) for person in recipients],
        ignore_conflicts=True,
    )


@transaction.atomic
def mark_read(*, person: User, now: datetime) -> None:
    """All notices of the person have been read."""
    Notice.objects.filter(recipient=person, read_at__isnull=True).update(read_at=now)
