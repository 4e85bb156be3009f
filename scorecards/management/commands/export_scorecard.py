"""manage.py export_scorecard --unit CODE --year Y: one scorecard as a document (rule book §10)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from scorecards.selectors.document import document_of
from scorecards.selectors.scorecard import scorecard_of


class Command(BaseCommand):
    help = "Print a scorecard as a document that import_scorecard takes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--officer", metavar="ID", help="the person whose scorecard it is; without it, the unit's own")
        parser.add_argument("--year", required=True, type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        card = scorecard_of(options["unit"], options["year"], options["officer"] or "")
        if card is None:
            raise CommandError(f"There is no scorecard of {options['officer'] or options['unit']} for {options['year']}.")
        self.stdout.write(json.dumps(document_of(card), ensure_ascii=False, indent=1))
