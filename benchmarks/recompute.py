"""One scorecard and ten thousand: a month computed from its rows and published."""

import random
from datetime import UTC, date, datetime

from django.db import connection

from benchmarks.measure import show, timed
from organisation.models import Unit
from organisation.services.unit import create_unit
from scorecards.assembly import publish
from scorecards.assembly.load import load
from scorecards.models import (
    Measure,
    MeasureWeight,
    Month,
    Objective,
    ObjectiveWeight,
    Perspective,
    PerspectiveWeight,
    Reading,
    Score,
    Scorecard,
    Target,
)

CARDS, MEASURES, BATCH = 10_000, 9, 2_000
PERIOD, TODAY, NOW = Month.of(2026, 3), date(2026, 3, 20), datetime(2026, 3, 20, tzinfo=UTC)


def run() -> None:
    print(f"Recompute on PostgreSQL: {CARDS} scorecards of {MEASURES} measures, one month, one window")
    ids = seed()
    one = timed(lambda: publish.publish(ids[:1], 2026, [(PERIOD, "month")], today=TODAY, now=NOW), 15)
    show("one scorecard", one)
    many = timed(lambda: publish_all(ids), 3)
    show(f"{CARDS} scorecards", many, f"{1e6 * many.median / CARDS:.0f} µs each")
    floor = timed(copy_of_rows, 3)
    show("COPY of the same rows, one a node, into a bare table", floor)
    check(ids)
    print(f"ratio: {CARDS} scorecards to COPY of their node rows          {many.median / floor.median:.1f}")
    print(f"ratio: one scorecard alone to its share of the batch          {one.median / (many.median / CARDS):.1f}\n")


def publish_all(ids: list[int]) -> None:
    for i in range(0, len(ids), BATCH):
        publish.publish(ids[i : i + BATCH], 2026, [(PERIOD, "month")], today=TODAY, now=NOW)


def check(ids: list[int]) -> None:
    """The batch and a scorecard alone give the same bits."""
    batch = dict(Score.objects.values_list("scorecard", "score"))
    for pk in ids[:: CARDS // 50]:
        loaded = load([pk], 2026)
        alone = publish.score_cells(loaded, [(PERIOD, "month")], TODAY)
        assert float(alone.score[0]).hex() == float(batch[pk]).hex()


def seed() -> list[int]:
    """Units with a scorecard each, two perspectives, three objectives, three months of readings."""
    chance = random.Random(1)
    root = create_unit(actor=None, code="ROOT", name="Root", parent=None)
    units = Unit.objects.bulk_create(Unit(code=f"U{i}", name=f"Unit {i}", parent=root) for i in range(CARDS))
    cards = Scorecard.objects.bulk_create(Scorecard(unit=unit, year=2026, name="Card") for unit in units)
    tops = Perspective.objects.bulk_create(Perspective(scorecard=c, code=f"P{k}", name="P", position=k) for c in cards for k in range(2))
    PerspectiveWeight.objects.bulk_create(PerspectiveWeight(node=node, weight=chance.randint(1, 9)) for node in tops)
    middles = Objective.objects.bulk_create(
        Objective(scorecard=top.scorecard, perspective=top, code=f"{top.code}-{k}", name="O", position=k)
        for top in tops
        for k in range(1 + top.position)
    )
    ObjectiveWeight.objects.bulk_create(ObjectiveWeight(node=node, weight=chance.randint(1, 9)) for node in middles)
    kind = {"preset": "red_flag", "curve_scores": [0, 60, 100, 120], "method": "average", "frequency": "monthly", "better": "higher"}
    measures = Measure.objects.bulk_create(
        (
            Measure(scorecard=middle.scorecard, objective=middle, code=f"M{middle.code}-{k}", name="M", position=k, **kind)
            for middle in middles
            for k in range(MEASURES // 3)
        ),
        batch_size=5_000,
    )
    MeasureWeight.objects.bulk_create((MeasureWeight(node=node, weight=chance.randint(1, 9)) for node in measures), batch_size=5_000)
    Target.objects.bulk_create(
        (Target(measure=m, from_month=Month.of(2026, 1), points=[20, 50, 80, 95]) for m in measures), batch_size=5_000
    )
    Reading.objects.bulk_create(
        (
            Reading(measure=m, month=Month.of(2026, k), value=chance.randint(0, 1000) / 10)
            for m in measures
            for k in (1, 2, 3)
            if chance.random() < 0.95
        ),
        batch_size=5_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [card.pk for card in cards]


def copy_of_rows() -> None:
    """The floor: the score facts as rows, one a node, written by COPY."""
    import io

    nodes = 1 + 2 + 3 + MEASURES
    text = io.StringIO("".join(f"{card}\t{node}\t{PERIOD:d}\t73.291837465\t1\n" for card in range(CARDS) for node in range(nodes)))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE facts (card bigint, node bigint, period int, score float8, completeness float8)")
        cursor.copy_expert("COPY facts FROM STDIN", text)
        cursor.execute("DROP TABLE facts")
