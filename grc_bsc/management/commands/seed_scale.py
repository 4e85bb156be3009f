"""manage.py seed_scale: a national database, for tests of scale."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from grc_bsc.demo import scale
from organisation.models import Unit


class Command(BaseCommand):
    help = "Fill an empty PostgreSQL database with districts, customs houses and officers, their scorecards and readings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--districts", type=int, default=42)
        parser.add_argument("--houses", type=int, default=720)
        parser.add_argument("--officers", type=int, default=100_000)
        parser.add_argument("--months", type=int, default=13, help="up to the last whole month")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same numbers")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("A national database needs PostgreSQL: set DATABASE_URL.")
        if Unit.objects.exists():
            raise CommandError("The database already holds units; the national data goes into an empty one.")
        numbers = {name: options[name] for name in ("districts", "houses", "officers", "months", "seed")}
        if (
            min(numbers["districts"], numbers["houses"], numbers["officers"], numbers["months"]) < 1
            or numbers["houses"] < numbers["districts"]
        ):
            raise CommandError("At least one of each is needed, and a house for each district.")
        begun = monotonic()
        scale.seed(scale.Size(**numbers), timezone.localdate(), self.stdout.write)
        self.stdout.write(f"Done in {monotonic() - begun:.0f} s.")
