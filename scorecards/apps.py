"""The scorecards app."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ScorecardsConfig(AppConfig):
    name = "scorecards"
    verbose_name = _("Scorecards")

    def ready(self) -> None:
        post_migrate.connect(put_up_guard, sender=self)


def put_up_guard(using: str, **_kwargs: Any) -> None:
    """After migrations: see that the database keeps closed months closed."""
    from scorecards.models import guard

    if "scorecards_closing" in connections[using].introspection.table_names():
        guard.put_up(connections[using])
