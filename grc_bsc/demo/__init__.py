"""Demo data, brought in by the front stairs: services only."""

from datetime import date, datetime

from django.db import transaction

from grc_bsc.demo import airport, ohare, people
from ledger.services import outbox
from scorecards.forms.document import read_documents
from scorecards.services.document import import_documents
from scorecards.services.scorecard import describe_data


def load(*, today: date, now: datetime) -> None:
    """Both demo units, their scorecards and one person for each role; then all scores."""
    with transaction.atomic():
        airport.create_units()
        ohare.create_unit()
        cast = people.create(today)
        documents = [*airport.documents(today), *ohare.documents()]
        cards = import_documents(actor=cast["scorecards"], documents=read_documents(documents))
        for card in cards:
            note = ohare.NOTE if card.unit.code == ohare.CODE else airport.NOTE
            describe_data(actor=cast["scorecards"], scorecard=card, note=note)
        airport.correct(cast["officer"], today)
    outbox.drain(now=now)
