"""Importing from Excel and CSV: what is read, what is refused and how, what is written, and how it is taken back."""

import gzip
import io
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from communication.models import Notice
from grc_bsc.demo import ohare
from ledger.models import JobRun, OutboxEntry
from ledger.services import outbox
from organisation.choices import Role
from organisation.models import Unit
from organisation.services.membership import grant_role
from scorecards.errors import NothingToDo
from scorecards.forms.document import read_documents
from scorecards.models import Month, Reading, Score, Upload
from scorecards.services import closing, upload, verification
from scorecards.services import reading as readings
from scorecards.services.document import import_documents
from spreadsheets import limits
from spreadsheets.write import workbook
from tests import cast
from tests.conftest import NOW
from tests.spreadsheets import hostile

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY = Month.of(2026, 1), Month.of(2026, 2)
HOURLY = Path(__file__).parents[1] / "data" / "cbp_ord_passenger_wait_hourly_2019.csv.gz"


@pytest.fixture
def card(load, people):
    card = load(
        cast.document(
            cast.measure("M1", readings=cast.readings(70)),
            cast.measure("M2"),
            cast.measure("R1", method="ratio", factor=100),
            cast.measure("L1", highest=100),
            cast.measure("Q1", frequency="quarterly"),
            cast.measure("F1", source="formula", formula="M1 + M2"),
        )
    )
    closing.close(actor=people["scorecards"], unit=card.unit, month=JANUARY, below=True, now=NOW)
    return card


def drain():
    outbox.drain(now=datetime.now(tz=UTC))


