"""Every address, every role, own unit and other unit: nobody gets further than the policy says."""

from datetime import date

import pytest
from django.test import RequestFactory
from django.urls import get_resolver, reverse

from communication.models import Thread
from communication.selectors.thread import Subject
from communication.services import thread
from grc_bsc.checks import every_view_declares_its_policy, patterns
from grc_bsc.middleware import AccessMiddleware
from ledger.models import JobRun
from ledger.services import job
from organisation.models import Delegation, Membership, User
from organisation.services import delegation
from scorecards.models import (
    Adjustment,
    AdjustmentItem,
    CatalogueMeasure,
    Correction,
    Evidence,
    Feed,
    Instruction,
    Measure,
    Month,
    Reopening,
    Scorecard,
    TensionReview,
    Upload,
    Version,
)
from scorecards.selectors.document import definition_of
from scorecards.selectors.draft import for_year
from scorecards.services import adjustment, catalogue, closing, correction, evidence, feed, instruction, national, upload, version
from staff.models import Absence, Agreement, LogEntry, Post, Posting, Roster, Suggestion, Talk
from staff.selectors.roster import Asked
from staff.services import log, posting, roster, talk
from tests import cast
from tests.conftest import NOW
from tests.roof import policy
from tests.staff import make as staff

pytestmark = pytest.mark.django_db
ROLES = ["", *cast.PEOPLE]
LET_IN = {200, 302}
OF_A_DRAFT = [
    *(
        "version",
        "version-remark",
        "template-give",
        "version-submit",
        "version-postpone",
        "version-restore",
        "version-return",
        "version-approve",
        "version-discard",
    ),
    *("map-edit", "map-table", "map-inspect", "link-edit", "map-change", "draft-weights", "draft-pairs", "objective-add"),
]


def names() -> set[str]:
    found = set()
    for _route, pattern in patterns(get_resolver()):
        module = pattern.callback.__module__.split(".")
        app = "api" if "api" in module else module[0]
        found.add(pattern.name if app == "grc_bsc" else f"{app}:{pattern.name}")
    return found


def test_every_address_has_a_row():
    assert names() == set(policy.ADDRESSES)


def test_every_view_declares_its_policy():
    assert every_view_declares_its_policy() == []


def test_a_view_without_a_policy_is_refused_to_everybody(people):
    from django.core.exceptions import PermissionDenied

    request = RequestFactory().get("/")
    request.user = people["officer"]
    with pytest.raises(PermissionDenied):
        AccessMiddleware(lambda request: None).process_view(request, lambda request: None, [], {})


@pytest.fixture
def house(load, people):
    """In both units a strained pair, an item of the catalogue, a proposal, and a job."""
    pair = {"tensions": [{"code": "T1", "a": ["M1"], "b": ["M2"]}]}
    for unit in ("HOUSE", "OTHER"):
        measures = cast.measure("M1", readings=cast.readings(90)), cast.measure("M2", readings=cast.readings(50))
        card = load(cast.document(*measures, unit=unit, **pair))
        item = adjustment.create_item(actor=people["scorecards"], unit=card.unit, code="A1", name="Award", name_zh="表彰", points=2)
        told = {"item": item, "month": Month.of(2026, 1), "reason": "Award", "evidence": "File 7", "now": NOW}
        adjustment.propose(actor=people["manager"], scorecard=card, **told)
        begin_drafts(people["manager"], card)
        instruction.create_instruction(actor=people["manager"], unit=card.unit, fields=cast.INSTRUCTION, clauses=[cast.CLAUSE])
        catalogue.offer(actor=people["scorecards"], unit=card.unit, measure=cast.measure("K1"), topic="")
        national.start(actor=people["scorecards"], unit=card.unit, month=Month.of(2026, 1))
        go_through_a_month(people, card)
        lead_a_clerk(people, card)
    delegation.delegate(actor=people["officer"], deputy=people["chief"], from_date=cast.TODAY, until_date=date(2999, 1, 1))
    return "HOUSE"


