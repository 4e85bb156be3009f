"""Every page in both languages and themes and at both widths: accessible, quiet, no sideways scrolling, no English left in Chinese."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from communication.selectors.thread import Subject
from communication.services import thread
from ledger.models import JobRun
from ledger.services import job, outbox
from organisation.models import User
from scorecards.forms.document import read_document
from scorecards.models import AdjustmentItem, CatalogueMeasure, Instruction, Measure, Month, Scorecard, TensionReview, Upload, Version
from scorecards.selectors.document import definition_of
from scorecards.selectors.draft import for_year
from scorecards.selectors.version import outlook
from scorecards.services import (
    adjustment,
    assignment,
    catalogue,
    closing,
    correction,
    evidence,
    feed,
    instruction,
    national,
    upload,
    version,
)
from scorecards.services import map as strategy_map
from scorecards.services.theme import TEXTS, edit_strategy
from staff.models import Agreement, Post, Posting, Roster, Suggestion, Talk
from staff.services import log, posting, roster, talk
from tests import cast
from tests.browser.conftest import DESKTOP, PHONE
from tests.staff import make

pytestmark = [pytest.mark.browser, pytest.mark.needs_sqlite, pytest.mark.django_db(transaction=True)]
RULES = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
ENGLISH = re.compile(r"[A-Za-z]{3,}")
ALLOWED = {
    "English",
    "Excel",
    "CSV",
    "csv",
    "PDF",
    "Word",
    "Enter",
    "Esc",
    "Tab",
    "Alt",
    "Ctrl",
    "Del",
    "JavaScript",
    "JSON",
    "import_scorecard",
    "officer",
    "Beijing",
    "HOUSE",
    "min",
    "max",
    "abs",
    "round",
    "red",
    "amber",
    "green",
}


@pytest.fixture
def card(load, people):
    measures = [
        cast.measure("A", name_zh="甲", readings=cast.readings(90, 60)),
        cast.measure(
            "B",
            name_zh="乙",
            method="ratio",
            factor=100,
            readings=[{"month": "2026-01", "numerator": 3, "denominator": 4, "state": "submitted"}],
        ),
        cast.measure(
            "C",
            name_zh="丙",
            preset="range",
            better="in_range",
            curve_scores=[0, 100, 100, 0],
            targets=[{"from": "2026-01", "points": [1, 2, 3, 4]}],
            readings=cast.readings(2.5, 9),
        ),
        cast.measure("D", name_zh="丁", frequency="quarterly"),
        cast.measure("E", name_zh="戊", readings=[{"month": "2026-02", "not_applicable": "关闭", "state": "submitted"}]),
    ]
    pair = {"tensions": [{"code": "T1", "name": "Pair", "name_zh": "指标对", "a": ["A"], "b": ["C"]}]}
    card = load(cast.document(*measures, name_zh="计分卡", unit="HOUSE", **pair))
    item = adjustment.create_item(actor=people["scorecards"], unit=card.unit, code="B1", name="Award", name_zh="表彰", points=2)
    told = {"item": item, "month": Month.of(2026, 2), "reason": "表彰", "evidence": "文件", "now": timezone.now()}
    adjustment.propose(actor=people["manager"], scorecard=card, **told)
    catalogue.offer(actor=people["scorecards"], unit=card.unit, measure=cast.measure("K1", name_zh="备选"), topic="主题")
    instruction.create_instruction(actor=people["manager"], unit=card.unit, fields=cast.INSTRUCTION, clauses=[cast.CLAUSE])
    theme = {"code": "T1", "name": "Control", "name_zh": "监管", "first_year": 2025, "last_year": 2027}
    texts = dict.fromkeys(TEXTS, "战略")
    edit_strategy(actor=people["manager"], unit=card.unit, version=0, texts=texts, themes=[theme])
    begin_versions(people["manager"], people["director"], card)
    national.start(actor=people["scorecards"], unit=card.unit, month=Month.of(2026, 2))
    go_through_a_month(people, card)
    lead_a_clerk(people, card)
    return card


def lead_a_clerk(people, card):
    """An officer with a scorecard to sign, a talk, a log, suggestions, an absence; files of people in two states; a fed measure."""
    told, today = {"now": timezone.now()}, timezone.localdate()
    chief, clerk = people["chief"], make.clerk(people, card, people["chief"], part="B", same="A")
    held = talk.plan(actor=chief, person=clerk, unit=card.unit, planned_on=today, **told)
    held = talk.write(actor=chief, talk=held, version=1, fields={"held_on": today, "chief_notes": "进展正常"}, **told)
    talk.improve(actor=chief, talk=held, text="分流", training="客流", hours=8, due_on=today)
    talk.plan(actor=chief, person=clerk, unit=card.unit, planned_on=today, **told)
    log.write(actor=chief, person=clerk, unit=card.unit, day=today, kind="commendation", text="表扬", **told)
    idea = log.suggest(actor=clerk, unit=card.unit, title="双语提示", text="增加提示", **told)
    log.answer(actor=chief, suggestion=idea, adopted=True, text="试行", **told)
    log.suggest(actor=clerk, unit=card.unit, title="提前开台", text="增开", **told)
    log.suggest(actor=people["officer"], unit=card.unit, title="改进流程", text="简化", **told)
    away = {"kind": "leave", "from_date": today, "until_date": today, "note": "", "today": today}
    posting.be_away(actor=chief, person=clerk, **away)
    feed.connect(actor=people["manager"], unit=card.unit, measure=card.measures.get(code="D"), source="proposals", today=today)
    for content in ("工号,姓名,单位,岗位,任职日期\nA1,安,HOUSE,INSPECTOR,2026-02-01\nA2,,HOUSE,,\n".encode(), b""):
        roster.begin(actor=people["system"], name="人员.csv", content=content, **told)
    make.drain()


def go_through_a_month(people, card):
    """A closed month with a correction, a reopening asked for, a file, a thread, an assignment, and uploads in several states."""
    told, january = {"now": timezone.now()}, Month.of(2026, 1)
    measure = card.measures.get(code="A")
    closing.close(actor=people["scorecards"], unit=card.unit, month=january, below=True, **told)
    asked = {"numbers": {"value": 5.0}, "not_applicable": "", "reason": "录入错误", "evidence": "台账"}
    correction.ask(actor=people["officer"], measure=measure, month=january, **asked, **told)
    closing.ask_reopening(actor=people["manager"], unit=card.unit, month=january, below=True, reason="数据有误", **told)
    evidence.add(actor=people["officer"], measure=measure, month=january, name="证明.txt", media="text/plain", content=b"a", **told)
    subject = Subject("measure", str(measure.pk), card.unit, (measure.name, measure.name_zh), measure.label, "/")
    thread.open_thread(actor=people["manager"], subject=subject, text="@officer 为什么？", mentioned=[people["officer"]], **told)
    assignment.assign(actor=people["manager"], unit=card.unit, codes=["A"], person=people["officer"], today=timezone.localdate())
    for content in (b"code,month,value\nA,2026-02,5\nZ,2026-02,1\nD,2026-03,900", b"day,x\n2026-02-01,3", b""):
        upload.begin(actor=people["officer"], unit=card.unit, month=january, name="数据.csv", content=content, **told)
    outbox.drain(**told)
    job.start(actor=people["scorecards"], kind="close_month", place="HOUSE", arguments={"month": "2026-01"}, parts=[])


def begin_versions(manager, director, card):
    """A draft with two objectives and an arrow; next year's in review; that of the year after approved."""
    told = {"actor": manager, "now": timezone.now()}
    for year in (2026, 2027):
        source = for_year(definition_of(card), year)
        draft = version.begin(unit=card.unit, year=year, from_month=Month.of(year, 3), source=source, reason="修订", **told)
        named = {"code": "O2", "name": "Second", "name_zh": "第二", "checkpoints": [{"month": "2026-12", "score": 90}], "theme": "T1"}
        draft = strategy_map.add_objective(version=draft, seen=0, perspective="C", fields=named, **told)
        draft = strategy_map.link(version=draft, seen=1, cause="O1", effect="O2", **told)
    version.submit(version=draft, seen=2, **told)
    month = Month.of(2028, 1)
    begun = version.begin(unit=card.unit, year=2028, from_month=month, source=for_year(definition_of(card), 2028), reason="新", **told)
    version.submit(version=begun, seen=0, **told)
    document = read_document(outlook(begun).document)
    version.approve(actor=director, version=begun, edits=0, document=document, seen=None, now=timezone.now())