def send(client, name, content, month="2026-02", unit="HOUSE"):
    """Upload a file as a person does, and have it read."""
    answer = client.post(reverse("scorecards:uploads", args=[unit]), {"month": month, "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    drain()
    return Upload.objects.order_by("-pk").first()


def page(client, made, **query):
    return client.get(reverse("scorecards:upload", args=[made.pk]), query).content.decode()


def confirm(client, made):
    client.post(reverse("scorecards:upload-confirm", args=[made.pk]))
    drain()
    made.refresh_from_db()


def kinds(made):
    return sorted(made.rows.values_list("code", "kind"))


def csv_of(*lines):
    return "\n".join(["code,month,value", *lines]).encode()


@pytest.mark.needs_sqlite
@pytest.mark.parametrize("case", hostile.FILES)
def test_a_broken_or_hostile_file_is_refused_with_a_sentence(card, as_user, case):
    name, make, word = hostile.FILES[case]
    client, before, content, began = as_user("officer"), list(Reading.objects.values()), make(), time.monotonic()
    made = send(client, name, content)
    assert made.state == "refused", made.mapping
    text = page(client, made)
    assert word in text
    assert "Nothing of the file was taken" in text
    assert list(Reading.objects.values()) == before
    assert not OutboxEntry.objects.exists()
    assert time.monotonic() - began < limits.SECONDS + 5


@pytest.mark.needs_sqlite
@pytest.mark.parametrize("case", hostile.ROWS)
def test_a_row_that_cannot_be_taken_says_why_at_its_cell(card, as_user, case):
    row, word = hostile.ROWS[case]
    client = as_user("officer")
    made = send(client, "a.xlsx", hostile.book(["code", "month", "value"], row, ["M2", "2026-02", 8]))
    assert word in page(client, made, kind="problem")
    assert made.rows.get(kind="problem").number == 2
    confirm(client, made)
    assert list(Reading.objects.filter(month=int(FEBRUARY)).values_list("measure__code", "value")) == [("M2", 8)]


def test_merged_cells_in_a_row_are_named(card, as_user):
    client = as_user("officer")
    rows = [["Title", None, None], ["code", "month", "value"], ["M1", "2026-02", 5], ["M2", "2026-02", 8]]
    made = send(client, "a.xlsx", hostile.book(*rows, merge="B3:C3"))
    assert "Row 3 has merged cells" in page(client, made, kind="problem")
    assert kinds(made) == [("M1", "problem"), ("M2", "new")]


def test_a_row_of_another_unit_is_left_out(card, as_user):
    made = send(as_user("officer"), "a.csv", b"unit code,code,value\nOTHER,M1,5\nHOUSE,M2,8\n")
    assert kinds(made) == [("M1", "problem"), ("M2", "new")]


def test_the_same_measure_and_month_twice_is_taken_from_neither(card, as_user):
    made = send(as_user("officer"), "a.csv", csv_of("M1,2026-02,5", "M1,2026-02,6", "M2,2026-02,8"))
    assert kinds(made) == [("M1", "problem"), ("M1", "problem"), ("M2", "new")]


def test_numbers_are_read_as_people_write_them(card, as_user):
    rows = [["code", "month", "value"], ["M1", "2026年2月", "１，２３４．５"], ["M2", datetime(2026, 2, 28), " 8％ "]]  # noqa: DTZ001
    made = send(as_user("officer"), "a.xlsx", hostile.book(*rows))
    assert sorted(made.rows.values_list("code", "month", "after")) == [("M1", FEBRUARY, {"value": 1234.5}), ("M2", FEBRUARY, {"value": 8})]


def test_a_month_may_be_a_serial_number_and_a_percentage_is_one(card, as_user):
    made = send(as_user("officer"), "a.csv", csv_of("M1,46054,0.1"))
    assert made.rows.get().month == FEBRUARY
    book = load_workbook(io.BytesIO(hostile.book(["code", "value"], ["M1", 0.915])))
    book.active["B2"].number_format = "0.0%"
    buffer = io.BytesIO()
    book.save(buffer)
    made = send(as_user("officer"), "b.xlsx", buffer.getvalue())
    assert made.rows.get().after == {"value": 91.5}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_files_of_many_kinds_are_read(card, as_user, encoding, delimiter):
    made = send(as_user("officer"), "a.csv", f"指标代码{delimiter}数值\nM1{delimiter}5\n".encode(encoding))
    assert made.rows.get().after == {"value": 5}


def test_a_column_a_month_is_read_with_parts(card, as_user):
    rows = [["代码", "项目", "2026-01", "2026-02"], ["R1", "分子", 1, 3], ["R1", "分母", 2, 4], ["M2", "数值", None, 8]]
    made = send(as_user("officer"), "a.xlsx", hostile.book(*rows))
    assert sorted(made.rows.values_list("code", "month", "kind")) == [
        ("M2", FEBRUARY, "new"),
        ("R1", JANUARY, "problem"),
        ("R1", FEBRUARY, "new"),
    ]


def test_the_preview_tells_changes_new_and_same_apart(card, people, as_user):
    told = {"actor": people["officer"], "month": FEBRUARY, "today": cast.TODAY}
    readings.record_reading(**told, measure=card.measures.get(code="M1"), numbers={"value": 5.0})
    readings.record_reading(**told, measure=card.measures.get(code="M2"), numbers={"value": 8.0})
    client = as_user("officer")
    made = send(client, "a.csv", csv_of("M1,2026-02,6", "M2,2026-02,8", "L1,2026-02,1"))
    assert kinds(made) == [("L1", "new"), ("M1", "change"), ("M2", "same")]
    assert "Import 2 values" in page(client, made)
    assert Reading.objects.get(measure__code="M1", month=int(FEBRUARY)).value == 5


def test_nothing_is_written_before_confirming_and_giving_up_leaves_nothing(card, as_user):
    client = as_user("officer")
    made = send(client, "a.csv", csv_of("M1,2026-02,6"))
    before = list(Reading.objects.values())
    client.post(reverse("scorecards:upload-cancel", args=[made.pk]))
    confirm(client, made)
    assert (made.state, list(Reading.objects.values())) == ("cancelled", before)


def test_a_file_given_up_while_it_is_read_stays_given_up(card, people, as_user):
    made = upload.begin(actor=people["officer"], unit=card.unit, month=FEBRUARY, name="a.csv", content=b"code,value", now=NOW)
    upload.cancel(actor=people["officer"], upload=made)
    upload.propose(upload=made, header=["code"], sample=[], mapping={}, rows=[], now=NOW)
    made.refresh_from_db()
    assert made.state == "cancelled"


def test_confirming_writes_once_and_scores_follow(card, people, as_user):
    client = as_user("officer")
    made = send(client, "a.csv", csv_of("M1,2026-02,60", "M2,2026-02,80"))
    client.post(reverse("scorecards:upload-confirm", args=[made.pk]))
    client.post(reverse("scorecards:upload-confirm", args=[made.pk]))
    drain()
    made.refresh_from_db()
    assert (made.state, made.job.state, made.job.done, bytes(made.content)) == ("imported", "done", 1, b"")
    assert JobRun.objects.filter(kind="import_upload").count() == 1
    stored = Reading.objects.filter(month=int(FEBRUARY))
    assert set(stored.values_list("state", "entered_by__username", "version")) == {("submitted", "officer", 1)}
    assert Score.objects.get(scorecard=card, period=int(FEBRUARY), window="month").node_scores[-6] == 60
    assert Notice.objects.filter(recipient=people["officer"], topic="import_done").count() == 1


def test_the_same_file_twice_changes_nothing(card, as_user):
    client, content = as_user("officer"), csv_of("M1,2026-02,60", "M2,2026-02,80")
    confirm(client, send(client, "a.csv", content))
    before = list(Reading.objects.values())
    again = send(client, "a.csv", content)
    assert kinds(again) == [("M1", "same"), ("M2", "same")]
    assert "nothing to import" in page(client, again)
    with pytest.raises(NothingToDo):
        upload.confirm(actor=again.actor, upload=again)
    assert list(Reading.objects.values()) == before


def test_a_value_changed_since_the_preview_is_left_alone(card, people, as_user):
    client = as_user("officer")
    made = send(client, "a.csv", csv_of("M1,2026-02,60", "M2,2026-02,80"))
    told = {"actor": people["chief"], "month": FEBRUARY, "today": cast.TODAY}
    readings.record_reading(**told, measure=card.measures.get(code="M1"), numbers={"value": 5.0})
    confirm(client, made)
    assert Reading.objects.get(measure__code="M1", month=int(FEBRUARY)).value == 5
    assert "changed this value since the preview" in page(client, made, kind="problem")


def test_a_month_closed_since_the_preview_is_left_alone(card, people, as_user):
    client = as_user("officer")
    made = send(client, "a.csv", csv_of("M1,2026-02,60"))
    closing.close(actor=people["scorecards"], unit=card.unit, month=FEBRUARY, below=True, now=NOW)
    confirm(client, made)
    assert not Reading.objects.filter(month=int(FEBRUARY)).exists()
    assert "is closed" in page(client, made, kind="problem")


def test_undoing_brings_back_what_stood_there(card, people, as_user):
    told = {"actor": people["officer"], "month": FEBRUARY, "today": cast.TODAY}
    readings.record_reading(**told, measure=card.measures.get(code="M1"), numbers={"value": 5.0})
    client = as_user("officer")
    made = send(client, "a.csv", csv_of("M1,2026-02,60", "M2,2026-02,80", "L1,2026-02,1"))
    confirm(client, made)
    readings.record_reading(**told, measure=card.measures.get(code="L1"), numbers={"value": 2.0})
    client.post(reverse("scorecards:upload-undo", args=[made.pk]))
    assert dict(Reading.objects.filter(month=int(FEBRUARY)).values_list("measure__code", "value")) == {"M1": 5, "L1": 2}
    made.refresh_from_db()
    assert made.state == "undone"
    with pytest.raises(NothingToDo):
        upload.undo(actor=people["officer"], upload=made, now=NOW)


@pytest.mark.parametrize("state", ["draft", "submitted", "verified"])
def test_undoing_brings_back_the_state_too(card, people, as_user, state):
    measure, told = card.measures.get(code="M1"), {"month": FEBRUARY, "today": cast.TODAY, "seen": None}
    readings.enter_reading(actor=people["officer"], measure=measure, numbers={"value": 5.0}, **told)
    if state != "draft":
        verification.submit(actor=people["officer"], scorecard=card, month=FEBRUARY, now=NOW)
    if state == "verified":
        stored = Reading.objects.get(measure=measure, month=int(FEBRUARY))
        verification.verify(actor=people["manager"], scorecard=card, month=FEBRUARY, seen={stored.pk: stored.version}, now=NOW)
    before = (
        Reading.objects.filter(measure=measure, month=int(FEBRUARY)).values("value", "state", "note", "entered_by", "verified_by").get()
    )
    client = as_user("officer")
    made = send(client, "a.csv", b"code,month,value,note\nM1,2026-02,60,hall\n")
    confirm(client, made)
    assert Reading.objects.get(measure=measure, month=int(FEBRUARY)).note == "hall"
    client.post(reverse("scorecards:upload-undo", args=[made.pk]))
    assert Reading.objects.filter(measure=measure, month=int(FEBRUARY)).values(*before).get() == before


def test_a_draft_of_the_same_value_is_submitted_by_an_import(card, people, as_user):
    told = {"month": FEBRUARY, "today": cast.TODAY, "seen": None, "numbers": {"value": 5.0}}
    readings.enter_reading(actor=people["officer"], measure=card.measures.get(code="M1"), **told)
    confirm(as_user("officer"), send(as_user("officer"), "a.csv", csv_of("M1,2026-02,5")))
    assert Reading.objects.get(measure__code="M1", month=int(FEBRUARY)).state == "submitted"


DAYS = {"layout": "records", "at": "A", "p-M1.value": "B"}


def days(as_user, *lines, columns=DAYS):
    client = as_user("officer")
    made = send(client, "days.csv", "\n".join(["day,x", *lines]).encode())
    client.post(reverse("scorecards:upload-mapping", args=[made.pk]), columns)
    drain()
    return made


def test_a_month_of_which_a_row_cannot_be_read_is_not_added_up(card, as_user):
    made = days(as_user, "2026-02-01,15", "2026-02-02,abc", "2026-02-03,15")
    assert sorted(made.rows.values_list("problem", flat=True)) == ["bad_number", "incomplete"]
    made = days(as_user, "2026-02-01,15", "someday,15")
    assert sorted(made.rows.values_list("problem", flat=True)) == ["bad_month", "incomplete"]


def test_the_latest_row_is_that_of_the_last_day_whatever_the_order(load, as_user):
    load(cast.document(cast.measure("M1", method="latest")))
    made = days(as_user, "2026-02-10,3", "2026-02-9,2", "2026-02-01,1")
    assert made.rows.get().after == {"value": 3}


@pytest.mark.parametrize(("month", "value"), [(2026.1, 5), (9 * 10**400, 5), ("9" * 5000, 5), ("2026-03 target", 5), ("2026-02", 1e-20)])
def test_what_only_looks_like_a_month_or_a_number_is_refused(card, as_user, month, value):
    rows = [["code", "month", "value"], ["M1", month if not isinstance(month, int) else str(month), value]]
    made = send(as_user("officer"), "a.xlsx", hostile.book(*rows))
    assert made.rows.get().kind == "problem"


def test_a_written_percent_sign_multiplies_nothing(card, as_user):
    book = load_workbook(io.BytesIO(hostile.book(["code", "value"], ["M1", 85])))
    book.active["B2"].number_format = '0.0"%"'
    buffer = io.BytesIO()
    book.save(buffer)
    assert send(as_user("officer"), "a.xlsx", buffer.getvalue()).rows.get().after == {"value": 85}


def test_more_values_than_a_file_may_hold_are_refused(card, as_user, monkeypatch):
    monkeypatch.setattr(limits, "VALUES", 2)
    made = send(as_user("officer"), "a.csv", csv_of("M1,2026-02,1", "M2,2026-02,2", "L1,2026-02,3"))
    assert "more than 2 values" in page(as_user("officer"), made)


def test_nobody_piles_up_files(card, as_user, monkeypatch):
    monkeypatch.setattr(upload, "MOST_OPEN", 1)
    client = as_user("officer")
    send(client, "a.csv", csv_of("M1,2026-02,1"))
    given = {"month": "2026-02", "file": SimpleUploadedFile("b.csv", b"code,value")}
    assert "still wait for a decision" in client.post(reverse("scorecards:uploads", args=["HOUSE"]), given).content.decode()


def test_rejected_rows_come_back_as_a_workbook_that_is_safe_to_open(card, as_user):
    client = as_user("officer")
    made = send(client, "a.csv", csv_of('=cmd|"/c calc",2026-02,5', "+1,2026-02,-@x"))
    answer = client.get(reverse("scorecards:upload-rejected", args=[made.pk]))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if cell.data_type == "f" or str(cell.value).startswith(("=", "+", "-", "@"))] == []
    assert "no measure" in sheet.cell(2, 10).value


def test_the_template_is_filled_in_and_imported_without_assigning_columns(card, as_user):
    client = as_user("officer")
    answer = client.get(reverse("scorecards:upload-template", args=["HOUSE", "2026-02"]))
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book.active
    assert (sheet.protection.sheet, sheet["A2"].protection.locked, sheet["E2"].protection.locked) == (True, True, False)
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == "M1":
            row[4].value, row[8].value = 61, "two extra flights"
        if row[0].value == "R1":
            row[5].value, row[6].value = 3, 4
    buffer = io.BytesIO()
    book.save(buffer)
    made = send(client, "HOUSE-2026-02.xlsx", buffer.getvalue())
    assert kinds(made) == [("M1", "new"), ("R1", "new")]
    confirm(client, made)
    assert Reading.objects.get(measure__code="M1", month=int(FEBRUARY)).note == "two extra flights"


def test_texts_never_become_formulas():
    content = workbook("=a", ["@h"], [["=1+1"], ["+x"], ["\t=x"], ["＝x"], ["-5 degrees"], [-5]])
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.data_type for (cell,) in sheet.iter_rows()] == ["s"] * 6 + ["n"]
    assert [cell.value[0] for (cell,) in sheet.iter_rows(max_row=6)] == ["'"] * 6


