"""Writes many new scorecards at once, for people who hold the same post: rows in bulk, one audit line a scorecard."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from ledger.services import audit, outbox
from organisation.models import Unit, User
from scorecards.models import Contributor, Measure, MeasureWeight, Objective, ObjectiveWeight, Perspective, PerspectiveWeight, Scorecard
from scorecards.models import Target as TargetRow
from scorecards.models.month import Month
from scorecards.selectors.dependency import Card, Key, measure_ids
from scorecards.selectors.document import Document, contributor_parts
from scorecards.services.document import SETTINGS, set_parent_and_rules, weight_rows
from scorecards.services.recompute import MANY

BATCH = 1_000


@transaction.atomic
def create_alike(*, actor: User | None, units: dict[str, Unit], documents: list[Document]) -> list[Scorecard]:
    """New scorecards of one year without readings, links, pairs and formulas. documents: sound ones of different officers, none of whom has
    a scorecard in that unit and year; units: by code. Returns them in that order, to be computed soon."""
    cards = [_card(units[document["unit"]["code"]], document) for document in documents]
    Scorecard.objects.bulk_create(cards, batch_size=BATCH)
    given = list(zip(cards, documents, strict=True))
    perspectives = [(card, None, node) for card, document in given for node in document["perspectives"]]
    above = _level(Perspective, PerspectiveWeight, perspectives)
    objectives = [
        (card, parent, child) for (card, _, node), parent in zip(perspectives, above, strict=True) for child in node["objectives"]
    ]
    above = _level(Objective, ObjectiveWeight, objectives)
    measures = [(card, parent, child) for (card, _, node), parent in zip(objectives, above, strict=True) for child in node["measures"]]
    rows = _level(Measure, MeasureWeight, measures)
    nodes = [node for _card, _parent, node in measures]
    TargetRow.objects.bulk_create(
        (
            TargetRow(measure=row, from_month=Month.parse(target["from"]), points=target["points"])
            for row, node in zip(rows, nodes, strict=True)
            for target in node["targets"]
        ),
        batch_size=BATCH,
    )
    _contributors(rows, nodes, documents[0]["year"] if documents else 0)
    audit.record_all(actor=actor, lines=[audit.Line("create", card, None, {"name": card.name, "officer": card.officer}) for card in cards])
    if cards:
        ids = [card.pk for card in cards]
        outbox.put(topic=MANY, payloads={f"{cards[0].year}.{ids[0]}": {"year": cards[0].year, "ids": ids}})
    return cards


def _card(unit: Unit, document: Document) -> Scorecard:
    settings = {name: document[name] for name in (*SETTINGS, "name_zh")}
    return Scorecard(unit=unit, officer=document["officer"], year=document["year"], **settings)


def _level(model: Any, weights: Any, given: Iterable[tuple[Scorecard, Any, Document]]) -> list[Any]:
    rows: list[tuple[Any, Any]] = []
    places: dict[int, int] = {}
    for card, parent, fields in given:
        position = places[card.pk] = places.get(card.pk, -1) + 1
        row = model(scorecard=card, code=fields["code"], name=fields["name"], name_zh=fields.get("name_zh", ""), position=position)
        set_parent_and_rules(row, parent, fields)
        rows.append((row, fields["weight"]))
    model.objects.bulk_create((row for row, _weight in rows), batch_size=BATCH)
    weights.objects.bulk_create((one for row, weight in rows for one in weight_rows(weights, row, weight)), batch_size=BATCH)
    return [row for row, _weight in rows]


def _contributors(rows: list[Measure], nodes: list[Document], year: int) -> None:
    named = []
    for row, node in zip(rows, nodes, strict=True):
        for place, written in enumerate(node.get("contributors") or [], start=1):
            unit, officer, code = contributor_parts(written)
            named.append((row, place, Key(Card(unit, officer, year), code)))
    known = measure_ids({key for _row, _place, key in named})
    Contributor.objects.bulk_create(
        (Contributor(measure=row, position=place, source_id=known[key]) for row, place, key in named), batch_size=BATCH
    )