def pages(role: str) -> list[str]:
    measure = Measure.objects.filter(scorecard__officer="").order_by("pk").first()
    if measure is None:
        return []
    draft, reviewed, approved = Version.objects.order_by("year").values_list("pk", flat=True)
    person = measure.scorecard.unit.memberships.order_by("pk").first()
    clerk = User.objects.get(username="clerk-HOUSE").pk
    staff_card = Scorecard.objects.get(officer="clerk-HOUSE")
    post = Post.objects.get().pk
    return {
        "": ["/sign-in/", "/nowhere/"],
        "officer": [
            "/inbox/",
            "/inbox/news/",
            "/inbox/done/",
            "/inbox/preferences/",
            "/account/deputies/",
            "/entry/HOUSE/2026-02/",
            "/entry/HOUSE/2026-01/",
            f"/talk/measure/{measure.pk}/",
            f"/measures/{measure.pk}/evidence/2026-01/",
            f"/measures/{measure.pk}/corrections/2026-01/",
            "/units/HOUSE/imports/",
            *(f"/imports/{pk}/" for pk in Upload.objects.order_by("pk").values_list("pk", flat=True)),
            "/account/",
            "/account/password/",
            "/components/",
            "/setup/audit/",
            "/suggestions/",
            "/me/",
        ],
        "clerk-HOUSE": [
            "/me/?month=2026-02",
            "/me/?month=2019-02",
            f"/staff/{clerk}/explanation/?month=2026-02",
            f"/staff/{clerk}/log/",
            f"/staff/{clerk}/talks/",
            f"/staff/{clerk}/service/",
            f"/agreements/{Agreement.objects.get().pk}/",
            *(f"/talks/{pk}/" for pk in Talk.objects.order_by("pk").values_list("pk", flat=True)),
            f"/entry/{staff_card.address}/2026-02/",
            f"/measures/{staff_card.measures.get(code='B').pk}/?month=2026-02",
            f"/units/{staff_card.address}/scorecard/2026/explanation/?month=2026-02",
            "/inbox/",
        ],
        "director": [
            "/units/HOUSE/months/?year=2026",
            "/units/HOUSE/months/2026-01/",
            "/units/HOUSE/corrections/",
            "/units/",
            "/units/?q=zzz",
            "/units/HOUSE/?month=2026-02",
            "/units/HOUSE/?month=2019-02",
            "/units/HOUSE/scorecard/?month=2026-02&window=year",
            "/units/HOUSE/scorecard/2026/history/",
            f"/measures/{measure.pk}/?month=2026-02",
            f"/measures/{measure.pk}/history/",
            "/units/HOUSE/tensions/?month=2026-02",
            f"/tensions/{TensionReview.objects.order_by('pk').first().pk}/",
            "/units/HOUSE/adjustments/?month=2026-02",
            "/units/HOUSE/strategy/?month=2026-02",
            "/units/HOUSE/map/?month=2026-02",
            "/units/HOUSE/map/?month=2019-02",
            "/units/HOUSE/versions/",
            f"/versions/{reviewed}/",
            "/units/HOUSE/scorecard/2026/explanation/?month=2026-02",
            "/units/HOUSE/scorecard/2026/explanation/?month=2026-02&level=objective&node=O1",
            "/units/HOUSE/scorecard/2026/explanation/?month=2026-02&level=measure&node=B",
        ],
        "manager": [
            "/inbox/",
            "/units/HOUSE/team/?month=2026-02",
            "/units/HOUSE/team/?q=zzz",
            "/units/DIVISION/team/",
            f"/staff/{clerk}/?month=2026-02",
            f"/staff/{clerk}/log/",
            f"/staff/{clerk}/talks/",
            f"/staff/{clerk}/service/",
            f"/agreements/{Agreement.objects.get().pk}/",
            f"/staff-scorecards/{staff_card.pk}/change/",
            f"/talks/{Talk.objects.order_by('pk').first().pk}/",
            "/units/HOUSE/agreements/?year=2026",
            "/units/HOUSE/coverage/?year=2026",
            "/units/HOUSE/cascade/?month=2026-02",
            "/units/HOUSE/cascade/2026/B/?month=2026-02",
            "/units/HOUSE/cascade/2026/A/?month=2026-02",
            "/units/HOUSE/posts/",
            "/units/DIVISION/posts/",
            f"/posts/{post}/?year=2026",
            f"/posts/{post}/give/?year=2026",
            f"/cascades/{JobRun.objects.get(kind='give_post').pk}/",
            "/units/HOUSE/postings/",
            "/units/DIVISION/postings/",
            f"/postings/{Posting.objects.first().pk}/end/",
            "/units/HOUSE/hand-over-section/",
            "/units/HOUSE/suggestions/",
            f"/suggestions/{Suggestion.objects.order_by('-pk').first().pk}/",
            f"/verify/{staff_card.address}/2026-02/",
            "/verify/HOUSE/2026-02/",
            "/units/HOUSE/reporters/",
            "/units/HOUSE/months/2026-01/reopen/",
            "/units/HOUSE/strategy/edit/",
            f"/versions/{approved}/give/",
            "/units/HOUSE/instructions/",
            f"/instructions/{Instruction.objects.get().pk}/",
            f"/versions/{draft}/",
            f"/versions/{draft}/map/",
            f"/versions/{draft}/map/table/",
            f"/versions/{draft}/map/arrow/?cause=O1&effect=O2",
            f"/versions/{draft}/weights/",
            f"/versions/{draft}/pairs/",
            f"/versions/{draft}/objectives/",
            f"/versions/{draft}/objectives/O1/",
            f"/versions/{draft}/measures/A/",
            f"/versions/{draft}/compare/{reviewed}/",
        ],
        "scorecards": [
            f"/closings/{JobRun.objects.get(kind='close_month').pk}/",
            "/units/HOUSE/months/?year=2026",
            "/setup/catalogue/",
            f"/setup/catalogue/{CatalogueMeasure.objects.get().pk}/",
            "/setup/scorecards/",
            "/setup/scorecards/HOUSE/2026/perspectives/",
            "/setup/scorecards/HOUSE/2026/weights/",
            "/setup/scorecards/HOUSE/2026/rules/",
            "/targets/HOUSE/2026/",
            "/what-if/HOUSE/2026/?month=2026-02",
            f"/measures/{measure.pk}/edit/",
            "/setup/adjustment-items/",
            f"/setup/adjustment-items/{AdjustmentItem.objects.get().pk}/",
            "/setup/recompute/",
            f"/setup/recompute/{JobRun.objects.get(kind='national_month').pk}/",
        ],
        "system": [
            "/setup/units/",
            "/setup/new-unit/",
            "/setup/units/HOUSE/",
            "/setup/people/",
            "/setup/new-person/",
            f"/setup/people/{person.user_id}/",
            "/setup/people-files/",
            *(f"/setup/people-files/{pk}/" for pk in Roster.objects.order_by("pk").values_list("pk", flat=True)),
        ],
        "security": [
            f"/setup/people/{person.user_id}/",
            f"/setup/people-files/{Roster.objects.order_by('pk').first().pk}/roles/",
            "/inbox/",
        ],
        "audit": ["/setup/audit/"],
    }[role]


