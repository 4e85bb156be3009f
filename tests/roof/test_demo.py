"""The demo data: what `make run` shows, and the numbers that are known of it."""

import io
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from grc_bsc import demo
from grc_bsc.demo import airport, ohare
from organisation.choices import Role
from organisation.models import Membership, Unit
from scorecards.models import Measure, Reading, Score, Scorecard

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def demo_data(django_db_setup, django_db_blocker):
    """Loaded once, in a transaction around all these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo.load(today=date(2026, 11, 25), now=datetime(2030, 1, 1, tzinfo=UTC))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(demo_data, db):
    """Each test begins with the demo data."""


def scores(unit: str, period: str, window: str) -> dict:
    out = io.StringIO()
    call_command("scores", "--json", "--unit", unit, "--period", period, "--window", window, stdout=out)
    return json.loads(out.getvalue())


def measures(document: dict) -> dict[str, dict]:
    return {m["code"]: m for p in document["perspectives"] for o in p["objectives"] for m in o["measures"]}


def test_ohare_within_30_minutes_is_divided_once_and_not_averaged(loaded):
    found = measures(scores("ORD-T5", "2020-12", "year"))["C2-01"]
    assert found["value"] == pytest.approx(90.01, abs=0.01)


def test_ohare_months_are_those_of_the_file(loaded):
    import csv

    with ohare.FILE.open(newline="") as lines:
        rows = {row["period"]: row for row in csv.DictReader(lines)}
    for period in ("2016-01", "2018-07", "2020-04"):
        found = measures(scores("ORD-T5", period, "month"))
        assert found["C2-01"]["value"] == pytest.approx(float(rows[period]["pct_within_30min"]), abs=0.005)
        assert found["C2-02"]["value"] == float(rows[period]["avg_wait_min"])
        assert found["F3-02"]["value"] == pytest.approx(float(rows[period]["passengers_per_booth_hour"]), abs=0.005)


def test_the_airport_has_its_divisions_objectives_and_measures(loaded):
    card = Scorecard.objects.get(unit__code=airport.CODE, year=2026)
    assert Unit.objects.get(code=airport.CODE).children.count() == 16
    assert (card.objectives.count(), card.measures.count(), card.illustrative) == (20, 63, True)
    counted = Reading.objects.filter(measure__scorecard__unit__code=airport.CODE).exclude(state="draft")
    months = counted.order_by().values_list("month", flat=True).distinct()
    assert len(months) == 24
    assert str(max(months)) == "2026-10"


def test_some_values_are_late_missing_or_off_target(loaded):
    october = Score.objects.get(unit__code=airport.CODE, window="month", period=12 * 2026 + 9)
    assert october.completeness < 1
    assert {"a", "b", "c"} <= set(october.node_bands)


def test_there_is_one_demo_person_for_each_role(loaded):
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)


@pytest.mark.needs_redis
def test_sqlite_and_postgresql_agree_to_the_last_bit(loaded, tmp_path):
    """The same documents, loaded into SQLite by a process of its own, give the same text of the same numbers."""
    environment = {
        **os.environ,
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "grc_bsc.settings",
    }
    program = (
        "import django; django.setup()\n"
        "from datetime import UTC, date, datetime\n"
        "from django.core.management import call_command\n"
        "from grc_bsc import demo\n"
        "call_command('migrate', verbosity=0)\n"
        "demo.load(today=date(2026, 11, 25), now=datetime(2030, 1, 1, tzinfo=UTC))\n"
        "for unit, period in (('BCIA', '2026-10'), ('ORD-T5', '2019-12'), ('PAX', '2025-06')):\n"
        "    call_command('scores', '--json', '--unit', unit, '--period', period, '--window', 'year')\n"
        "from scorecards.models import Score\n"
        "rows = Score.objects.select_related('unit')\n"
        "print(sorted((r.unit.code, r.officer, int(r.period), r.window, r.score, r.node_scores, r.values, r.lost) for r in rows))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, cwd=ROOT, check=True)
    out = io.StringIO()
    for unit, period in (("BCIA", "2026-10"), ("ORD-T5", "2019-12"), ("PAX", "2025-06")):
        call_command("scores", "--json", "--unit", unit, "--period", period, "--window", "year", stdout=out)
    rows = sorted(
        (r.unit.code, r.officer, int(r.period), r.window, r.score, r.node_scores, r.values, r.lost)
        for r in Score.objects.select_related("unit")
    )
    assert done.stdout == out.getvalue() + f"{rows}\n"
    assert Measure.objects.count() > 63


def test_our_verdict_on_every_indicator_of_new_york_is_the_published_one(db):
    import json

    from grc_bsc.demo import newyork
    from scorecards.assembly.document import scores_document
    from scorecards.forms.document import read_documents
    from scorecards.models import Month
    from scorecards.services.document import import_documents

    card = import_documents(actor=None, documents=read_documents(newyork.documents()))[0]
    found = scores_document(card, Month.of(newyork.YEAR, 12), "year", date(2024, 1, 1))
    measures = [m for p in found["perspectives"] for o in p["objectives"] for m in o["measures"]]
    ours = {m["code"]: "met" if m["score"] == 100 else "not_met" for m in measures}
    published = {f"I{row['indicator_id']}": row["ref_met_goal"] for row in newyork.rows()}
    assert len(published) == 351
    assert ours == published
    assert json.loads(next(newyork.documents())[1])["year"] == 2023
