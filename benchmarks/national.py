"""A country: its month against COPY of the same facts, against other ways of computing it, its growth, one edit, and memory."""

import io
import math
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections, models, transaction
from django.utils import timezone

from benchmarks.analyst import by_pandas
from benchmarks.measure import Timing, by_turns, show, timed
from grc_bsc import garbage
from ledger.services import outbox
from organisation.models import Unit
from scorecards.assembly import cache
from scorecards.models import Measure, Month, Reading, Score, Scorecard
from scorecards.services.reading import record_reading
from scorecards.services.recompute import publish_locked

OFFICERS = int(os.environ.get("BENCH_OFFICERS", "100000"))
SUBSET, SAVES = 1_000, 150
SQL = (Path(__file__).parent / "month.sql").read_text()
FACTS = """
SELECT s.scorecard_id, s.unit_id, s.officer, s.layout_id, s.period, s."window", s.revision, n.place, n.score, n.completeness,
    substr(s.node_bands, n.place::int, 1) AS band, m.value, m.low, m.high, m.lost, m.reason, s.computed_at
FROM scorecards_score s
CROSS JOIN LATERAL unnest(s.node_scores, s.node_completeness) WITH ORDINALITY AS n (score, completeness, place)
LEFT JOIN LATERAL (
    SELECT s."values"[k] AS value, s.goals[2 * k - 1] AS low, s.goals[2 * k] AS high, s.lost[k] AS lost, substr(s.reasons, k, 1) AS reason
    FROM (SELECT (n.place - cardinality(s.node_scores) + cardinality(s."values"))::int AS k) AS place WHERE k > 0
) AS m ON true
WHERE s.period = {period} AND s."window" = 'month'
"""


def run() -> None:
    houses = max(42, 720 * OFFICERS // 100_000)
    print(f"A country: 42 districts, {houses} customs houses, {OFFICERS} officers, one month, one window")
    began = time.perf_counter()
    call_command("seed_scale", houses=houses, officers=OFFICERS, stdout=io.StringIO())
    print(f"{'seed_scale, 13 months':<58}{time.perf_counter() - began:9.1f} s")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # else PostgreSQL does it of its own accord, while something is timed
    last = Month.of_day(timezone.localdate()) - 1
    parts = districts(last.year)
    began = time.perf_counter()
    month_of(parts, last)
    print(f"{'first month, structures and layouts written':<58}{time.perf_counter() - began:9.1f} s")
    month_of(parts, last)
    memory()
    copy_facts(last)
    floor = timed(lambda: copy_facts(last), 5)
    show("COPY of the month's facts, one row a node: the floor", floor)
    one = months(parts, last, 1)
    show("the month, one worker, structures kept", one, f"{one.median / floor.median:.1f} × the floor")
    two = months(parts, last, 2)
    show("the month, two workers, structures kept", two, f"{two.median / floor.median:.1f} × the floor")
    again = timed(lambda: month_of(parts, last - 1), 3)
    show("a month that is published already, one worker", again, f"{again.median / floor.median:.1f} × the floor")
    growth(parts, last)
    cards = sum(map(len, parts))
    others(parts, last, {"one worker": one.median / cards, "two": two.median / cards})
    edits(last)
    print()


def districts(year: int) -> list[list[int]]:
    """The ids of the scorecards of each district, and of what lies in none."""
    cards = Scorecard.objects.filter(year=year).order_by("pk")
    found = [list(cards.filter(unit__paths_up__above=unit).values_list("pk", flat=True)) for unit in Unit.objects.filter(kind="district")]
    return [*found, list(cards.filter(unit__parent=None).values_list("pk", flat=True))]


def month_of(parts: list[list[int]], month: Month) -> None:
    """Part by part, as workers do it."""
    for ids in parts:
        with transaction.atomic():
            outbox.commit_without_waiting()
            publish_locked(ids, month.year, [(month, "month")], datetime.now(tz=UTC))


def memory() -> None:
    """Of a process of its own, so that what this one has filled the country with does not count."""
    code = "import django; django.setup(); from benchmarks.national import whole_country; print(whole_country())"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    print(f"{'peak memory of a process that keeps the whole country':<58}{int(told) / 1024:9.0f} MB")


def whole_country() -> int:
    """Two months of all scorecards. Returns the kilobytes that this process has held at most; what `getrusage` tells would hold the most
    of whoever started it, too."""
    garbage.settle()
    last = Month.of_day(timezone.localdate()) - 1
    for month in (last, last - 1):
        month_of(districts(last.year), month)
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))