def test_a_child_that_dies_takes_nothing_with_it(card, as_user, monkeypatch):
    monkeypatch.setattr(limits, "MEMORY_BYTES", 16 * 1024 * 1024)
    made = send(as_user("officer"), "a.xlsx", hostile.book())
    assert made.state == "refused"


@pytest.fixture
def terminal(people):
    """O'Hare with its scorecards of 2019 and 2020, without a value, and an officer there."""
    ohare.create_unit()
    documents = [document for document in read_documents(ohare.documents()) if document["year"] in {2019, 2020}]
    for document in documents:
        for perspective in document["perspectives"]:
            for objective in perspective["objectives"]:
                for measure in objective["measures"]:
                    measure["readings"] = []
    import_documents(actor=people["scorecards"], documents=documents)
    unit = Unit.objects.get(code=ohare.CODE)
    grant_role(actor=None, person=people["officer"], unit=unit, role=Role.OFFICER, from_date=date(2020, 1, 1))
    return unit


def monthly(year):
    """What the shipped monthly file says, by month."""
    rows = [line.split(",") for line in ohare.FILE.read_text().splitlines()]
    return {row[2]: dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[2].startswith(year)}


def imported():
    found: dict = {}
    for reading in Reading.objects.select_related("measure"):
        divided = reading.numerator / reading.denominator * reading.measure.factor if reading.denominator else reading.value
        found.setdefault(str(reading.month), {})[reading.measure.code] = divided
    return found


