"""What pages, sheets and workbooks say of scores and of where there are none."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from tests import cast

pytestmark = pytest.mark.django_db


def sheet_of(client, address: str):
    return load_workbook(io.BytesIO(client.get(address).content)).active


def test_a_workbook_holds_numbers(load, as_user):
    load(cast.document(cast.measure("A", readings=cast.readings(90, 95), weight=3), cast.measure("B", readings=cast.readings(70, 60))))
    sheet = sheet_of(as_user("director"), "/units/HOUSE/scorecard/?month=2026-02&format=xlsx")
    rows = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=2)}
    assert rows["A"][2:4] + rows["A"][6:8] == [0.75, 95, 95, 5]


def test_adjustments_and_vetoes_are_told_where_the_score_stands(load, as_user):
    told = {"adjustments": [{"month": "2026-01", "points": 13.5, "reason": "Award"}]}
    load(cast.document(cast.measure("A", readings=cast.readings(80)), **told))
    director = as_user("director")
    dashboard, tree = (director.get(f"/units/HOUSE/{page}?month=2026-01").content.decode() for page in ("", "scorecard/"))
    assert "Adjustments add +10." in dashboard
    assert "adjustments +10" in tree
    sheet = director.get("/units/HOUSE/scorecard/2026/explanation/?month=2026-01").content.decode()
    assert "+13.5" in sheet
    load(cast.document(cast.measure("A", readings=cast.readings(80), veto_cap=0), **told))
    assert "A veto caps it." in director.get("/units/HOUSE/?month=2026-01").content.decode()


def test_the_sheet_says_why_a_month_is_not_applicable(load, as_user):
    mark = [{"month": "2026-01", "not_applicable": "Terminal closed", "state": "submitted"}]
    load(cast.document(cast.measure("A", readings=mark), cast.measure("B", readings=cast.readings(80))))
    director = as_user("director")
    query = "?month=2026-01&window=month&level=measure&node=A"
    assert "not applicable: Terminal closed" in director.get(f"/units/HOUSE/scorecard/2026/explanation/{query}").content.decode()
    told = director.get("/api/explanations/HOUSE/2026-01/month/").json()
    assert told["measures"]["A"]["months"][0]["not_applicable"] == "Terminal closed"


def test_what_is_not_due_not_applicable_late_and_missing_look_different(load, as_user, monkeypatch):
    mark = [{"month": "2026-01", "not_applicable": "Terminal closed", "state": "submitted"}]
    load(
        cast.document(
            cast.measure("A", readings=mark),
            cast.measure("B", readings=cast.readings(80)),
            cast.measure("C"),
            cast.measure("D", frequency="quarterly"),
        )
    )
    found = []
    for today in (date(2026, 2, 10), date(2026, 2, 11)):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda day=today: day)
        rows = as_user("director").get("/units/HOUSE/scorecard/?month=2026-01").context["page"].rows
        found.append([row.status.tone for row in rows if row.level == 3])
    assert found == [["excused", "warn", "none", "idle"], ["excused", "warn", "late", "idle"]]


def test_the_list_of_units_shows_the_latest_month_with_enough_data(load, as_user):
    load(
        cast.document(
            cast.measure("A", readings=cast.readings(80, 90)),
            cast.measure("B", readings=cast.readings(60)),
            cast.measure("C", readings=cast.readings(60)),
        )
    )
    assert [row.period_text for row in as_user("director").get("/units/").context["rows"]] == ["Jan 2026"]


def test_computed_measures_are_not_called_not_due(load, as_user):
    load(cast.document(cast.measure("A", source="formula", formula="B"), cast.measure("B", frequency="quarterly")))
    page = as_user("officer").get("/entry/HOUSE/2026-01/").context["page"]
    assert (page.computed, page.not_due) == (["Measure A"], ["Measure B"])
