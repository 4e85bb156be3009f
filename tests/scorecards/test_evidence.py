"""Files that prove a reading: what is taken, who gets it, and when it can go."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scorecards.models import Evidence, Month
from scorecards.services import closing
from tests import cast
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"x" * 100


@pytest.fixture
def measure(load, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return load(cast.document(cast.measure("M1", readings=cast.readings(70)))).measures.get()


def add(client, measure, name="proof.pdf", content=PDF):
    address = reverse("scorecards:evidence", args=[measure.pk, "2026-01"])
    return client.post(address, {"file": SimpleUploadedFile(name, content)})


def test_a_file_is_kept_under_a_random_name_and_given_back_as_it_was(measure, as_user, tmp_path):
    assert add(as_user("officer"), measure, "../../证明 1.PDF".replace("PDF", "pdf")).status_code == 302
    evidence = Evidence.objects.get()
    assert evidence.name == "证明 1.pdf"
    assert "proof" not in evidence.file.name
    assert evidence.file.path.startswith(str(tmp_path))
    answer = as_user("director").get(reverse("scorecards:evidence-download", args=[evidence.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert as_user("stranger").get(reverse("scorecards:evidence-download", args=[evidence.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b""),
        ("a.pdf", b"<html>"),
        ("a.png", PDF),
        ("a.html", b"<script>"),
        ("a.svg", b"<svg/>"),
        ("a.exe", b"MZ"),
        ("a.txt", b"a\x00b"),
        ("a", PDF),
        ("a.pdf.exe", PDF),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(measure, as_user, name, content):
    text = add(as_user("officer"), measure, name, content).content.decode()
    assert "is empty" in text or "The content must be what the name says" in text
    assert not Evidence.objects.exists()


def test_size_and_space_are_limited(measure, as_user, settings):
    settings.EVIDENCE_MEGABYTES = 0
    assert "larger than 0 MB" in add(as_user("officer"), measure).content.decode()
    settings.EVIDENCE_MEGABYTES, settings.EVIDENCE_QUOTA_MEGABYTES = 10, 0
    assert "space of 0 MB" in add(as_user("officer"), measure).content.decode()
    assert not Evidence.objects.exists()


def test_a_file_is_removed_by_who_added_it_while_the_month_is_open(measure, as_user, people, django_capture_on_commit_callbacks):
    add(as_user("officer"), measure)
    evidence = Evidence.objects.get()
    address = reverse("scorecards:evidence-remove", args=[evidence.pk])
    as_user("chief").post(address)
    assert Evidence.objects.exists()
    closing.close(actor=people["scorecards"], unit=measure.scorecard.unit, month=Month.of(2026, 1), below=True, now=NOW)
    as_user("officer").post(address)
    assert Evidence.objects.exists()
    add(as_user("officer"), measure, "second.pdf")
    assert Evidence.objects.count() == 2


def test_an_open_month_lets_its_files_go(measure, as_user, django_capture_on_commit_callbacks):
    add(as_user("officer"), measure)
    evidence = Evidence.objects.get()
    path = evidence.file.path
    with django_capture_on_commit_callbacks(execute=True):
        as_user("officer").post(reverse("scorecards:evidence-remove", args=[evidence.pk]))
    assert not Evidence.objects.exists()
    with pytest.raises(FileNotFoundError):
        open(path)  # noqa: SIM115