def months(parts: list[list[int]], last: Month, workers: int) -> Timing:
    """Three months of the same year, none of them published before. Workers are processes, which keep the structures that this one has."""
    if workers == 1:
        alone = iter((1, 2, 3))
        return timed(lambda: month_of(parts, last - next(alone)), 3)
    connections.close_all()
    pools = [ProcessPoolExecutor(1, mp_context=get_context("fork")) for _ in range(workers)]
    for pool in pools:
        pool.submit(int).result()
    together = iter((4, 5, 6))

    def all_at_once() -> None:
        month = last - next(together)
        for done in [pool.submit(month_of, parts[i::workers], month) for i, pool in enumerate(pools)]:
            done.result()

    found = timed(all_at_once, 3)
    for pool in pools:
        pool.shutdown()
    return found


def copy_facts(month: Month) -> None:
    """Write all that is published of the month into a bare table; what is timed includes the commit, which waits for the disk as little as
    that of the month."""
    if not hasattr(copy_facts, "buffer"):
        buffer = io.BytesIO()
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY ({FACTS.format(period=int(month))}) TO STDOUT (FORMAT binary)", buffer)
            cursor.execute(f"CREATE TABLE bench_facts AS {FACTS.format(period=int(month))} LIMIT 0")
        copy_facts.buffer = buffer  # type: ignore[attr-defined]
    with transaction.atomic(), connection.cursor() as cursor:
        outbox.commit_without_waiting()
        copy_facts.buffer.seek(0)  # type: ignore[attr-defined]
        cursor.execute("TRUNCATE bench_facts")
        cursor.copy_expert("COPY bench_facts FROM STDIN (FORMAT binary)", copy_facts.buffer)  # type: ignore[attr-defined]


def growth(parts: list[list[int]], last: Month) -> None:
    """The exponent of a power law through the times of a hundredth, a tenth and all of the country."""
    points = []
    for share in (0.025, 0.25, 1.0):
        some = parts[: max(1, round(len(parts) * share))]
        month_of(some, last)
        taken = timed(partial(month_of, some, last), 3)
        points.append((math.log(sum(map(len, some))), math.log(taken.median)))
    mean_x, mean_y = (sum(p[i] for p in points) / len(points) for i in (0, 1))
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _y in points)
    sizes = ", ".join(f"{math.exp(x):.0f}" for x, _y in points)
    print(f"{'growth over ' + sizes + ' scorecards: exponent':<58}{slope:9.2f}")


def others(parts: list[list[int]], last: Month, ours: dict[str, float]) -> None:
    """The same month of some officers by a loop, in pandas and by one statement; the scores are compared before anything is timed.
    The loop stores what it finds, each node by itself, as such loops do; the others only compute. ours: seconds a scorecard of the month."""
    ids = list(
        Scorecard.objects.filter(pk__in=parts[0], missing_policy="exclude").exclude(officer="").values_list("pk", flat=True)[:SUBSET]
    )
    few = ids[:50]
    with connection.schema_editor() as editor:
        editor.create_model(NodeRow)
    published = dict(Score.objects.filter(scorecard__in=ids, period=int(last), window="month").values_list("scorecard", "base"))
    for found in (by_loop(few, last), by_pandas(ids, last), by_statement(ids, last)):
        assert all(abs((score or 0) - (published[card] or 0)) < 1e-6 for card, score in found.items()), "the scores differ"
    ways = (
        ("a loop that reads and stores each node", by_loop, few),
        ("pandas, vectorised", by_pandas, ids),
        ("one SQL statement", by_statement, ids),
    )
    for name, way, cards in ways:
        taken = timed(partial(way, cards, last), 3)
        each = Timing(*(x / len(cards) for x in vars(taken).values()))
        ratios = ", ".join(f"{each.median / seconds:.4g} × {workers}" for workers, seconds in ours.items())
        show(f"{name}, each scorecard", each, f"{ratios} of ours")


