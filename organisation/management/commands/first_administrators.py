"""manage.py first_administrators: the top unit and the three technical administrators of an empty installation."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from organisation.choices import Role
from organisation.errors import OrganisationError
from organisation.services.installation import begin

ROLES = {"system": Role.SYSTEM_ADMINISTRATOR, "security": Role.SECURITY_ADMINISTRATOR, "audit": Role.AUDIT_ADMINISTRATOR}


class Command(BaseCommand):
    help = "Create the top unit and the system, the security and the audit administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE", help="code of the top unit")
        parser.add_argument("--name", required=True, help="its name")
        for word in ROLES:
            parser.add_argument(f"--{word}", required=True, metavar="STAFF_NUMBER", help=f"staff number of the {word} administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        people = {str(role): (options[word], self._password(options[word])) for word, role in ROLES.items()}
        try:
            begin(code=options["unit"], name=options["name"], people=people, today=timezone.localdate())
        except OrganisationError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("Done. Each changes the password at the first sign-in.")

    def _password(self, username: str) -> str:
        password = getpass(f"First password for {username}: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password