def go_through_a_month(people, card):
    """A closed month with a correction and a request to reopen it, a file, a thread, an upload, and a job that closes."""
    measure, january, told = card.measures.get(code="M1"), Month.of(2026, 1), {"now": NOW}
    closing.close(actor=people["scorecards"], unit=card.unit, month=january, below=True, **told)
    asked = {"numbers": {"value": 5.0}, "not_applicable": "", "reason": "Typing error", "evidence": "Letter 1"}
    correction.ask(actor=people["officer"], measure=measure, month=january, **asked, **told)
    closing.ask_reopening(actor=people["manager"], unit=card.unit, month=january, below=True, reason="Wrong", **told)
    evidence.add(actor=people["officer"], measure=measure, month=january, name="a.txt", media="text/plain", content=b"a", **told)
    subject = Subject("measure", str(measure.pk), card.unit, (measure.name, ""), measure.label, "/")
    thread.open_thread(actor=people["officer"], subject=subject, text="Why?", mentioned=[], **told)
    made = upload.begin(actor=people["officer"], unit=card.unit, month=january, name="a.csv", content=b"code,value\nM1,3", **told)
    upload.await_mapping(upload=made, header=["code", "value"], sample=[["M1", "3"]], **told)
    job.start(actor=people["scorecards"], kind="close_month", place=card.unit.code, arguments={"month": "2026-01"}, parts=[])


def lead_a_clerk(people, card):
    """A clerk in the unit with a post, a scorecard to sign, talks, a log, a suggestion and an absence; a file of people."""
    clerk = staff.clerk(people, card, chief=people["chief" if card.unit.code == "HOUSE" else "stranger"])
    for person in (clerk, people["officer"]):
        made = talk.plan(actor=people["manager"], person=person, unit=card.unit, planned_on=cast.TODAY, now=NOW)
        log.write(actor=people["manager"], person=person, unit=card.unit, day=cast.TODAY, kind="commendation", text="Good", now=NOW)
        talk.improve(actor=people["manager"], talk=made, text="Faster", due_on=cast.TODAY)
    log.suggest(actor=clerk, unit=card.unit, title="Earlier", text="Open earlier", now=NOW)
    away = {"kind": "leave", "from_date": cast.TODAY, "until_date": cast.TODAY, "note": "", "today": cast.TODAY}
    posting.be_away(actor=people["manager"], person=clerk, **away)
    file = roster.begin(actor=people["system"], name="people.csv", content=b"x", now=NOW)
    roster.propose(roster=file, rows=[Asked(2, clerk.username, "Clerk", "", card.unit.code, "", "", [])])
    feed.connect(actor=people["manager"], unit=card.unit, measure=card.measures.get(code="M1"), source="proposals", today=cast.TODAY)


def begin_drafts(actor, card):
    """A draft of this year, and one of the next."""
    for year in (2026, 2027):
        source = for_year(definition_of(card), year)
        version.begin(actor=actor, unit=card.unit, year=year, from_month=Month.of(year, 1), source=source, reason="", now=NOW)


