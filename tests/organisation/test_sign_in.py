"""Signing in: passwords, locks, the first password, language and look."""

import pytest
from django.test import Client
from django.urls import reverse

from ledger.models import AuditEntry
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(client: Client, username: str = "officer", password: str = PASSWORD):
    return client.post(reverse("organisation:sign-in"), {"username": username, "password": password})


def test_sign_in_leads_to_the_first_page(people):
    client = Client()
    assert sign_in(client).url == reverse("home")
    assert client.get("/").url == reverse("communication:inbox")


def test_a_wrong_password_says_no_more_than_needed(people):
    known, unknown = sign_in(Client(), password="wrong"), sign_in(Client(), username="nobody", password="wrong")
    assert "Staff number or password is wrong" in known.content.decode()
    assert known.content.decode().count("alert") == unknown.content.decode().count("alert")


def test_five_wrong_passwords_lock_the_name(people):
    client = Client()
    for _ in range(5):
        answer = sign_in(client, password="wrong")
    assert answer.status_code == 429
    assert sign_in(client).status_code == 429


def test_a_given_password_must_be_changed_first(people, as_user):
    officer = people["officer"]
    officer.must_change_password = True
    officer.save()
    client = as_user("officer")
    assert client.get("/units/").url == reverse("organisation:password")
    new = "Another-Horse-8"
    answer = client.post(reverse("organisation:password"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer.url == reverse("organisation:account")
    assert client.get("/units/").status_code == 200


def test_a_plain_password_is_refused_in_words(people, as_user):
    fields = {"old_password": PASSWORD, "new_password1": "onlysmallletters", "new_password2": "onlysmallletters"}
    answer = as_user("officer").post(reverse("organisation:password"), fields)
    assert "Use at least three of these" in answer.content.decode()


def test_a_deactivated_person_is_out_at_the_next_request(people, as_user):
    client = as_user("officer")
    people["officer"].is_active = False
    people["officer"].save()
    assert client.get("/units/").status_code == 302


def test_the_language_is_kept_and_the_page_stays(people, as_user):
    client = as_user("director")
    answer = client.post(reverse("organisation:preferences"), {"language": "zh-hans", "next": "/units/?q=H"})
    assert answer.url == "/units/?q=H"
    assert "单位" in client.get("/units/").content.decode()
    assert AuditEntry.objects.filter(verb="set_preferences").count() == 1


def test_no_redirect_leaves_the_house(people, as_user):
    answer = as_user("director").post(reverse("organisation:preferences"), {"theme": "dark", "next": "https://example.org/"})
    assert answer.url == "/"
