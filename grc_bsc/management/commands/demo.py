"""manage.py demo: loads the demo data into the configured database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from grc_bsc import demo
from grc_bsc.demo.people import PASSWORD, PEOPLE
from organisation.choices import Role
from organisation.models import Unit


class Command(BaseCommand):
    help = "Load the demo data: five units, their scorecards and one person for each role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing if the database holds units")

    def handle(self, *args: Any, **options: Any) -> None:
        if not Unit.objects.exists():
            self.stdout.write("Loading the demo data …")
            demo.load(today=timezone.localdate(), now=timezone.now())
        elif not options["if_empty"]:
            raise CommandError("The database already holds units; the demo data goes into an empty one.")
        self.stdout.write(f"Demo sign-ins, all with the password {PASSWORD}:")
        for username, name, _name_zh, role, _codes in PEOPLE:
            self.stdout.write(f"  {username:<12}{name:<12}{Role(role).label}")