HOURLY_COLUMNS = {
    "layout": "records",
    "at": "C",
    "p-C2-01.numerator": "K + L",
    "p-C2-01.denominator": "K:Q",
    "p-C2-02.value": "i",
    "p-C2-02.volume": "K:Q",
    "p-F3-02.numerator": "S",
    "p-F3-02.denominator": "U",
}


def test_ohare_2019_by_the_hour_gives_the_months_of_the_shipped_file(terminal, as_user):
    client = as_user("officer")
    made = send(client, "ORD-2019.csv", gzip.decompress(HOURLY.read_bytes()), month="2019-12", unit=ohare.CODE)
    assert made.state == "mapping"
    address = reverse("scorecards:upload-mapping", args=[made.pk])
    assert "n_120_plus" in client.get(address).content.decode()
    assert client.post(address, HOURLY_COLUMNS).status_code == 302
    drain()
    confirm(client, made)
    found = imported()
    assert len(found) == 12
    for month, row in monthly("2019").items():
        assert round(found[month]["C2-01"], 2) == float(row["pct_within_30min"])
        assert round(found[month]["C2-02"], 2) == float(row["avg_wait_min"])
        assert round(found[month]["F3-02"], 2) == float(row["passengers_per_booth_hour"])


def test_a_layout_with_other_column_names_is_assigned_anew_and_gives_the_same(terminal, as_user):
    """The hourly files call their bands otherwise since 2020."""
    client, content = as_user("officer"), gzip.decompress(HOURLY.read_bytes()).decode()
    made = send(client, "ORD-2019.csv", content.encode(), month="2019-12", unit=ohare.CODE)
    client.post(reverse("scorecards:upload-mapping", args=[made.pk]), HOURLY_COLUMNS)
    drain()
    confirm(client, made)
    again = send(client, "again.csv", content.encode(), month="2019-12", unit=ohare.CODE)
    assert again.state == "ready", "the assignment is remembered for the same names"
    renamed = content.replace("n_0_15", "all_n_0_15").replace("n_16_30", "all_n_16_30").replace("n_120_plus", "all_n_120_plus")
    other = send(client, "ORD-2020-names.csv", renamed.encode(), month="2019-12", unit=ohare.CODE)
    assert other.state == "mapping"
    client.post(reverse("scorecards:upload-mapping", args=[other.pk]), HOURLY_COLUMNS)
    drain()
    assert set(other.rows.values_list("kind", flat=True)) == {"same"}