def arguments_in(unit: str) -> dict[str, list]:
    """What stands in each address, of the things of that unit."""
    measure = Measure.objects.get(scorecard__unit__code=unit, scorecard__officer="", code="M1").pk
    review = TensionReview.objects.get(tension__scorecard__unit__code=unit).pk
    proposal, item = Adjustment.objects.get(scorecard__unit__code=unit).pk, AdjustmentItem.objects.get(unit__code=unit).pk
    draft, other = Version.objects.filter(unit__code=unit).order_by("year").values_list("pk", flat=True)[:2]
    entry = CatalogueMeasure.objects.get(unit__code=unit).pk
    job = JobRun.objects.get(place=unit, kind="national_month").pk
    file = Upload.objects.get(unit__code=unit).pk
    talk = Thread.objects.get(place=unit).pk
    person = User.objects.get(username="officer").pk
    clerk = User.objects.get(username=f"clerk-{unit}")
    staff_card = Scorecard.objects.get(officer=clerk.username).pk
    agreement, part = Agreement.objects.get(scorecard=staff_card).pk, [unit, 2026, "M1"]
    talked = Talk.objects.get(person=clerk)
    return {
        **{f"staff:{name}": [clerk.pk] for name in ("person", "explanation", "log", "talks", "service")},
        **{f"staff:{name}": [staff_card] for name in ("card", "agreement-change", "agreement-begin")},
        **{f"staff:agreement{name}": [agreement] for name in ("", "-talk", "-sign", "-withdraw")},
        **{f"staff:{name}": [talked.pk] for name in ("talk", "improvement-add")},
        "staff:talk-confirm": [Talk.objects.filter(person=person).first().pk],
        "staff:log-reply": [LogEntry.objects.filter(person=person).first().pk],
        "staff:improvement-done": [talked.improvements.get().pk],
        "staff:absence-end": [Absence.objects.get(person=clerk).pk],
        "staff:suggestion": [Suggestion.objects.get(unit__code=unit).pk],
        **{f"staff:{name}": [unit] for name in ("suggestions", "team", "agreements", "coverage", "posts", "cascade", "postings")},
        **{f"staff:{name}": [unit] for name in ("section-hand-over", "posting-people")},
        **{f"staff:{name}": [Post.objects.get(unit__code=unit).pk] for name in ("post", "post-give")},
        "staff:cascade-job": [JobRun.objects.filter(place=unit, kind="give_post").first().pk],
        **{f"staff:cascade{name}": part for name in ("-check", "-spread", "-tie")},
        "staff:posting-end": [Posting.objects.get(person=clerk).pk],
        **{f"staff:roster{name}": [Roster.objects.first().pk] for name in ("", "-grant", "-cancel", "-rejected")},
        "scorecards:feed-add": [unit],
        "scorecards:feed-end": [Feed.objects.get(unit__code=unit).pk],
        "organisation:unit-edit": ["HOUSE"],
        "organisation:person": [person],
        "organisation:person-edit": [person],
        "organisation:person-password": [person],
        "organisation:role-grant": [person],
        "organisation:role-end": [Membership.objects.get(user__username="auditor").pk],
        "organisation:delegation-end": [Delegation.objects.get().pk],
        "communication:talk": ["measure", str(measure)],
        "communication:thread-answer": [talk],
        "communication:thread-settle": [talk],
        "scorecards:entry-note": [unit, "2026-02", measure],
        "scorecards:entry-block": [unit, "2026-02"],
        "scorecards:entry-submit": [unit, "2026-02"],
        "scorecards:upload-template": [unit, "2026-02"],
        "scorecards:uploads": [unit],
        **{f"scorecards:upload{name}": [file] for name in ("", "-mapping", "-confirm", "-cancel", "-undo", "-rejected")},
        "scorecards:verification-now": [unit],
        "scorecards:verification": [unit, "2026-02"],
        "scorecards:months": [unit],
        "scorecards:month": [unit, "2026-01"],
        "scorecards:month-close": [unit],
        "scorecards:month-reopen": [unit, "2026-01"],
        "scorecards:reopening-decide": [Reopening.objects.get(unit__code=unit).pk],
        "scorecards:closing-job": [JobRun.objects.get(place=unit, kind="close_month").pk],
        "scorecards:corrections": [unit],
        "scorecards:correction-create": [measure, "2026-01"],
        "scorecards:correction-decide": [Correction.objects.get(measure__scorecard__unit__code=unit).pk],
        "scorecards:evidence": [measure, "2026-01"],
        "scorecards:evidence-download": [evidence_of(unit)],
        "scorecards:evidence-remove": [evidence_of(unit)],
        "scorecards:reporters": [unit],
        "scorecards:hand-over": [unit],
        "scorecards:dashboard": [unit],
        "scorecards:strategy": [unit],
        "scorecards:strategy-edit": [unit],
        "scorecards:map": [unit],
        "scorecards:instructions": [unit],
        "scorecards:instruction-create": [unit],
        "scorecards:instruction-edit": [Instruction.objects.get(unit__code=unit).pk],
        "scorecards:map-export": [unit, "svg"],
        "scorecards:version-list": [unit],
        "scorecards:version-compare": [draft, other],
        "scorecards:objective-edit": [draft, "O1"],
        "scorecards:measure-add": [draft, "O1"],
        "scorecards:measure-take": [draft, "O1"],
        "scorecards:draft-measure": [draft, "M1"],
        "scorecards:draft-measure-preview": [draft, "M1"],
        "scorecards:catalogue-edit": [entry],
        **{f"scorecards:{name}": [draft] for name in OF_A_DRAFT},
        "scorecards:tree": [unit],
        "scorecards:scorecard-history": [unit, 2026],
        "scorecards:entry-now": [unit],
        "scorecards:entry": [unit, "2026-02"],
        "scorecards:entry-row": [unit, "2026-02", measure],
        "scorecards:measure": [measure],
        "scorecards:measure-history": [measure],
        "scorecards:derivation": [unit, 2026],
        "scorecards:tensions": [unit],
        "scorecards:tension": [review],
        "scorecards:adjustments": [unit],
        "scorecards:adjustment-decide": [proposal],
        "scorecards:adjustment-withdraw": [proposal],
        "scorecards:adjustment-item-edit": [item],
        "scorecards:measure-edit": [measure],
        "scorecards:measure-preview": [measure],
        "scorecards:target-edit": [unit, 2026],
        "scorecards:what-if": [unit, 2026],
        "scorecards:rules-edit": [unit, 2026],
        "scorecards:recompute-job": [job],
        "scorecards:recompute-cancel": [job],
        "api:explanation": [unit, "2026-02", "month"],
        "scorecards:perspective-edit": [unit, 2026],
        "scorecards:weight-edit": [unit, 2026],
        "api:document": [unit, 2026],
        "api:scores": [unit, "2026-02", "month"],
    }


