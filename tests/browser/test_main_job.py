"""The main job, in a browser: an officer types, scores change by themselves, the director sees them."""

import re

import pytest
from playwright.sync_api import expect

from scorecards.models import Reading
from tests import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ENTRY = "/entry/HOUSE/2026-03/"
MARCH = 12 * 2026 + 2


@pytest.fixture
def card(load):
    plain = [cast.measure(f"M{i:02d}", readings=cast.readings(60, 60)) for i in range(12)]
    ratio = cast.measure("R", method="ratio", factor=100, name="Share on time")
    return load(cast.document(*plain, ratio))


def test_an_officer_types_a_month_and_the_director_sees_it(card, visit):
    officer = visit().sign_in("officer")
    page = officer.goto(ENTRY)
    page.locator("[data-cell]").first.focus()
    for number in range(12):
        page.keyboard.type(str(80 + number), delay=15)
        page.keyboard.press("Enter")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    expect(page.locator("#filled")).to_have_text("13")
    expect(page.locator("#unit-score")).to_have_text("84.7")
    page.locator("#submit").click()
    expect(page.locator("#unit-score")).to_have_text("84.7")
    expect(page.locator(".status .chip-good")).to_have_count(7)
    assert sorted(Reading.objects.filter(month=MARCH, value__isnull=False).values_list("value", flat=True)) == [
        float(80 + n) for n in range(12)
    ]
    director = visit().sign_in("director")
    page = director.goto("/units/HOUSE/?month=2026-03")
    expect(page.locator(".tile-large .big")).to_have_text("84.7")
    page.get_by_role("link", name="Share on time").click()
    expect(page.locator("h1")).to_have_text("Share on time")
    expect(page.get_by_text("30 ÷ 40").first).to_be_visible()


def test_keys_move_between_cells_and_escape_restores(card, visit):
    page = visit().sign_in("officer").goto(ENTRY.replace("03", "02"))
    cells = page.locator("[data-cell]")
    cells.nth(0).focus()
    page.keyboard.press("ArrowDown")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(cells.nth(0)).to_be_focused()
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    expect(cells.nth(0)).to_have_value("60")


def test_a_bad_value_stays_and_is_explained_in_its_place(card, visit):
    page = visit().sign_in("officer").goto(ENTRY)
    cell = page.locator("[data-cell]").first
    cell.fill("4,2")
    cell.press("Enter")
    fault = page.locator(".status .fault").first
    expect(fault).to_have_text("A comma is unclear here: write 4.2 or 42.")
    expect(cell).to_have_value("4,2")
    expect(cell).to_have_attribute("aria-invalid", "true")
    cell.fill("42")
    cell.press("Enter")
    expect(page.locator(".status .fault")).to_have_count(0)
    expect(cell).to_have_attribute("aria-invalid", "false")


def conflict(visit):
    """The officer saves 70 into a cell that the chief has loaded empty; the chief then types 75 there."""
    one, two = visit().sign_in("officer").goto(ENTRY), visit().sign_in("chief").goto(ENTRY)
    one.locator("[data-cell]").first.fill("70")
    one.locator("[data-cell]").first.press("Enter")
    expect(one.locator("#filled")).to_have_text("1")
    cell = two.locator("[data-cell]").first
    cell.fill("75")
    cell.press("Enter")
    expect(two.locator(".status .fault").first).to_contain_text("Officer has saved 70 here")
    expect(cell).to_have_value("75")
    assert Reading.objects.get(measure__code="M00", month=MARCH).value == 70
    return two, cell


def test_two_people_at_one_cell_do_not_overwrite_each_other(card, visit):
    page, _cell = conflict(visit)
    page.get_by_role("button", name="Save mine").click()
    expect(page.locator(".status .fault")).to_have_count(0)
    expect(page.locator(".status").first).to_contain_text(re.compile("At risk|On target"))
    assert Reading.objects.get(measure__code="M00", month=MARCH).value == 75


def test_escape_after_a_conflict_takes_the_newer_value(card, visit):
    page, cell = conflict(visit)
    cell.press("Escape")
    expect(cell).to_have_value("70")
    expect(page.locator(".status .fault")).to_have_count(0)
    cell.press("Enter")
    expect(page.locator(".status").first).to_contain_text("At risk")
    assert Reading.objects.get(measure__code="M00", month=MARCH).value == 70


def test_escape_after_a_refusal_clears_it(card, visit):
    page = visit().sign_in("officer").goto(ENTRY.replace("03", "02"))
    cell = page.locator("[data-cell]").first
    cell.fill("abc")
    cell.press("Enter")
    expect(page.locator(".status .fault")).to_have_count(1)
    cell.press("Escape")
    expect(cell).to_have_value("60")
    expect(cell).to_have_attribute("aria-invalid", "false")
    expect(page.locator(".status .fault")).to_have_count(0)


def test_a_value_typed_without_network_is_kept_and_saved_later(card, visit):
    officer = visit().sign_in("officer")
    page = officer.goto(ENTRY)
    officer.context.set_offline(True)
    cell = page.locator("[data-cell]").first
    cell.fill("88")
    cell.press("Enter")
    expect(page.locator("#offline")).to_be_visible()
    officer.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    expect(page.locator("#filled")).to_have_text("1")
    assert Reading.objects.get(measure__code="M00", month=MARCH).value == 88
    assert {complaint.split(" ")[1].rstrip(",") for complaint in officer.complaints} <= {"htmx:sendError"}
    officer.complaints.clear()


def test_unit_month_language_and_theme_are_switched_in_place(card, visit):
    page = visit().sign_in("director").goto("/units/HOUSE/?month=2026-02&window=year")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert page.url.endswith("/units/HOUSE/?month=2026-02&window=year")
    page.locator(".theme-toggle").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_text("2026年2月").click()
    page.get_by_role("link", name="1月", exact=True).click()
    assert "month=2026-01&window=year" in page.url
    page.locator(".menu > summary").first.click()
    expect(page.locator("#unit-links .menu-item")).to_have_count(1)
