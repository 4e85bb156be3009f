"""People, posts and assignments from a file: shown first, written by one administrator, given roles by another."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from ledger.services import outbox
from organisation.models import Membership, Unit, User
from scorecards.models import Assignment
from staff.models import Posting, Roster
from tests import cast
from tests.staff import make

pytestmark = pytest.mark.django_db
HEAD = ["Staff number", "Name", "Chinese name", "Unit", "Post", "First day in the post", "Measures reported"]
ROWS = [
    ["A-1", "Anna", "安娜", "DIVISION", "inspector", "2026-02-01", ""],
    [1002, "Bert", "", "HOUSE", "INSPECTOR", 46054, "M1; M2"],
    ["officer", "Officer", "", "HOUSE", "", "", "M1"],
    ["A-3", "", "", "HOUSE", "", "", ""],
    ["A-4", "Dora", "", "NOWHERE", "", "", ""],
    ["A-5", "Emil", "", "HOUSE", "PILOT", "2026-02-01", ""],
    ["A-6", "Fritz", "", "HOUSE", "INSPECTOR", "soon", "M9"],
    ["A-1", "Anna", "", "HOUSE", "", "", ""],
    ["system", "System", "", "HOUSE", "", "", ""],
    ["bad number", "X", "", "HOUSE", "", "", ""],
]


@pytest.fixture
def card(load, people):
    card = load(cast.document(cast.measure("M1"), cast.measure("M2")))
    make.post(people["manager"], card.unit, [make.line("M1")])
    return card


def uploaded(client, rows=ROWS, head=HEAD) -> Roster:
    book = Workbook()
    for row in [head, *rows]:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    client.post(reverse("staff:rosters"), {"file": SimpleUploadedFile("people.xlsx", content.getvalue())})
    outbox.drain(now=timezone.now())
    return Roster.objects.get()


def test_every_row_says_what_happens_or_what_is_wrong_and_nothing_is_written_yet(card, as_user):
    before = User.objects.count(), Posting.objects.count()
    client = as_user("system")
    roster = uploaded(client, [*ROWS[:3], *ROWS[3:7], *ROWS[8:]])
    page = client.get(reverse("staff:roster", args=[roster.pk]) + "?kind=problems").content.decode()
    for sentence in (
        "A new person needs a name.",
        "There is no unit NOWHERE within your reach.",
        "There is no post PILOT in HOUSE or above it.",
        "“soon” is no day. Write 2026-03-01.",
        "There is no measure M9 that is entered on the scorecard of HOUSE.",
        "The person is a technical administrator and holds no post.",
        "The staff number is missing or has other signs",
    ):
        assert sentence in page
    assert [row["username"] for row in roster.rows if not row["problems"]] == ["A-1", "1002", "officer"]
    assert (User.objects.count(), Posting.objects.count()) == before


def test_a_number_that_stands_there_twice_is_refused_both_times(card, as_user):
    roster = uploaded(as_user("system"))
    assert [row["problems"][0][0] for row in roster.rows if row["username"] == "A-1"] == ["twice", "twice"]


def test_confirming_writes_people_posts_and_assignments_and_another_grants_the_roles(card, people, as_user):
    roster = uploaded(as_user("system"), ROWS[:3])
    address = reverse("staff:roster", args=[roster.pk])
    assert "New people need a first password." in as_user("system").post(address, {"password": ""}).content.decode()
    as_user("system").post(address, {"password": "First-Word-1"})
    as_user("system").post(address, {"password": "First-Word-1"})
    outbox.drain(now=timezone.now())
    anna, bert = User.objects.get(username="A-1"), User.objects.get(username="1002")
    assert [(one.unit.code, str(one.from_date)) for one in Posting.objects.order_by("from_date", "unit__code")] == [
        ("DIVISION", "2026-02-01"),
        ("HOUSE", "2026-02-01"),
    ]
    assert (anna.must_change_password, anna.check_password("First-Word-1"), anna.label) == (True, True, "Anna")
    assert dict(Assignment.objects.filter(until_date__isnull=True).values_list("code", "person__username")) == {
        "M1": "officer",
        "M2": "1002",
    }
    assert not Membership.objects.filter(user__in=[anna, bert]).exists()
    as_user("security").post(reverse("staff:roster-grant", args=[roster.pk]))
    assert dict(Membership.objects.filter(user__in=[anna, bert]).values_list("user__username", "unit__code")) == {
        "A-1": "DIVISION",
        "1002": "HOUSE",
    }


def test_the_same_file_a_second_time_changes_nothing(card, as_user):
    client = as_user("system")
    first = uploaded(client, ROWS[:2])
    client.post(reverse("staff:roster", args=[first.pk]), {"password": "First-Word-1"})
    outbox.drain(now=timezone.now())
    Roster.objects.all().delete()
    again = uploaded(client, ROWS[:2])
    assert "There is nothing to write" in client.get(reverse("staff:roster", args=[again.pk])).content.decode()


def test_rejected_rows_come_back_as_a_workbook_that_can_be_mended(card, as_user):
    client = as_user("system")
    roster = uploaded(client)
    content = client.get(reverse("staff:roster-rejected", args=[roster.pk])).content
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert list(rows[0][:7]) == HEAD
    assert len(rows) == 1 + sum(bool(row["problems"]) for row in roster.rows)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"no,columns\n1,2"])
def test_a_file_that_is_none_is_refused_with_a_sentence(card, as_user, content):
    client = as_user("system")
    client.post(reverse("staff:rosters"), {"file": SimpleUploadedFile("people.csv", content)})
    outbox.drain(now=timezone.now())
    roster = Roster.objects.get()
    assert roster.state == "refused"
    assert "Nothing of the file was taken." in client.get(reverse("staff:roster", args=[roster.pk])).content.decode()


def test_people_who_serve_out_of_reach_are_left_alone(card, people, as_user):
    far = make.person("far", Unit.objects.get(code="OTHER"))
    Membership.objects.filter(user=people["system"]).update(unit=Unit.objects.get(code="DISTRICT"))
    roster = uploaded(as_user("system"), [["FAR", "Renamed", "", "HOUSE", "INSPECTOR", "2026-02-01", ""]])
    assert [row["problems"][0][0] for row in roster.rows] == ["foreign"]
    far.refresh_from_db()
    assert far.name == "Far"


def test_who_got_no_post_gets_no_role(card, people, as_user):
    roster = uploaded(as_user("system"), [["director", "Director Renamed", "", "ROOT", "", "", ""], ROWS[0]])
    as_user("system").post(reverse("staff:roster", args=[roster.pk]), {"password": "First-Word-1"})
    outbox.drain(now=timezone.now())
    as_user("security").post(reverse("staff:roster-grant", args=[roster.pk]))
    assert not Membership.objects.filter(user=people["director"], role="officer").exists()
    assert Membership.objects.filter(user__username="A-1", role="officer").count() == 1
