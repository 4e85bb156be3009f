"""Pages: what they say, and how many questions they ask the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scorecards.choices import ReadingState
from scorecards.models import Measure, Month, Reading
from scorecards.selectors.document import definition_of
from scorecards.services import version
from tests import cast
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
PAGES = {
    "scorecards:dashboard": lambda: ["HOUSE"],
    "scorecards:tree": lambda: ["HOUSE"],
    "scorecards:entry": lambda: ["HOUSE", "2026-02"],
    "scorecards:measure": lambda: [Measure.objects.order_by("pk")[0].pk],
    "scorecards:measure-history": lambda: [Measure.objects.order_by("pk")[0].pk],
    "scorecards:scorecard-history": lambda: ["HOUSE", 2026],
    "scorecards:unit-list": list,
    "scorecards:map": lambda: ["HOUSE"],
    "scorecards:strategy": lambda: ["HOUSE"],
    "scorecards:instructions": lambda: ["HOUSE"],
    "scorecards:verification": lambda: ["HOUSE", "2026-02"],
    "scorecards:months": lambda: ["HOUSE"],
    "scorecards:month": lambda: ["HOUSE", "2026-02"],
    "scorecards:reporters": lambda: ["HOUSE"],
    "scorecards:corrections": lambda: ["HOUSE"],
    "scorecards:uploads": lambda: ["HOUSE"],
    "scorecards:upload-template": lambda: ["HOUSE", "2026-02"],
}
MOST_QUERIES = {
    "scorecards:dashboard": 13,
    "scorecards:tree": 14,
    "scorecards:entry": 21,
    "scorecards:measure": 22,
    "scorecards:measure-history": 12,
    "scorecards:scorecard-history": 13,
    "scorecards:unit-list": 10,
    "scorecards:map": 24,
    "scorecards:strategy": 27,
    "scorecards:instructions": 16,
    "scorecards:verification": 17,
    "scorecards:months": 18,
    "scorecards:month": 19,
    "scorecards:reporters": 15,
    "scorecards:corrections": 13,
    "scorecards:uploads": 14,
    "scorecards:upload-template": 9,
}


@pytest.fixture
def queries(db):
    """How many questions a page asks whose scorecard has been looked at before."""

    def number(client, name: str) -> int:
        address = reverse(name, args=PAGES[name]())
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    return number


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_the_same_number_of_questions_at_1_and_30_measures(load, as_user, queries, name):
    client = as_user("chief")
    load(cast.document(cast.measure("M0", readings=cast.readings(50, 60))))
    few = queries(client, name)
    load(cast.document(*(cast.measure(f"M{i}", readings=cast.readings(50 + i, 60)) for i in range(30))))
    assert queries(client, name) == few
    assert few <= MOST_QUERIES[name]


def test_dashboard_says_what_happened_and_what_costs_most(load, as_user):
    load(
        cast.document(cast.measure("A", name="Alpha", readings=cast.readings(90, 60)), cast.measure("B", readings=cast.readings(100, 100)))
    )
    text = as_user("director").get(reverse("scorecards:dashboard", args=["HOUSE"]) + "?month=2026-02").content.decode()
    assert "The score fell by 15.0 to 80.0. Customer fell by 15.0. Alpha costs most: 20.0 points." in text


def test_dashboard_names_what_is_missing(load, as_user):
    load(cast.document(cast.measure("A", readings=cast.readings(90)), cast.measure("B", name="Silent", weight=0.1)))
    text = as_user("director").get(reverse("scorecards:dashboard", args=["HOUSE"]) + "?month=2026-01").content.decode()
    assert "Silent" in text
    assert "overdue since February 10" in text


def test_a_year_without_a_scorecard_says_what_to_do(load, as_user):
    load(cast.document(cast.measure("A")))
    text = as_user("director").get(reverse("scorecards:dashboard", args=["HOUSE"]) + "?month=2019-01").content.decode()
    assert "House has no scorecard for 2019" in text


def test_measure_page_explains_the_score(load, as_user):
    card = load(
        cast.document(
            cast.measure(
                "R", method="ratio", factor=100, readings=[{"month": "2026-01", "numerator": 1, "denominator": 4, "state": "submitted"}]
            )
        )
    )
    text = as_user("director").get(reverse("scorecards:measure", args=[card.measures.get().pk]) + "?month=2026-01").content.decode()
    assert "100 times the numerators added, divided by the denominators added." in text
    assert "The value lies between 0 (score 0) and 100 (score 100)." in text


def save(client, measure: Measure, month: str = "2026-02", **fields):
    return client.post(reverse("scorecards:entry-row", args=["HOUSE", month, measure.pk]), fields).content.decode()


@pytest.mark.parametrize("state", [ReadingState.DRAFT, ReadingState.SUBMITTED])
def test_saving_a_value_asks_the_same_number_of_questions_at_1_and_30_measures(load, as_user, state):
    client, asked = as_user("officer"), []
    for number in (1, 30):
        card = load(cast.document(*(cast.measure(f"M{i}", readings=cast.readings(50 + i, 60)) for i in range(number))))
        measure = card.measures.get(code="M0")
        stored = Reading.objects.filter(measure=measure, month=int(Month.of(2026, 2)))
        stored.update(state=state)
        for value in ("71", "72"):
            with CaptureQueriesContext(connection) as queries:
                assert "Saved" in save(client, measure, value=value, seen=str(stored.get().version))
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 33


def test_entry_saves_a_row(measure, as_user):
    assert "Saved" in save(as_user("officer"), measure, value="８８．５％", seen="1")
    assert Reading.objects.get(measure=measure, month=Reading.objects.order_by("month")[1].month).value == 88.5


def test_entry_explains_bad_input_and_saves_nothing(measure, as_user):
    text = save(as_user("officer"), measure, value="4,2", seen="1")
    assert "write 4.2 or 42" in text
    assert 'data-wrong="value' in text
    assert sorted(Reading.objects.values_list("value", flat=True)) == [70, 80, 90]


def test_entry_waits_for_the_second_part(load, as_user):
    measure = load(cast.document(cast.measure("R", method="ratio", factor=100))).measures.get()
    assert "Now the denominator" in save(as_user("officer"), measure, numerator="3", denominator="", seen="0")
    assert not Reading.objects.exists()
    assert "Must be 0 or more" in save(as_user("officer"), measure, numerator="3", denominator="-4", seen="0")


def test_entry_tells_of_a_conflict_and_offers_the_newer_version(measure, as_user):
    client = as_user("officer")
    save(client, measure, value="61", seen="1")
    text = save(as_user("chief"), measure, value="62", seen="1")
    assert "Officer has saved 61 here" in text
    assert 'data-version="2" data-value="61"' in text
    assert "Saved" in save(as_user("chief"), measure, value="62", seen="2")


def test_entry_clears_a_row(measure, as_user):
    assert "Taken back" in save(as_user("officer"), measure, value="", seen="1")
    assert Reading.objects.count() == 2


def weights(year: int = 2026, **fields) -> dict:
    return {"version": "1", "since": f"{year}-03", **fields}


def test_perspective_weights_must_total_100(measure, as_user):
    formset = {"perspective-TOTAL_FORMS": "1", "perspective-INITIAL_FORMS": "1"}
    row = {
        "perspective-0-node": str(measure.objective.perspective_id),
        "perspective-0-position": "1",
        "perspective-0-name": "Clients",
        "perspective-0-name_zh": "客户",
        "perspective-0-weight": "90",
    }
    address = reverse("scorecards:perspective-edit", args=["HOUSE", 2026])
    text = as_user("scorecards").post(address, weights(**formset, **row)).content.decode()
    assert "add up to 90, 10 less than 100" in text
    assert "Clients" in text
    answer = as_user("scorecards").post(address, weights(**formset, **{**row, "perspective-0-weight": "100"}))
    assert answer.status_code == 302
    assert measure.scorecard.perspectives.get().name == "Clients"


def test_weights_hold_from_their_month(load, as_user):
    card = load(cast.document(cast.measure("A", readings=cast.readings(0, 0, 0)), cast.measure("B", readings=cast.readings(100, 100, 100))))
    a, b = card.measures.order_by("code")
    objective = card.objectives.get()
    fields = weights(**{f"o{objective.pk}": "1", f"m{a.pk}": "3", f"m{b.pk}": "1"})
    assert as_user("scorecards").post(reverse("scorecards:weight-edit", args=["HOUSE", 2026]), fields).status_code == 302
    from datetime import UTC, datetime

    from ledger.services import outbox
    from scorecards.models import Score

    outbox.drain(now=datetime.now(tz=UTC))
    scores = dict(Score.objects.filter(window="month", scorecard=card).values_list("period", "score"))
    assert [scores[month] for month in sorted(scores)[:3]] == [50, 50, 25]


def test_a_stale_weights_form_changes_nothing(measure, as_user):
    address = reverse("scorecards:weight-edit", args=["HOUSE", 2026])
    objective = measure.scorecard.objectives.get()
    fields = {f"o{objective.pk}": "2", f"m{measure.pk}": "2"}
    client = as_user("scorecards")
    assert client.post(address, weights(**fields)).status_code == 302
    text = client.post(address, weights(**{**fields, f"m{measure.pk}": "7"})).content.decode()
    assert "Somebody else has changed this" in text
    assert 'value="7"' in text


def test_weights_from_an_earlier_month_hold_until_those_that_are_planned(load, as_user):
    card = load(cast.document(cast.measure("A"), cast.measure("B"), cast.measure("C")))
    a, b, c = card.measures.order_by("code")
    objective = card.objectives.get()
    address = reverse("scorecards:weight-edit", args=["HOUSE", 2026])
    client = as_user("scorecards")

    def save(version: int, since: str, wa: str, wb: str, wc: str) -> str:
        fields = {"version": str(version), "since": since, f"o{objective.pk}": "1", f"m{a.pk}": wa, f"m{b.pk}": wb, f"m{c.pk}": wc}
        return client.post(f"{address}?since={since}", fields, follow=True).content.decode()

    assert "planned" not in save(1, "2026-06", "3", "1", "1").split("<main")[1]
    assert "From Jun 2026 on, the weights hold that were planned for then." in save(2, "2026-03", "2", "5", "1")
    assert list(a.weights.values_list("from_month", "weight")) == [(0, 1), (Month.of(2026, 3), 2), (Month.of(2026, 6), 3)]
    assert list(b.weights.values_list("from_month", "weight")) == [(0, 1), (Month.of(2026, 3), 5), (Month.of(2026, 6), 1)]
    assert list(c.weights.values_list("from_month", "weight")) == [(0, 1)]
    assert "Jun 2026: A 3; Jun 2026: B 1" in client.get(f"{address}?since=2026-03").content.decode()


DRAFT_PAGES = ["version", "map-edit", "map-table", "draft-weights", "version-list"]


@pytest.mark.parametrize("name", DRAFT_PAGES)
def test_a_page_of_a_draft_asks_the_same_number_of_questions_at_1_and_30_measures(load, people, as_user, name):
    client, found = as_user("manager"), []
    for number in (1, 30):
        card = load(cast.document(*(cast.measure(f"M{i}", readings=cast.readings(50 + i, 60)) for i in range(number))))
        told = {"year": 2026, "from_month": Month.of(2026, 3), "source": definition_of(card), "reason": "", "now": NOW}
        draft = version.begin(actor=people["manager"], unit=card.unit, **told)
        address = reverse(f"scorecards:{name}", args=["HOUSE" if name == "version-list" else draft.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        found.append(len(asked))
        version.discard(actor=people["manager"], version=draft)
    assert found[0] == found[1] < 32
