"""Who plays in the tests, and the small unit they work in."""

from datetime import date
from typing import Any

from organisation.choices import Role
from organisation.models import Unit, User
from organisation.services.membership import grant_role
from organisation.services.person import create_person
from organisation.services.unit import create_unit

PASSWORD = "Correct-Horse-7"
FIRST_DAY = date(2020, 1, 1)
TODAY = date(2026, 3, 20)

PEOPLE = {
    "officer": (Role.OFFICER, "HOUSE"),
    "chief": (Role.SECTION_CHIEF, "HOUSE"),
    "manager": (Role.UNIT_MANAGER, "HOUSE"),
    "director": (Role.DIRECTOR, "DISTRICT"),
    "auditor": (Role.AUDITOR, "DISTRICT"),
    "scorecards": (Role.SCORECARD_ADMINISTRATOR, "HOUSE"),
    "system": (Role.SYSTEM_ADMINISTRATOR, "ROOT"),
    "security": (Role.SECURITY_ADMINISTRATOR, "ROOT"),
    "audit": (Role.AUDIT_ADMINISTRATOR, "ROOT"),
    "stranger": (Role.DIRECTOR, "OTHER"),
    "former": (Role.OFFICER, "HOUSE"),
}


INSTRUCTION = {"number": "署办发〔2026〕7号", "name": "Letter 7", "name_zh": "第7号文", "issued_on": date(2026, 1, 5), "deadline": None}
CLAUSE = {"code": "3", "text": "Faster", "text_zh": "提速", "deadline": date(2026, 6, 30), "objectives": ["O1"], "measures": []}


def build() -> dict[str, User]:
    """A root, two districts, a house with a division, and one person for each role; the former officer's role has ended."""
    root = create_unit(actor=None, code="ROOT", name="Administration", name_zh="总署", parent=None)
    district = create_unit(actor=None, code="DISTRICT", name="District", name_zh="关区", parent=root)
    create_unit(actor=None, code="OTHER", name="Other district", name_zh="其他关区", parent=root)
    house = create_unit(actor=None, code="HOUSE", name="House", name_zh="海关", parent=district)
    create_unit(actor=None, code="DIVISION", name="Division", name_zh="处", parent=house)
    people = {}
    for username, (role, code) in PEOPLE.items():
        person = create_person(
            actor=None, username=username, name=username.title(), name_zh="某某", password=PASSWORD, must_change_password=False
        )
        last = date(2020, 12, 31) if username == "former" else None
        unit = Unit.objects.get(code=code)
        grant_role(actor=None, person=person, unit=unit, role=role, from_date=FIRST_DAY, until_date=last)
        people[username] = person
    return people


def measure(code: str, **fields: Any) -> dict[str, Any]:
    """A measure of a document: average, higher is better, baseline 0 and target 100, unless said otherwise."""
    plain = {
        "code": code,
        "name": f"Measure {code}",
        "name_zh": f"指标{code}",
        "unit": "%",
        "better": "higher",
        "preset": "target",
        "curve_scores": [0, 100],
        "method": "average",
        "frequency": "monthly",
        "weight": 1,
        "source": "entered",
        "targets": [{"from": "2026-01", "points": [0, 100]}],
        "readings": [],
    }
    return {**plain, **fields}


def readings(*values: float, year: int = 2026, first: int = 1, state: str = "submitted") -> list[dict[str, Any]]:
    """Plain readings of consecutive months."""
    return [{"month": f"{year}-{first + i:02d}", "value": value, "state": state} for i, value in enumerate(values)]


def document(*measures: dict[str, Any], unit: str = "HOUSE", year: int = 2026, **fields: Any) -> dict[str, Any]:
    """A scorecard with one perspective and one objective that hold the measures."""
    objective = {"code": "O1", "name": "Objective", "name_zh": "目标", "weight": 1, "measures": list(measures)}
    perspective = {"code": "C", "name": "Customer", "name_zh": "服务对象", "weight": 100, "objectives": [objective]}
    head = {"format": "grc-bsc/scorecard@1", "unit": {"code": unit, "name": unit.title()}, "year": year, "name": f"Scorecard {year}"}
    return {**head, "perspectives": [perspective], **fields}
