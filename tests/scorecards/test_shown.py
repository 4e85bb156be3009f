"""What pages, sheets and workbooks say of scores and of where there are none."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from scorecards.models import Measure
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


def tones(client, query: str) -> dict[str, str]:
    rows = client.get(f"/units/HOUSE/scorecard/?{query}").context["page"].rows
    return {row.code: row.status.tone for row in rows if row.level == 3}


def on(monkeypatch, day: date) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: day)


def test_what_is_not_due_not_applicable_late_and_missing_look_different(load, as_user, monkeypatch):
    mark = [{"month": "2026-01", "not_applicable": "Terminal closed", "state": "submitted"}]
    load(
        cast.document(
            cast.measure("A", readings=mark),
            cast.measure("B", readings=cast.readings(80)),
            cast.measure("C"),
            cast.measure("D", frequency="quarterly"),
            cast.measure("E", source="formula", formula="C"),
        )
    )
    director, same = as_user("director"), {"A": "excused", "B": "warn", "D": "idle", "E": "none"}
    for day, tone in ((date(2026, 2, 10), "none"), (date(2026, 2, 11), "late")):
        on(monkeypatch, day)
        assert tones(director, "month=2026-01") == {**same, "C": tone}
        sheet = director.get("/units/HOUSE/scorecard/2026/explanation/?month=2026-01&level=measure&node=C").content.decode()
        assert ("missing, the deadline has passed" in sheet) is (tone == "late")


def test_a_marked_month_is_never_late_and_the_first_deadline_that_passed_is_told(load, as_user, monkeypatch):
    marks = [{"month": f"2026-{month:02d}", "not_applicable": "Closed", "state": "submitted"} for month in (1, 2)]
    load(cast.document(cast.measure("A", readings=marks), cast.measure("B"), cast.measure("C", readings=cast.readings(80))))
    on(monkeypatch, date(2026, 3, 31))
    director = as_user("director")
    assert tones(director, "month=2026-03&window=year") == {"A": "none", "B": "late", "C": "none"}
    gaps = {gap.name: gap.reason for gap in director.get("/units/HOUSE/?month=2026-03&window=year").context["page"].gaps}
    assert gaps["Measure A"] == "expected by April 10"
    assert gaps["Measure B"] == "overdue since February 10"


def test_more_parts_than_a_sheet_lists_are_told_together(load, as_user, monkeypatch):
    monkeypatch.setattr("scorecards.assembly.explanation.LISTED", 1)
    values = (("DIVISION", 70), ("HOUSE", 90), ("OTHER", 50))
    parts = [cast.document(cast.measure("A", readings=cast.readings(value)), unit=unit) for unit, value in values]
    for across, word in (("minimum", "least: 50"), ("maximum", "greatest: 90"), ("sum", "Σ 140")):
        rollup = cast.measure("R", source="rollup", across=across, method="average", contributors=["DIVISION/A", "HOUSE/A", "OTHER/A"])
        load(*parts, cast.document(rollup, unit="DISTRICT"))
        page = as_user("director").get("/units/DISTRICT/scorecard/2026/explanation/?month=2026-01&level=measure&node=R").content.decode()
        assert "All others together: 2 of 2 have a value" in page
        assert word in page


def test_the_sheet_of_a_roll_up_leads_to_what_lies_below_and_to_nothing_else(load, as_user):
    parts = [cast.document(cast.measure("A", readings=cast.readings(70)), unit=unit) for unit in ("DIVISION", "OTHER")]
    rollup = cast.measure("R", source="rollup", across="sum", contributors=["DIVISION/A", "OTHER/A"])
    load(*parts, cast.document(rollup))
    below, beside = (Measure.objects.get(scorecard__unit__code=unit).pk for unit in ("DIVISION", "OTHER"))
    page = as_user("director").get("/units/HOUSE/scorecard/2026/explanation/?month=2026-01&level=measure&node=R").content.decode()
    assert f"/measures/{below}/" in page
    assert f"/measures/{beside}/" not in page


def test_what_if_counts_the_bands_of_the_scorecards_above(load, as_user):
    load(
        cast.document(
            cast.measure("A", readings=cast.readings(50, 90)), cast.measure("B", readings=cast.readings(90, 90)), unit="DIVISION"
        ),
        cast.document({"code": "M", "name": "M", "weight": 1, "source": "mirror", "contributors": ["DIVISION/A"]}),
    )
    admin, address = as_user("scorecards"), "/what-if/DIVISION/2026/"
    form = admin.get(address + "?month=2026-02").context["form"]
    fields = {name: form[name].value() for name in form.fields} | {"points m-A": "0 / 60", "action": "try"}
    found = admin.post(address, fields).context["effects"]
    assert [(row.total.before, row.total.after) for row in found.months] == [("70.0", "86.7"), ("90.0", "95.0")]
    assert [row.other_bands for row in found.months] == [8, 0]


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
