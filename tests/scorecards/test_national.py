"""A month of all scorecards: as a job in parts, by COPY, with the same bits as one scorecard alone."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.urls import reverse

from ledger.models import JobRun, OutboxEntry
from ledger.services import outbox
from organisation.models import Unit
from scorecards.assembly import cache, write
from scorecards.forms.document import read_documents
from scorecards.models import Month, Score, Scorecard
from scorecards.services import national, recompute
from scorecards.services.document import import_documents
from tests import random_documents

MARCH = Month.of(2026, 3)
NOW = datetime(2026, 6, 11, 4, tzinfo=UTC)


def rows() -> dict:
    fields = [field.attname for field in Score._meta.concrete_fields if field.attname not in {"id", "computed_at", "layout_id"}]
    return {(row["scorecard_id"], row["period"], row["window"]): row for row in Score.objects.values(*fields)}


@pytest.fixture
def country(db):
    """Two countries with every feature on, scored one scorecard at a time."""
    for seed in (7, 8):
        documents = random_documents.country(seed)
        for document in documents:
            for place in (document["unit"], *(m for p in document["perspectives"] for o in p["objectives"] for m in o["measures"])):
                if "contributors" in place:
                    place["contributors"] = [f"S{seed}{written}" for written in place["contributors"]]
            unit = document["unit"]
            unit["code"], unit["parent"] = f"S{seed}{unit['code']}", unit["parent"] and f"S{seed}{unit['parent']}"
        import_documents(actor=None, documents=read_documents((f"{i}", json.dumps(d).encode()) for i, d in enumerate(documents)))
    Unit.objects.filter(code__endswith="D").update(kind="district")
    OutboxEntry.objects.all().delete()
    for card in Scorecard.objects.all():
        recompute.publish_locked([card.pk], 2026, [(MARCH, window) for window in ("month", "quarter", "year")], NOW)
    return rows()


def test_many_together_and_by_copy_leave_the_bits_of_each_alone(country, monkeypatch):
    """Also of officers whose staff numbers take more bytes than letters, and of several months."""
    for card, name in zip(Scorecard.objects.exclude(officer="").order_by("pk"), ("李四", "ŁÓDŹ-1"), strict=False):
        Scorecard.objects.filter(pk=card.pk).update(officer=name, version=card.version + 1)
    cells = [(month, window) for month in (MARCH, MARCH + 1) for window in ("month", "quarter", "year")]
    for card in Scorecard.objects.all():
        recompute.publish_locked([card.pk], 2026, cells, NOW)
    alone = rows()
    assert len(alone) == 2 * len(country)
    monkeypatch.setattr(write, "FEW", 2)
    for gone, forget in ((Scorecard.objects.order_by("pk")[:5], True), (Scorecard.objects.all(), False)):
        Score.objects.filter(scorecard__in=gone).delete()
        if forget:
            cache.forget()
        ids = list(Scorecard.objects.order_by("pk").values_list("pk", flat=True))
        recompute.publish_locked(ids, 2026, cells, NOW)
        assert rows() == alone


@pytest.mark.needs_redis
def test_rows_that_say_the_same_already_are_left_alone(country, monkeypatch):
    monkeypatch.setattr(write, "FEW", 2)
    before = set(Score.objects.values_list("computed_at", flat=True))
    ids = list(Scorecard.objects.values_list("pk", flat=True))
    recompute.publish_locked(ids, 2026, [(MARCH, "month")], datetime(2026, 6, 11, 9, tzinfo=UTC))
    assert set(Score.objects.values_list("computed_at", flat=True)) == before
    assert connection.vendor == "postgresql"


@pytest.mark.needs_redis
@pytest.mark.django_db(transaction=True)
def test_only_what_computes_anew_commits_without_waiting_for_the_disk(monkeypatch):
    def waits() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            return cursor.fetchone()[0]

    seen = []
    monkeypatch.setattr(recompute, "publish_locked", lambda *_: seen.append(waits()))
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")
    with transaction.atomic():
        outbox.put(topic=recompute.MANY, payloads={"1": {"year": 2026, "ids": [1]}})
        assert waits() == "on"
    outbox.drain(now=datetime.now(tz=UTC))
    with transaction.atomic():
        outbox.put(topic=recompute.MANY, payloads={"1": {"year": 2026, "ids": [1]}})
        outbox.drain(now=datetime.now(tz=UTC))
        assert waits() == "on"
    assert seen == ["off", "on"]


@pytest.fixture
def publish(country):
    """Publishes a scorecard. Gives the scorecard, and that, which answers with the band."""
    scored = Score.objects.filter(period=int(MARCH), window="month", band__in=["red", "amber", "green"])
    card = Scorecard.objects.get(pk=scored.values_list("scorecard", flat=True).first())

    def publish_one() -> str:
        recompute.publish_locked([card.pk], 2026, [(MARCH, "month")], NOW)
        return Score.objects.get(scorecard=card, period=int(MARCH), window="month").band

    publish_one()
    return card, publish_one


def test_a_structure_is_kept_and_read_again_after_a_change(publish, django_assert_max_num_queries):
    card, again = publish
    with django_assert_max_num_queries(10):
        again()
    Scorecard.objects.filter(pk=card.pk).update(bands=[["all", 0]], version=card.version + 1)
    assert again() == "all"


@pytest.mark.django_db(transaction=True)
def test_a_structure_that_was_taken_back_is_not_kept(publish):
    card, again = publish
    changed = Scorecard.objects.filter(pk=card.pk)
    with pytest.raises(RuntimeError), transaction.atomic():
        changed.update(bands=[["gone", 0]], version=card.version + 1)
        recompute.publish_locked([card.pk], 2026, [(MARCH, "month")], NOW)
        raise RuntimeError
    changed.update(bands=[["all", 0]], version=card.version + 1)
    assert again() == "all"


def start() -> JobRun:
    root = Unit.objects.create(code="ALL", name="All")
    for unit in Unit.objects.filter(parent=None).exclude(pk=root.pk):
        from organisation.services.unit import edit_unit

        edit_unit(actor=None, unit=unit, version=unit.version, name=unit.name, name_zh=unit.name_zh, parent=root)
    from organisation.models import UnitPath

    UnitPath.objects.get_or_create(above=root, below=root, distance=0)
    for unit in Unit.objects.exclude(pk=root.pk):
        UnitPath.objects.get_or_create(above=root, below=unit, defaults={"distance": 1})
    return national.start(actor=None, unit=root, month=MARCH)


def test_a_job_does_every_district_once_and_tells_how_far_it_is(country):
    Score.objects.all().delete()
    run = start()
    assert (run.total, OutboxEntry.objects.count()) == (3, 3)
    outbox.drain(now=datetime.now(tz=UTC))
    run.refresh_from_db()
    assert (run.state, run.done, run.finished_at is not None) == ("done", 3, True)
    assert rows() == country


def test_a_part_that_is_done_twice_changes_nothing(country):
    run = start()
    part = OutboxEntry.objects.order_by("id").first()
    national.handle(part.key, [part.payload, part.payload], NOW)
    assert rows() == country
    assert JobRun.objects.get(pk=run.pk).done == 2


def test_a_cancelled_job_does_nothing_more(country, people, as_user):
    from organisation.choices import Role
    from organisation.services.membership import grant_role

    run = start()
    grant_role(
        actor=None, person=people["scorecards"], unit=Unit.objects.get(code="ALL"), role=Role.SCORECARD_ADMINISTRATOR, from_date=NOW.date()
    )
    Score.objects.all().delete()
    page = as_user("scorecards").post(reverse("scorecards:recompute-cancel", args=[run.pk]), follow=True).content.decode()
    assert "Cancelled" in page
    outbox.drain(now=datetime.now(tz=UTC))
    assert not Score.objects.exists()
    assert not OutboxEntry.objects.exists()