def english(text: str) -> set[str]:
    return {word for word in ENGLISH.findall(text) if word not in ALLOWED}


# Half of the pages each: every page is seen in both languages, both looks and both widths.
@pytest.mark.parametrize(
    ("language", "look", "size", "half"),
    [("en", "light", DESKTOP, 0), ("zh-hans", "dark", PHONE, 0), ("en", "dark", PHONE, 1), ("zh-hans", "light", DESKTOP, 1)],
    ids=["en-light-desktop", "zh-dark-phone", "en-dark-phone", "zh-light-desktop"],
)
def test_every_page(card, visit, language, look, size, half):
    found: dict[str, object] = {}
    for role in ["", "officer", "clerk-HOUSE", "manager", "director", "scorecards", "system", "security", "audit"]:
        visitor = visit(size)
        visitor.context.add_cookies(
            [{"name": name, "value": value, "url": visitor.address} for name, value in (("language", language), ("theme", look))]
        )
        if role:
            visitor.sign_in(role)
            prefer(visitor, language, look)
        for path in pages(role)[half::2]:
            page = visitor.goto(path)
            expect(page.locator(".htmx-request")).to_have_count(0)
            assert page.evaluate("document.documentElement.dataset.bsTheme") == look
            problems = [
                f"{violation['id']}: {node['html'][:120]}"
                for violation in Axe().run(page, options=RULES).response["violations"]
                for node in violation["nodes"]
            ]
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                problems.append("scrolls sideways")
            if language == "zh-hans":
                problems += [f"English: {word}" for word in english(visible_text(page))]
            if problems:
                found[f"{role} {path}"] = problems
        visitor.complaints[:] = [c for c in visitor.complaints if "404" not in c and "403" not in c]
    assert found == {}


def visible_text(page) -> str:
    """The text of the page without names and codes that are data."""
    return page.evaluate(
        """() => {
          const copy = document.body.cloneNode(true);
          copy.querySelectorAll("script,noscript,textarea,[lang=en],.code,input,select,.facts,.crumbs,.avatar,td,th[scope=row],.unit,.menu-body").forEach(e => e.remove());
          return copy.innerText;
        }"""
    )


def prefer(visitor, language: str, look: str) -> None:
    """Keep language and look with the person, as the switches do."""
    page = visitor.page
    for name, value in (("language", language), ("theme", look)):
        page.evaluate(
            """async ([name, value]) => {
              const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
              const body = new URLSearchParams({[name]: value, next: "/account/"});
              await fetch("/account/preferences/", {method: "POST", body, headers: {"X-CSRFToken": token}});
            }""",
            [name, value],
        )
