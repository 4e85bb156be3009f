"""The passenger division's officers: sections, posts, the cascade to their scorecards, what they report, agree and say."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from grc_bsc.demo.airport import CODE, DIVISION
from grc_bsc.demo.people import PASSWORD
from ledger.services import outbox
from organisation.choices import Role, UnitKind
from organisation.models import Unit, User
from organisation.services.membership import grant_role
from organisation.services.person import create_person
from organisation.services.unit import create_unit
from scorecards.models import Measure, Month, Scorecard
from scorecards.services import feed
from scorecards.services.reading import Wanted, record_many
from staff.models import Agreement, Post, Posting
from staff.services import agreement, cascade, log, talk
from staff.services.post import create_post, edit_post
from staff.services.posting import appoint, be_away

SECTIONS = [("PAX-T2", "Passenger Section, Terminal 2", "旅检二科"), ("PAX-T3", "Passenger Section, Terminal 3", "旅检三科")]
OFFICERS = [
    ("100102", "Liu Yang", "刘洋", "PAX-T2"),
    ("100103", "Zhou Jie", "周洁", "PAX-T2"),
    ("100104", "Xu Lei", "徐磊", "PAX-T2"),
    ("100105", "Hu Bo", "胡波", "PAX-T2"),
    ("100106", "Lin Xue", "林雪", "PAX-T2"),
    ("100202", "Gao Feng", "高峰", "PAX-T3"),
    ("100203", "Zheng Shuang", "郑爽", "PAX-T3"),
    ("100204", "Tang Wei", "唐薇", "PAX-T3"),
    ("100205", "Song Ping", "宋平", "PAX-T3"),
    ("100206", "Cao Ying", "曹颖", "PAX-T3"),
]
OWN = {
    "name": "Inspection records complete within 24 hours",
    "name_zh": "查验记录24小时内录入率",
    "unit": "%",
    "better": "higher",
    "preset": "red_flag",
    "curve_scores": [0, 60, 100, 120],
    "method": "ratio",
    "factor": 100,
    "frequency": "monthly",
    "source": "entered",
}
LINES: list[dict[str, Any]] = [
    {"kind": "contributory", "objective": "C2", "code": "C2-01", "weight": 30, "minimum_count": 200},
    {"kind": "contributory", "objective": "P2", "code": "P2-01", "weight": 30, "minimum_count": 20},
    {"kind": "same", "objective": "C3", "code": "C3-02", "weight": 15},
    {"kind": "own", "objective": "P2", "code": "OWN-01", "weight": 15},
    {"kind": "same", "objective": "F3", "code": "F3-02", "weight": 10},
]
MOVED = "100106"
AWAY = "100205"
VALUES = {"C2-01": (2_600, 0.93), "P2-01": (160, 0.13), "OWN-01": (160, 0.95)}


def begin(cast: dict[str, User], today: date, now: datetime) -> None:
    """Sections, people and posts, and this year's template given to all who hold the post."""
    division = Unit.objects.get(code=DIVISION)
    sections = {
        code: create_unit(actor=None, code=code, name=name, name_zh=name_zh, kind=UnitKind.SECTION, parent=division)
        for code, name, name_zh in SECTIONS
    }
    people = {"officer": cast["officer"], "colleague": cast["colleague"]}
    places = {"officer": "PAX-T2", "colleague": "PAX-T3"}
    new_year = date(today.year, 1, 1)
    for number, name, name_zh, code in OFFICERS:
        people[number] = create_person(
            actor=None, username=number, name=name, name_zh=name_zh, password=PASSWORD, must_change_password=False
        )
        grant_role(actor=None, person=people[number], unit=sections[code], role=Role.OFFICER, from_date=new_year)
        places[number] = code
    post = _post(cast["manager"], division, today.year)
    for number, person in people.items():
        appoint(actor=cast["manager"], person=person, unit=sections[places[number]], post=post, from_date=new_year)
    if today > date(today.year, 5, 10):
        appoint(actor=cast["manager"], person=people[MOVED], unit=sections["PAX-T3"], post=post, from_date=date(today.year, 5, 10))
    holders = list(Posting.objects.filter(post=post).select_related("person", "unit").order_by("unit__code", "person__username"))
    cascade.give(actor=cast["manager"], post=post, year=today.year, postings=holders, tie=True, today=today)
    while outbox.drain(now=timezone.now()):
        pass


def _post(manager: User, division: Unit, year: int) -> Post:
    names = {"name": "Passenger inspector", "name_zh": "旅检查验岗"}
    post = create_post(actor=manager, unit=division, code="INSPECTOR", category="front_line", **names)
    target = {"measure": {**OWN, "targets": [{"from": f"{year}-01", "points": [80, 90, 97, 99]}]}}
    blank = {"share": None, "minimum_count": None, "points": None, "measure": None}
    lines = [{**blank, **line, **(target if line["kind"] == "own" else {})} for line in LINES]
    return edit_post(actor=manager, post=post, version=1, lines=lines, category="front_line", minimum_service=0.5, **names)


