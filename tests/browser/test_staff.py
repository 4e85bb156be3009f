"""The cascade in a browser: a template made and given, shares mended, signed on a phone, a month entered, and what follows from it."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from ledger.services import outbox
from organisation.models import Unit, User
from organisation.services.unit import create_unit
from scorecards.models import Scorecard
from staff.models import Agreement, Line, Posting
from staff.services.post import create_post
from staff.services.posting import appoint
from tests import cast
from tests.browser.conftest import PHONE
from tests.staff import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
YEAR = timezone.localdate().year
RATIO = {"method": "ratio", "factor": 100, "targets": [{"from": f"{YEAR}-01", "points": [0, 100]}]}


@pytest.fixture
def division(load, people):
    """A division with two sections of six officers each, who hold a post without a template."""
    measures = [cast.measure("C2-01", **RATIO), cast.measure("P2-01", **RATIO), cast.measure("ALL", **RATIO)]
    pair = {"tensions": [{"code": "T2", "name": "Control and service", "a": ["P2-01"], "b": ["C2-01"]}]}
    load(cast.document(*measures, unit="DIVISION", year=YEAR, **pair))
    unit = Unit.objects.get(code="DIVISION")
    names = {"name": "Inspector", "name_zh": "查验岗", "category": "front_line", "minimum_service": 0.5}
    post = create_post(actor=people["manager"], unit=unit, code="INSPECTOR", **names)
    for code in ("T2", "T3"):
        section = create_unit(actor=None, code=code, name=f"Section {code}", name_zh="科", parent=unit)
        for number in range(6):
            person = make.person(f"{code.lower()}-{number}", section)
            appoint(actor=people["manager"], person=person, unit=section, post=post, from_date=date(YEAR, 1, 1))
    return unit


def fill(page, number, **fields):
    for name, value in fields.items():
        field = page.locator(f"#id_line-{number}-{name}")
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def test_from_the_template_to_the_units_roll_up(division, people, visit):
    manager = visit().sign_in("manager")
    page = manager.goto("/units/DIVISION/posts/")
    page.get_by_role("link", name="Inspector", exact=True).click()
    for number in (2, 3, 4):
        page.get_by_text(f"Line {number}, empty").click()
    fill(page, 0, kind="contributory", code="C2-01", weight="30", share="8")
    fill(page, 1, kind="contributory", code="P2-01", weight="30")
    fill(page, 2, kind="same", code="ALL", weight="20")
    page.locator("fieldset.line").nth(3).locator("summary").click()
    fill(page, 3, kind="own", code="OWN", weight="10", objective="O1", name="Records", name_zh="记录", unit="%", method="ratio")
    fill(page, 3, frequency="monthly", better="higher", preset="target", points="50 / 100")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The weights add up to 90; they must make 100.")).to_be_visible()
    page.locator("#id_line-3-weight").fill("20")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Not ready to be given")).to_have_count(0)

    page.get_by_role("link", name="Give to holders").click()
    page.get_by_role("button", name="Give the template").click()
    page.get_by_role("link", name="See whether the parts add up").click()
    assert Scorecard.objects.exclude(officer="").count() == 12
    page.get_by_role("link", name="Measure C2-01").click()
    expect(page.get_by_text("4% of the work is assigned to nobody.")).to_be_visible()
    page.get_by_role("button", name="Equal parts for all").click()
    expect(page.get_by_text("The parts add up to the whole.")).to_be_visible()
    assert round(sum(Line.objects.filter(parent="C2-01").values_list("share", flat=True)), 2) == 100

    agreement = Agreement.objects.get(scorecard__officer="t2-0")
    phone = visit(PHONE).sign_in("t2-0")
    page = phone.goto("/me/")
    page.get_by_role("link", name="Show Agreement").click()
    page.get_by_role("button", name="Note the day").click()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed; the other signature is missing.", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page = manager.goto(f"/agreements/{agreement.pk}/")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed by both. It is in force and frozen.")).to_be_visible()

    month = f"{timezone.localdate():%Y-%m}"
    page = phone.goto(f"/entry/T2~t2-0/{month}/")
    row = page.locator("[data-row][data-code='C2-01']")
    row.locator("[data-cell]").nth(0).fill("90")
    row.locator("[data-cell]").nth(1).fill("120")
    row.locator("[data-cell]").nth(1).press("Enter")
    expect(row.locator(".status")).to_contain_text("Saved")
    page.locator("#submit").click()
    expect(page.get_by_text("1 value is submitted and counts now.")).to_be_visible()
    while outbox.drain(now=timezone.now()):
        pass
    for path, told in (("/me/", "75"), (f"/units/T2/?month={month}", "75"), (f"/units/DIVISION/scorecard/?month={month}", "75")):
        visitor = phone if path == "/me/" else manager
        expect(visitor.goto(f"{path}{'&' if '?' in path else '?'}month={month}").locator("main")).to_contain_text(told)
    assert Posting.objects.count() == 12


def test_a_form_that_is_sent_by_two_presses_is_sent_once(division, visit):
    page = visit().sign_in("manager").goto(f"/staff/{User.objects.get(username='t2-0').pk}/log/")
    sent = []
    page.route("**/log/", lambda route: sent.append(route) if route.request.method == "POST" else route.continue_())
    page.locator("#id_text").fill("Found a mislabelled crate")
    box = page.get_by_role("button", name="Write it down").bounding_box()
    for _ in range(2):
        page.mouse.click(box["x"] + 5, box["y"] + 5)
        page.wait_for_timeout(300)
    assert len(sent) == 1
    sent[0].continue_()
    expect(page.locator(".entries").get_by_text("Found a mislabelled crate")).to_have_count(1)


def test_the_field_of_the_person_offers_whom_the_letters_mean(division, visit):
    page = visit().sign_in("manager").goto("/units/DIVISION/postings/")
    page.locator("#id_person").press_sequentially("t3-4")
    expect(page.locator("#people option")).to_have_attribute("value", "t3-4")