class NodeRow(models.Model):
    """One score as the loop keeps it."""

    node = models.CharField(max_length=40)
    period = models.IntegerField()
    score = models.FloatField(null=True)

    class Meta:
        app_label = "benchmarks"
        constraints = [models.UniqueConstraint(fields=["node", "period"], name="bench_node_once")]


def by_loop(ids: list[int], month: Month) -> dict[int, float | None]:
    """As it is written in a hurry: each node is read by itself, and its score stored by itself."""

    def stored(node: models.Model, score: float | None) -> float | None:
        key = f"{node._meta.model_name} {node.pk}"
        NodeRow.objects.update_or_create(node=key, period=int(month), defaults={"score": score})
        return score

    def mean(pairs: list[tuple[float, float | None]]) -> float | None:
        has = [(w, x) for w, x in pairs if x is not None]
        return sum(w * x for w, x in has) / sum(w for w, _x in has) if sum(w for w, _x in has) else None

    def measure(node: Measure) -> float | None:
        reading = Reading.objects.filter(measure=node, month=int(month), not_applicable="").first()
        states = {"verified"} if node.scorecard.counts == "verified" else {"verified", "submitted"}
        if reading is None or reading.state not in states:
            return None
        value = node.factor * reading.numerator / reading.denominator if node.method == "ratio" else reading.value
        points, scores = node.targets.get().points, node.curve_scores
        pairs = sorted(zip(points, scores, strict=True))
        if value <= pairs[0][0] or value >= pairs[-1][0]:
            return pairs[0][1] if value <= pairs[0][0] else pairs[-1][1]
        for (a, x), (b, y) in pairwise(pairs):
            if a <= value <= b:
                return x + (y - x) * (value - a) / (b - a)
        return None

    found = {}
    for pk in ids:
        card = Scorecard.objects.get(pk=pk)
        tops = []
        for perspective in card.perspectives.all():
            middles = []
            for objective in perspective.objectives.all():
                below = [(node.weights.get().weight, stored(node, measure(node))) for node in objective.measures.all()]
                middles.append((objective.weights.get().weight, stored(objective, mean(below))))
            tops.append((perspective.weights.get().weight, stored(perspective, mean(middles))))
        found[pk] = stored(card, mean(tops))
    return found


def by_statement(ids: list[int], month: Month) -> dict[int, float | None]:
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"ids": ids, "month": int(month)})
        return dict(cursor.fetchall())


def edits(last: Month) -> None:
    """One value saved, until the new score of its scorecard is there; then until the house and the district have theirs."""
    measure = (
        Measure.objects.filter(scorecard__year=last.year, scorecard__officer="000777", code="M01").select_related("scorecard__unit").get()
    )
    outbox.drain(now=timezone.now())
    numbers = iter(range(1, 1000))

    def save() -> None:
        parts = {"numerator": float(next(numbers)), "denominator": 1000.0}
        record_reading(actor=None, measure=measure, month=last, today=timezone.localdate(), numbers=parts)

    def update() -> None:
        with transaction.atomic():
            Reading.objects.filter(measure=measure, month=int(last)).update(numerator=float(next(numbers)))

    save()
    bare, saved = by_turns([update, save], SAVES)
    show("one UPDATE and commit", bare)
    show("one value saved, new score of its scorecard there", saved, f"{saved.median / bare.median:.1f} × the UPDATE")

    def visible() -> None:
        save()
        outbox.drain(now=timezone.now())

    visible()
    show("… and of its house and district", timed(visible, 5))
    cache.forget()
    show("… the same by a worker that keeps nothing yet", timed(visible, 1))
