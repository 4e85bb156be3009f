"""manage.py import_scorecard FILE…: all documents or none (rule book §10)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from organisation.models import User
from organisation.selectors.unit import superiors
from scorecards.errors import DocumentFaults
from scorecards.forms.document import read_documents
from scorecards.services.document import import_documents


class Command(BaseCommand):
    help = "Import scorecard documents: all of them, or none if anything is wrong with one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a JSON document grc-bsc/scorecard@1")
        parser.add_argument("--actor", help="staff number of the person in whose name it is imported")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = None
        if options["actor"]:
            actor = User.objects.filter(username=options["actor"]).first()
            if actor is None:
                raise CommandError(f"There is no person with the staff number {options['actor']}.")
        try:
            documents = read_documents((name, _content(name)) for name in options["files"])
            before = superiors()
            cards = import_documents(actor=actor, documents=documents)
        except DocumentFaults as refusal:
            raise CommandError(str(refusal)) from refusal
        for card in cards:
            self.stdout.write(f"{card.unit.code} {card.year}: {card.name}")
        for code, above in superiors().items():
            if before.get(code, above) != above:
                self.stdout.write(f"{code} has been moved from {before[code] or 'the top'} to {above or 'the top'}.")


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from error
