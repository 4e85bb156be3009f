"""Demo data, brought in by the front stairs: services only."""

from datetime import date, datetime

from django.db import connection, transaction

from grc_bsc.demo import airport, cycle, logistics, newyork, ohare, people, team
from ledger.services import outbox
from scorecards.forms.document import read_documents
from scorecards.services.document import import_documents
from scorecards.services.scorecard import describe_data


def load(*, today: date, now: datetime) -> None:
    """All demo units, their scorecards and one person for each role; then all scores."""
    with transaction.atomic():
        airport.create_units()
        for source in (ohare, newyork, logistics):
            source.create_unit()
        cast = people.create(today)
        cards = []
        for documents in (airport.documents(today), ohare.documents(), newyork.documents(), logistics.documents()):
            cards += import_documents(actor=cast["scorecards"], documents=read_documents(documents))
            _tell_the_planner()
        for card in cards:
            note = {ohare.CODE: ohare.NOTE, newyork.CODE: newyork.NOTE, logistics.CODE: logistics.NOTE}.get(card.unit.code, airport.NOTE)
            describe_data(actor=cast["scorecards"], scorecard=card, note=note)
        airport.publish_items(cast["scorecards"])
        airport.fill_catalogue(cast["scorecards"], today)
        airport.write_strategy(cast["manager"])
        airport.trace_instructions(cast["manager"], today)
        airport.begin_draft(cast["manager"], today, now)
        airport.propose(cast["manager"], today, now)
        airport.correct(cast["officer"], today)
        cycle.assign_reporters(cast, today)
        team.begin(cast, today, now)
        team.report(cast, today, now)
        team.agree_and_talk(cast, today, now)
        cycle.close_months(cast["scorecards"], today, now)
        cycle.go_on_with_the_month(cast, today, now)
        team.count(cast, today)
    outbox.drain(now=now)


def _tell_the_planner() -> None:
    """All of it is one transaction, of which the database would know the sizes only at its end."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
