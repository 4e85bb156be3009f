"""manage.py export_scorecard --unit CODE --year Y: one scorecard as a document (rule book §10)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from scorecards.models import Scorecard
from scorecards.selectors.document import document_of


class Command(BaseCommand):
    help = "Print a scorecard as a document that import_scorecard takes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--year", required=True, type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        card = Scorecard.objects.select_related("unit__parent").filter(unit__code=options["unit"], year=options["year"]).first()
        if card is None:
            raise CommandError(f"There is no scorecard of {options['unit']} for {options['year']}.")
        self.stdout.write(json.dumps(document_of(card), ensure_ascii=False, indent=1))