def report(cast: dict[str, User], today: date, now: datetime) -> None:
    """What the officers have reported in the whole months of this year, and one who was away."""
    away = User.objects.get(username=AWAY)
    if today.month > 3:
        holiday: dict[str, Any] = {
            "kind": "illness",
            "from_date": date(today.year, 2, 1),
            "until_date": date(today.year, 3, 1) - timedelta(days=1),
        }
        be_away(actor=cast["chief"], person=away, note="", today=today, **holiday)
    last = Month.of_day(today) - 1
    cards = Scorecard.objects.filter(unit__code__startswith=f"{DIVISION}-", year=today.year).exclude(officer="").select_related("unit")
    for card in cards.order_by("pk"):
        person = User.objects.get(username=card.officer)
        chance = random.Random(f"{card.officer} {card.unit.code}")  # noqa: S311  invented data, not a secret
        skill = {code: chance.gauss(1, 0.04 if code != "P2-01" else 0.2) for code in VALUES}
        wanted = []
        for measure in card.measures.filter(source="entered").select_related("scorecard__unit"):
            for number in range(Month.of(today.year, 1), last + 1):
                month = Month(number)
                if measure.is_due_in(month) and not (card.officer == AWAY and month.number == 2):
                    wanted.append(Wanted(measure, month, _numbers(measure, skill[measure.code], chance), 0))
        record_many(actor=person, wanted=wanted, today=today, now=now)


def _numbers(measure: Measure, skill: float, chance: random.Random) -> dict[str, float]:
    size, share = VALUES[measure.code]
    cases = round(size * chance.uniform(0.8, 1.2))
    return {"numerator": float(min(cases, round(cases * share * skill * chance.uniform(0.97, 1.03)))), "denominator": float(cases)}


def agree_and_talk(cast: dict[str, User], today: date, now: datetime) -> None:
    """Most have signed; one is asked for a signature; talks, a log and suggestions."""
    chief, officer, unit = cast["chief"], cast["officer"], Unit.objects.get(code="PAX-T2")
    for one in Agreement.objects.filter(scorecard__year=today.year).select_related("scorecard__unit").order_by("pk"):
        person = User.objects.get(username=one.scorecard.officer)
        if person.pk == officer.pk:
            agreement.talk_over(actor=chief, agreement=one, day=today)
            agreement.sign(actor=chief, agreement=one, now=now, today=today)
        elif person.username not in {"100104", "100203"}:
            agreement.talk_over(actor=chief, agreement=one, day=today - timedelta(days=3))
            agreement.sign(actor=person, agreement=one, now=now, today=today)
            agreement.sign(actor=chief, agreement=one, now=now, today=today)
    held = talk.plan(actor=chief, person=officer, unit=unit, planned_on=today - timedelta(days=20), now=now)
    notes = "命中率稳步提高，高峰期排队仍偏长。Hits rise steadily; queues at the peak are still long."
    held = talk.write(actor=chief, talk=held, version=1, fields={"chief_notes": notes, "held_on": today - timedelta(days=18)}, now=now)
    step = {"text": "高峰期分流 Split the queue at the peak", "measure": "C2-01", "training": "客流管理课程 Crowd management", "hours": 8}
    talk.improve(actor=chief, talk=held, due_on=today + timedelta(days=40), **step)
    for posting in Posting.objects.filter(post__code="INSPECTOR", until_date__isnull=True).exclude(person__in=[officer, cast["colleague"]]):
        if posting.person.username not in {"100105", "100204"}:
            ago = today - timedelta(days=40)
            done = talk.plan(actor=chief, person=posting.person, unit=posting.unit, planned_on=ago, now=now)
            said = {"chief_notes": "目标进展正常。On the way to the targets.", "held_on": ago}
            done = talk.write(actor=chief, talk=done, version=1, fields=said, now=now)
            talk.confirm(actor=posting.person, talk=done, version=done.version, now=now)
    colleague = cast["colleague"]
    planned: dict[str, Any] = {"person": colleague, "unit": Unit.objects.get(code="PAX-T3"), "planned_on": today + timedelta(days=6)}
    talk.plan(actor=chief, now=now, **planned)
    work = "完成新一代查验设备试运行 Trial run of the new scanners finished"
    log.write(actor=officer, person=officer, unit=unit, day=today - timedelta(days=9), kind="work", text=work, now=now)
    praise = "查获濒危物种制品，受到关区通报表扬 Commended by the district for a seizure of protected species"
    log.write(actor=chief, person=officer, unit=unit, day=today - timedelta(days=4), kind="commendation", text=praise, now=now)
    adopted = {
        "title": "到达高峰提前开台 Open booths before the peak",
        "text": "按航班计划提前15分钟增开查验台。Open more booths 15 minutes ahead.",
    }
    made = log.suggest(actor=officer, unit=unit, now=now, **adopted)
    log.answer(actor=chief, suggestion=made, adopted=True, text="下月起试行 On trial from next month", now=now)
    asked = {
        "title": "申报台增加双语提示 Bilingual signs at the declaration desk",
        "text": "外籍旅客常走错通道。Foreign travellers often take the wrong lane.",
    }
    log.suggest(actor=colleague, unit=Unit.objects.get(code="PAX-T3"), now=now, **asked)


def count(cast: dict[str, User], today: date) -> None:
    """Three measures of the house that the system itself counts from now on."""
    unit = Unit.objects.get(code=CODE)
    for code, source in (("P7-02", "talks"), ("L3-02", "agreements"), ("L5-01", "proposals")):
        measure = Measure.objects.get(scorecard__unit=unit, scorecard__officer="", scorecard__year=today.year, code=code)
        feed.connect(actor=cast["manager"], unit=unit, measure=measure, source=source, today=today)