def evidence_of(unit: str) -> int:
    return Evidence.objects.get(measure__scorecard__unit__code=unit).pk


def calls(names) -> list[tuple[str, str]]:
    """Each address with each method that it answers."""
    found = []
    for name in names:
        methods = ["post"] if name in policy.POST_ONLY else ["get", "post"] if name in policy.BOTH else ["get"]
        found += [(name, method) for method in methods]
    return found


def ask(client, role: str, name: str, arguments: dict[str, list], method: str) -> int:
    answer = getattr(client, method)(reverse(name, args=arguments.get(name)))
    to_sign_in = answer.status_code == 302 and answer.url.startswith(reverse("organisation:sign-in"))
    return 401 if to_sign_in and (name != "organisation:sign-out" or not role) else answer.status_code


def wrongs(as_user, role: str, names, arguments: dict[str, list], own: bool) -> dict[tuple[str, str], int]:
    """The answers that are not as the policy says. One client reads; what writes may sign it out and has one of its own."""
    reader, wrong = as_user(role), {}
    for name, method in calls(names):
        status = ask(reader if method == "get" else as_user(role), role, name, arguments, method)
        if status not in expected(role, name, own, method):
            wrong[name, method] = status
    return wrong


def expected(role: str, name: str, own: bool, method: str) -> set[int]:
    allowed, has_object = policy.ADDRESSES[name]
    if method == "post" and name in policy.WRITERS_OF:
        allowed = policy.WRITERS_OF[name] | (allowed - policy.READERS)
    if allowed == policy.PUBLIC:
        return LET_IN
    if role == "":
        return {401}
    if name in policy.OWN:
        return LET_IN if role == policy.OWN[name] else {404}
    if role in allowed and (own or not has_object):
        return LET_IN
    if role == "stranger" and own and name in policy.STRANGER_HOLDS:
        return {404}
    if has_object and not own and (role in policy.ADDRESSES[name][0] or (name in policy.OWN_TOO and role in policy.READERS)):
        return {404}
    return {403}


@pytest.mark.parametrize("role", ROLES)
def test_matrix(house, as_user, role):
    own, other = arguments_in("HOUSE"), arguments_in("OTHER")
    of_a_unit = [name for name, (_roles, has_object) in policy.ADDRESSES.items() if has_object and role not in {"", "stranger"}]
    assert wrongs(as_user, role, of_a_unit, other, own=False) == {}
    assert wrongs(as_user, role, policy.ADDRESSES, own, own=True) == {}


def test_reading_changes_nothing(house, as_user):
    from ledger.models import AuditEntry, OutboxEntry

    changing, arguments, readers = [], arguments_in("HOUSE"), {role: as_user(role) for role in ("officer", "manager")}
    for name in (name for name, (_roles, has_object) in policy.ADDRESSES.items() if has_object):
        before = AuditEntry.objects.count(), OutboxEntry.objects.count()
        for role, client in readers.items():
            ask(client, role, name, arguments, "get")
        if (AuditEntry.objects.count(), OutboxEntry.objects.count()) != before:
            changing.append(name)
    assert changing == []


def test_the_three_administrators_see_no_scores():
    from grc_bsc.roles import PERMISSIONS
    from organisation.choices import TECHNICAL_ROLES

    assert not any(word.startswith("scorecards.") for role in TECHNICAL_ROLES for word in PERMISSIONS[role])


QUERIES = ["month=abc", "month=2026-13", "month=0000-01", "page=-1", "page=9999999999999999999", "window=foo", "q=%00", "q=%F0%9F%98%80"]
ASKED = {
    "officer": ["scorecards:dashboard", "scorecards:tree", "scorecards:measure", "scorecards:measure-history", "scorecards:unit-list"],
    "manager": ["staff:me", "staff:person", "staff:team", "staff:cascade", "staff:cascade-check", "staff:coverage", "staff:postings"],
}


def test_no_query_breaks_a_page(house, as_user):
    broken, arguments = [], arguments_in("HOUSE")
    for role, asked in ASKED.items():
        client = as_user(role)
        for name in asked:
            address = reverse(name, args=arguments.get(name))
            broken += [(name, query) for query in QUERIES if client.get(f"{address}?{query}").status_code not in {200, 404}]
    assert broken == []