def test_ohare_2020_by_the_month_is_computed_from_its_columns(terminal, as_user):
    client, lines = as_user("officer"), ohare.FILE.read_text().splitlines()
    content = "\n".join([lines[0], *(line for line in lines if ",2020-" in line)]).encode()
    made = send(client, "2020.csv", content, month="2020-12", unit=ohare.CODE)
    columns = {
        "layout": "records",
        "at": "C",
        "p-C2-01.numerator": "round(E * I / 100)",
        "p-C2-01.denominator": "E",
        "p-C2-02.value": "G",
        "p-C2-02.volume": "E",
        "p-F3-02.numerator": "D",
        "p-F3-02.denominator": "L",
    }
    wrong = client.post(reverse("scorecards:upload-mapping", args=[made.pk]), {**columns, "p-C2-01.numerator": "ZZ"}).content.decode()
    assert "There is no column ZZ" in wrong
    client.post(reverse("scorecards:upload-mapping", args=[made.pk]), columns)
    drain()
    confirm(client, made)
    found = imported()
    assert len(found) == 12
    for month, row in monthly("2020").items():
        assert round(found[month]["C2-01"], 1) == round(float(row["pct_within_30min"]), 1)
        assert round(found[month]["C2-02"], 2) == float(row["avg_wait_min"])
        assert round(found[month]["F3-02"], 2) == float(row["passengers_per_booth_hour"])
    documents = {(row["month"], code): row for code, row in _demo_readings(2020)}
    stored = {(str(one.month), one.measure.code): one for one in Reading.objects.select_related("measure")}
    for key, row in documents.items():
        assert {name: getattr(stored[key], name) for name in row if name not in {"month", "state"}} == {
            name: value for name, value in row.items() if name not in {"month", "state"}
        }


def _demo_readings(year):
    for document in read_documents(ohare.documents()):
        if document["year"] == year:
            for perspective in document["perspectives"]:
                for objective in perspective["objectives"]:
                    for measure in objective["measures"]:
                        yield from ((measure["code"], row) for row in measure["readings"])
