"""The scorecards app."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ScorecardsConfig(AppConfig):
    name = "scorecards"
    verbose_name = _("Scorecards")

    def ready(self) -> None:
        pre_migrate.connect(take_down_guard, sender=self)
        post_migrate.connect(put_up_guard, sender=self)


def take_down_guard(using: str, **_kwargs: Any) -> None:
    """Before migrations: SQLite could not remake a table that a trigger looks into."""
    from scorecards.models import guard

    if "scorecards_closing" in connections[using].introspection.table_names():
        guard.take_down(connections[using])


def put_up_guard(using: str, **_kwargs: Any) -> None:
    """After migrations: see that the database keeps closed months closed."""
    from scorecards.models import guard

    if "scorecards_closing" in connections[using].introspection.table_names():
        guard.put_up(connections[using])
