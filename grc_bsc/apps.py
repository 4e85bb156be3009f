"""Makes the roof's template tags, checks and commands known to Django."""

from django.apps import AppConfig


class RoofConfig(AppConfig):
    name = "grc_bsc"
    verbose_name = "GRC BSC"

    def ready(self) -> None:
        from grc_bsc import checks  # noqa: F401  registers the checks
