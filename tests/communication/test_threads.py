"""Threads about measures, objectives and readings: who reads, who is told, what is settled."""

import pytest
from django.urls import reverse

from communication.models import Comment, Notice, Thread
from ledger.models import AuditEntry
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(load):
    load(cast.document(cast.measure("M9", readings=cast.readings(5)), unit="OTHER"))
    return load(cast.document(cast.measure("M1", readings=cast.readings(70, 80))))


def talk(kind, key):
    return reverse("communication:talk", args=[kind, str(key)])


def said(client, text, kind="measure", key=1):
    return client.post(talk(kind, key), {"text": text})


def told(username):
    return list(Notice.objects.filter(recipient__username=username).order_by("pk").values_list("topic", flat=True))


def test_a_mention_by_number_or_name_tells_the_person_once(card, people, as_user):
    key = card.measures.get().pk
    assert said(as_user("manager"), "@officer, @Officer and @Chief: why so low? @nobody", key=key).status_code == 302
    assert (told("officer"), told("chief"), told("manager")) == (["mentioned"], ["mentioned"], [])
    assert AuditEntry.objects.filter(verb="comment").count() == 1


def test_a_mention_does_not_reach_people_who_cannot_see_the_object(card, as_user):
    said(as_user("manager"), "@stranger look", key=card.measures.get().pk)
    assert told("stranger") == []


def test_people_whose_role_has_ended_are_neither_mentioned_nor_told(card, people, as_user):
    said(as_user("officer"), "@former, look", key=card.measures.get().pk)
    assert told("former") == []
    thread = Thread.objects.get()
    people["officer"].memberships.update(until_date="2020-12-31")
    as_user("manager").post(reverse("communication:thread-answer", args=[thread.pk]), {"text": "An answer."})
    assert told("officer") == []


def test_the_longest_name_is_meant(card, people, as_user):
    people["chief"].name_zh, people["officer"].name_zh = "李", "李明"
    for name in ("chief", "officer"):
        people[name].save(update_fields=["name_zh"])
    said(as_user("manager"), "@李明请看", key=card.measures.get().pk)
    assert (told("officer"), told("chief")) == (["mentioned"], [])


def test_an_answer_tells_whoever_wrote_before(card, as_user):
    said(as_user("manager"), "Why?", key=card.measures.get().pk)
    thread = Thread.objects.get()
    as_user("officer").post(reverse("communication:thread-answer", args=[thread.pk]), {"text": "A new hall."})
    assert told("manager") == ["answered"]
    assert "A new hall." in as_user("auditor").get(talk("measure", thread.key)).content.decode()


def test_a_settled_thread_takes_no_answer_and_what_was_typed_stays(card, as_user):
    said(as_user("manager"), "Why?", key=card.measures.get().pk)
    thread = Thread.objects.get()
    client = as_user("officer")
    for _twice in range(2):
        client.post(reverse("communication:thread-settle", args=[thread.pk]))
    assert told("manager") == ["thread_resolved"]
    answer = client.post(reverse("communication:thread-answer", args=[thread.pk]), {"text": "Too late, but dear to me"})
    assert "has been settled" in answer.content.decode()
    assert "Too late, but dear to me" in answer.content.decode()
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("kind", ["measure", "objective", "reading"])
def test_whatever_has_threads_is_found_by_its_own_people_only(card, as_user, kind):
    measure = card.measures.get()
    key = {"measure": measure.pk, "objective": measure.objective_id, "reading": f"{measure.pk}.2026-02"}[kind]
    assert said(as_user("officer"), "Look", kind, key).status_code == 302
    assert as_user("officer").get(talk(kind, key)).status_code == 200
    assert as_user("stranger").get(talk(kind, key)).status_code == 404
    assert as_user("auditor").post(talk(kind, key), {"text": "x"}).status_code == 403
    assert as_user("system").get(talk(kind, key)).status_code == 403


@pytest.mark.parametrize(
    ("kind", "key"),
    [("user", "1"), ("measure", "abc"), ("measure", "9" * 30), ("reading", "1"), ("reading", "1.2026-13"), ("reading", "x.y")],
)
def test_a_strange_subject_is_not_found(card, as_user, kind, key):
    assert as_user("officer").get(talk(kind, key)).status_code == 404


def test_comments_are_text_and_nothing_else(card, as_user):
    key = card.measures.get().pk
    said(as_user("officer"), "<script>alert(1)</script>", key=key)
    page = as_user("manager").get(talk("measure", key)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
