"""Published scores are those of a new computation, whatever was edited and in whatever order."""

import random
from datetime import UTC, date, datetime

import pytest

from ledger.services import outbox
from scorecards.assembly.document import scores_document
from scorecards.models import Month, Score
from scorecards.selectors.score import trend
from scorecards.services import recompute
from scorecards.services.reading import clear_reading, record_reading
from tests import cast

pytestmark = pytest.mark.django_db


def differences(card, today) -> list[str]:
    """Published rows that differ from a computation from scratch."""
    found = []
    for row in Score.objects.filter(scorecard=card).select_related("layout"):
        fresh = scores_document(card, row.period, row.window, today)
        measures = [m for p in fresh["perspectives"] for o in p["objectives"] for m in o["measures"]]
        published = (row.score, row.completeness, row.band, row.values)
        if published != (fresh["score"], fresh["completeness"], fresh["band"], [m["value"] for m in measures]):
            found.append(f"{row.period} {row.window}")
    return found


def test_after_any_edits_every_published_score_equals_one_from_scratch(load, officer):
    card = load(cast.document(cast.measure("A", readings=cast.readings(1, 2)), cast.measure("B", method="sum")))
    today, chance = datetime.now(tz=UTC).date(), random.Random(7)
    for _ in range(25):
        measure, month = chance.choice(list(card.measures.all())), Month.of(2026, chance.randint(1, 3))
        if chance.random() < 0.2:
            clear_reading(actor=officer, measure=measure, month=month)
        else:
            numbers = {"value": chance.randint(0, 120)}
            record_reading(actor=officer, measure=measure, month=month, today=cast.TODAY, numbers=numbers)
        if chance.random() < 0.4:
            outbox.drain(now=datetime.now(tz=UTC))
    outbox.drain(now=datetime.now(tz=UTC))
    assert differences(card, today) == []
    assert Score.objects.filter(scorecard=card).count() > 0


def test_a_change_shows_in_the_windows_over_its_month():
    cells = recompute.cells(2026, {Month.of(2026, 2)}, date(2026, 5, 20))
    assert [f"{period} {window}" for period, window in cells] == [
        "2026-02 month",
        "2026-02 quarter",
        "2026-02 year",
        "2026-03 quarter",
        "2026-03 year",
        "2026-04 year",
        "2026-05 year",
    ]


def test_scores_are_published_up_to_the_running_month():
    assert {str(period) for period, _ in recompute.cells(2026, None, date(2026, 2, 1))} == {"2026-01", "2026-02"}


def test_nodes_keep_their_numbers_across_years_by_code(load):
    load(
        cast.document(
            cast.measure("A", readings=cast.readings(50, year=2025, first=12), targets=[{"from": "2025-01", "points": [0, 100]}]), year=2025
        ),
        cast.document(cast.measure("A", readings=cast.readings(70))),
    )
    from organisation.models import Unit

    rows = trend(Unit.objects.get(code="HOUSE"), Month.of(2026, 1), "month")
    assert [(str(month), rows[month].measures["A"].value) for month in sorted(rows) if month >= Month.of(2025, 12)] == [
        ("2025-12", 50),
        ("2026-01", 70),
    ]


@pytest.mark.parametrize(
    ("day", "asked"), [(date(2026, 11, 24), 0), (date(2026, 11, 25), 1), (date(2027, 1, 31), 1), (date(2027, 12, 31), 1)]
)
def test_a_new_day_asks_once_for_what_it_changes(load, day, asked):
    from ledger.models import OutboxEntry
    from scorecards.models import Scorecard

    load(cast.document(cast.measure("A"), missing_policy="zero"))
    Scorecard.objects.update(published_on=date(2026, 11, 24))
    for _ in range(2):
        recompute.publish_day(today=day)
        assert OutboxEntry.objects.count() == asked


@pytest.mark.parametrize(("day", "asked"), [(date(2026, 11, 25), 0), (date(2026, 12, 1), 1)])
def test_where_missing_values_are_left_out_only_a_new_month_changes_scores(load, day, asked):
    from ledger.models import OutboxEntry
    from scorecards.models import Scorecard

    load(cast.document(cast.measure("A")))
    Scorecard.objects.update(published_on=date(2026, 11, 24))
    recompute.publish_day(today=day)
    assert OutboxEntry.objects.count() == asked


def test_a_past_year_rests_once_its_last_deadline_lies_behind_it(load):
    from ledger.models import OutboxEntry
    from scorecards.models import Scorecard

    load(cast.document(cast.measure("A")))
    Scorecard.objects.update(published_on=date(2027, 2, 1))
    recompute.publish_day(today=date(2027, 6, 1))
    assert not OutboxEntry.objects.exists()
