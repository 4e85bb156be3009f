"""The product and an independent slow reference agree on random scorecards with every feature on: to the last bit in what the rule
book rounds."""

import json
import random

import pytest
from django.db import connection

from scorecards.assembly.document import scores_document
from scorecards.assembly.load import load
from scorecards.assembly.publish import score_cells
from scorecards.forms.document import read_documents
from scorecards.models import Month, Scorecard
from scorecards.selectors.document import document_of
from scorecards.services.document import import_documents
from tests import random_documents
from tests.reference import Reference

pytestmark = pytest.mark.django_db
WINDOWS = ("month", "quarter", "year")
CELLS = [(month, window) for month in (1, 3, 5, 9, 12) for window in WINDOWS]
NUMBERS = ("score", "completeness", "value", "weight", "base", "adjustment")


def differences(found: dict, wanted: dict, at: str = "") -> list[str]:
    told = []
    for name in NUMBERS:
        if name in found:
            a, b = found[name], wanted[name]
            near = name == "weight" and a is not None and abs(a - float(b)) <= 1e-9 * b
            if not near and a != (None if b is None else float(b)):
                told.append(f"{at} {name}: {a} is not {b if b is None else float(b)}")
    words = [name for name in ("band", "reason") if name in found and found[name] != wanted[name]]
    told += [f"{at} {name}: {found[name]} is not {wanted[name]}" for name in words]
    for name in ("perspectives", "objectives", "measures"):
        for a, b in zip(found.get(name, []), wanted.get(name, []), strict=True):
            told += differences(a, b, f"{at}/{a['code']}")
    return told


def bring_in(documents: list[dict]) -> None:
    import_documents(actor=None, documents=read_documents((f"{i}", json.dumps(d).encode()) for i, d in enumerate(documents)))


def of_this_database(seed: int) -> int:
    """Each database is given countries of its own."""
    return 2 * seed + (connection.vendor == "postgresql")


@pytest.mark.parametrize("seed", range(9))
def test_the_product_agrees_with_the_rule_book(db, seed):
    documents = random_documents.country(of_this_database(seed))
    bring_in(documents)
    chance, told = random.Random(seed), []
    today = chance.choice(random_documents.DAYS)
    reference = Reference(documents, today)
    for card in Scorecard.objects.select_related("unit"):
        for month, window in ((month, window) for month in chance.sample(range(1, 13), 4) for window in WINDOWS):
            found = scores_document(card, Month.of(2026, month), window, today)
            wanted = reference.scores((card.unit.code, card.officer, 2026), (2026, month), window)
            told += differences(found, wanted, f"{card.unit.code} {card.officer} {month} {window}")
    assert not told, "\n".join(told[:12])


@pytest.mark.parametrize("seed", range(50, 52))
def test_a_score_is_the_same_to_the_last_bit_whatever_stands_beside_it(db, seed):
    bring_in(random_documents.country(of_this_database(seed)))
    ids = list(Scorecard.objects.order_by("pk").values_list("pk", flat=True))
    cells = [(Month.of(2026, month), window) for month, window in CELLS]

    def scores(chosen: list[int], chosen_cells: list) -> dict:
        loaded = load(chosen, 2026)
        results = score_cells(loaded, chosen_cells, random_documents.TODAY)
        at = len(loaded.scorecards)
        return {
            (loaded.scorecards[j], cell): (results.score[i * at + j].hex(), results.completeness[i * at + j].hex())
            for i, cell in enumerate(chosen_cells)
            for j in range(loaded.own)
        }

    whole = scores(ids, cells)
    alone = {key: value for pk in ids for cell in cells for key, value in scores([pk], [cell]).items()}
    halves = {**scores(ids[::2], cells[::-1]), **scores(ids[1::2], cells)}
    assert whole == alone == halves


@pytest.mark.parametrize("seed", range(200, 203))
def test_a_country_comes_out_as_it_went_in(db, seed):
    bring_in(random_documents.country(seed))
    first = {(card.unit.code, card.officer): document_of(card) for card in Scorecard.objects.select_related("unit__parent")}
    bring_in(list(first.values()))
    assert {(card.unit.code, card.officer): document_of(card) for card in Scorecard.objects.select_related("unit__parent")} == first
