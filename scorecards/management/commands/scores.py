"""manage.py scores --unit CODE --period 2026-03 --window year --json (rule book §10)."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from scorecards.assembly.document import scores_document
from scorecards.choices import Window
from scorecards.models import Month
from scorecards.selectors.scorecard import scorecard_of


class Command(BaseCommand):
    help = "Print the scores of a unit's scorecard: of a closed period its revision, else computed anew from its readings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--officer", metavar="ID", help="the person whose scorecard it is; without it, the unit's own")
        parser.add_argument("--period", required=True, type=_month, metavar="2026-03")
        parser.add_argument("--window", required=True, choices=Window.values)
        parser.add_argument("--as-of", type=_day, default=None, metavar="DATE", help="the day on which deadlines are looked at")
        parser.add_argument("--live", action="store_true", help="compute anew; scores of open periods always are")
        parser.add_argument("--json", action="store_true", required=True, help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        period: Month = options["period"]
        card = scorecard_of(options["unit"], period.year, options["officer"] or "")
        if card is None:
            raise CommandError(f"There is no scorecard of {options['officer'] or options['unit']} for {period.year}.")
        today = options["as_of"] or timezone.localdate()
        self.stdout.write(
            json.dumps(scores_document(card, period, options["window"], today, live=options["live"]), ensure_ascii=False, indent=1)
        )


def _month(written: str) -> Month:
    try:
        return Month.parse(written)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise ArgumentTypeError(f"{written!r} is not a day like 2026-03-31.") from error
