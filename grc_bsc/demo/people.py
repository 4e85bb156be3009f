"""One person for each role. The password is for trying the product; `make run` prints it."""

from datetime import date

from grc_bsc.demo import airport, logistics, newyork, ohare
from organisation.choices import Role
from organisation.models import Unit, User
from organisation.services.membership import grant_role
from organisation.services.person import create_person

PASSWORD = "Customs-Demo-1"  # noqa: S105  printed at every start, for the demo only

PEOPLE = [
    ("officer", "Li Na", "李娜", Role.OFFICER, [airport.CODE, ohare.CODE]),
    ("colleague", "Wang Fang", "王芳", Role.OFFICER, [airport.CODE]),
    ("chief", "Sun Hao", "孙浩", Role.SECTION_CHIEF, ["PAX"]),
    ("manager", "Zhao Min", "赵敏", Role.UNIT_MANAGER, [airport.CODE, ohare.CODE]),
    ("director", "Zhang Wei", "张伟", Role.DIRECTOR, [airport.CODE, ohare.CODE, newyork.CODE, logistics.CODE]),
    ("auditor", "Wu Qiang", "吴强", Role.AUDITOR, ["GACC", ohare.CODE, newyork.CODE, logistics.CODE]),
    ("scorecards", "Chen Yu", "陈宇", Role.SCORECARD_ADMINISTRATOR, [airport.CODE, ohare.CODE, newyork.CODE, logistics.CODE]),
    ("system", "He Lin", "何琳", Role.SYSTEM_ADMINISTRATOR, ["GACC"]),
    ("security", "Guo Tao", "郭涛", Role.SECURITY_ADMINISTRATOR, ["GACC"]),
    ("audit", "Ma Li", "马丽", Role.AUDIT_ADMINISTRATOR, ["GACC"]),
]


def create(today: date) -> dict[str, User]:
    cast = {}
    for username, name, name_zh, role, codes in PEOPLE:
        person = create_person(actor=None, username=username, name=name, name_zh=name_zh, password=PASSWORD, must_change_password=False)
        for code in codes:
            grant_role(actor=None, person=person, unit=Unit.objects.get(code=code), role=role, from_date=date(today.year, 1, 1))
        cast[username] = person
    return cast
