"""A month's whole life in a browser: typed, pasted, cut off, submitted, verified, closed, corrected, reopened, closed again."""

import re
import time

import pytest
from playwright.sync_api import expect

from scorecards.models import Closing, Measure, Reading
from tests import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ENTRY, VERIFY, MONTHS = "/entry/HOUSE/2026-01/", "/verify/HOUSE/2026-01/", "/units/HOUSE/months/?year=2026"
JANUARY = 12 * 2026


@pytest.fixture
def card(load):
    return load(cast.document(*(cast.measure(f"M{i:02d}", lowest=0, highest=200) for i in range(25))))


def paste(page, cell, text):
    """What a browser sends when cells of a spreadsheet are pasted."""
    cell.focus()
    page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def test_a_month_from_the_first_key_to_the_second_revision(card, visit):
    officer = visit().sign_in("officer")
    page = officer.goto(ENTRY)
    cells = page.locator("[data-cell]")
    cells.first.focus()
    for number in range(12):
        if number == 6:
            officer.context.set_offline(True)
        page.keyboard.type(str(60 + number), delay=10)
        page.keyboard.press("Enter")
        if number == 8:
            expect(page.locator("#offline")).to_be_visible()
            officer.context.set_offline(False)
    expect(page.locator("#filled")).to_have_text("12")
    expect(page.locator("#offline")).to_be_hidden()
    assert {complaint.split(" ")[1].rstrip(",") for complaint in officer.complaints} <= {"htmx:sendError"}
    officer.complaints.clear()

    block = [str(70 + i) for i in range(13)]
    block[4] = "4,2"
    with page.expect_request("**/block/") as sent:
        paste(page, cells.nth(12), "\r\n".join(block) + "\r\n")
    assert sent.value.method == "POST"
    expect(page.locator("#filled")).to_have_text("24")
    expect(page.locator("#pasted")).to_have_text("13 rows were filled from what you pasted.")
    fault = page.locator(".status .fault")
    expect(fault).to_have_text("A comma is unclear here: write 4.2 or 42.")
    expect(cells.nth(16)).to_have_value("4,2")
    assert set(Reading.objects.values_list("state", flat=True)) == {"draft"}
    cells.nth(16).fill("999")
    cells.nth(16).press("Enter")
    expect(fault).to_have_text("Must be between 0 and 200.")
    cells.nth(16).fill("４２")
    cells.nth(16).press("Enter")
    expect(page.locator("#submit")).to_have_text("Submit all 25 values")
    page.locator("#submit").click()
    expect(page.get_by_text("25 values are submitted and count now.")).to_be_visible()

    manager = visit().sign_in("manager")
    page = manager.goto(VERIFY)
    page.get_by_label("Choose all").first.check()
    page.get_by_role("button", name="Verify the chosen").click()
    expect(page.get_by_text("25 values are verified.")).to_be_visible()

    administrator = visit().sign_in("scorecards")
    page = administrator.goto(MONTHS)
    page.get_by_role("link", name="Close Jan 2026").click()
    page.get_by_role("button", name="Close Jan 2026").click()
    expect(page.get_by_role("row", name="Jan 2026").get_by_text("Closed")).to_be_visible()

    page = officer.goto(ENTRY)
    expect(page.locator("[data-cell]").first).to_have_attribute("readonly", "")
    page.get_by_role("link", name="Request a correction").first.click()
    page.locator("#id_value").fill("90")
    page.get_by_label("Why is the value wrong?").fill("Counted twice")
    page.get_by_label("Evidence").fill("Log of 31 January")
    page.get_by_role("button", name="Request the correction").click()
    page = manager.goto("/units/HOUSE/corrections/")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("it is written when the month is reopened").first).to_be_visible()

    page = manager.goto(MONTHS)
    page.get_by_role("link", name="Ask for reopening").first.click()
    expect(page.get_by_text("Counted twice")).to_be_visible()
    page.get_by_label("Why must it be opened?").fill("One value was counted twice")
    page.get_by_role("button", name="Ask for reopening").click()
    director = visit().sign_in("director")
    page = director.goto(MONTHS)
    page.get_by_role("button", name="Open the month").click()
    expect(page.get_by_text("The month is open again.")).to_be_visible()
    assert Reading.objects.get(measure__code="M00", month=JANUARY).value == 90

    page = administrator.goto("/units/HOUSE/months/close/?year=2026&month=2026-01")
    page.get_by_role("button", name="Close Jan 2026").click()
    expect(page.get_by_text("revision 2")).to_be_visible()
    assert Closing.objects.count() == 2
    page = director.goto("/units/HOUSE/months/2026-01/")
    row = page.get_by_role("row", name="Measure M00")
    expect(row).to_contain_text("60 ")
    expect(row).to_contain_text("90 ")
    expect(page.get_by_text("Revision 2 holds the correction of Measure M00")).to_be_visible()


def enter(page, position, value):
    cell = page.locator("[data-cell]").nth(position)
    cell.fill(value)
    cell.press("Enter")


@pytest.fixture
def crossing(card, visit):
    """The page of entry where the second row's save was answered while the first row's waits. Gives it, what waits until an answer
    is held back, and what lets it go: the first of each method that concerns the first row."""
    page, held = visit().sign_in("officer").goto(ENTRY), {}

    def answer(route):
        if route.request.method in held:
            route.continue_()
        else:
            held[route.request.method] = None
            held[route.request.method] = route.fetch(), route

    def caught(method):
        end = time.monotonic() + 10
        while not held.get(method):
            assert time.monotonic() < end, f"no {method} was sent"
            page.wait_for_timeout(20)
        return held[method]

    def release(method):
        answer, route = caught(method)
        with page.expect_response(lambda response: response.request.method == method):
            route.fulfill(response=answer)

    page.route(f"**/{Measure.objects.get(code='M00').pk}/", answer)
    enter(page, 0, "60")
    enter(page, 1, "61")
    expect(page.locator(".status").nth(1)).to_contain_text("Saved")
    return page, caught, release


def test_an_answer_that_is_overtaken_does_not_set_the_progress_back(crossing):
    page, _caught, release = crossing
    enter(page, 2, "62")
    expect(page.locator("#filled")).to_have_text("3")
    release("POST")
    release("GET")
    expect(page.locator(".status").nth(0)).to_contain_text("Saved")
    expect(page.locator("#filled")).to_have_text("3")


def test_progress_asked_before_a_save_and_answered_after_it_is_asked_again(crossing):
    page, caught, release = crossing
    release("POST")
    caught("GET")
    enter(page, 2, "62")
    expect(page.locator("#filled")).to_have_text("3")
    release("GET")
    page.wait_for_timeout(500)
    expect(page.locator("#filled")).to_have_text("3")


def test_whoever_stays_on_the_page_after_all_can_still_hand_in(card, visit):
    page = visit().sign_in("officer").goto(ENTRY)
    enter(page, 0, "60")
    expect(page.locator("#submit")).to_contain_text("Submit 1 value")
    page.on("dialog", lambda dialog: dialog.dismiss())
    waiting = []

    def hold(route):
        waiting.append(route)

    page.route(f"**/{Measure.objects.get(code='M01').pk}/", hold)
    cell = page.locator("[data-cell]").nth(1)
    cell.fill("61")
    place = page.locator("#submit").bounding_box()
    page.mouse.click(place["x"] + 5, place["y"] + 5)
    end = time.monotonic() + 60
    while not waiting and time.monotonic() < end:
        page.wait_for_timeout(20)
    waiting[0].continue_()
    expect(page.locator("#filled")).to_have_text("2")
    page.locator("#submit").click()
    expect(page.get_by_text("2 values are submitted and count now.")).to_be_visible()


def test_a_cell_that_is_changed_while_its_block_is_saved_keeps_what_was_typed_last(card, visit):
    page = visit().sign_in("officer").goto(ENTRY)
    held = []

    def hold(route):
        held.append((route, route.fetch()))

    page.route("**/entry/HOUSE/2026-01/block/", hold)
    paste(page, page.locator("[data-cell]").nth(0), "11\n12\n13\n")
    while not held:
        page.wait_for_timeout(20)
    enter(page, 1, "77")
    page.wait_for_timeout(300)
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(page.locator("[data-row]").nth(1)).not_to_have_class(re.compile("unsaved"))
    expect(page.locator(".fault")).to_have_count(0)
    expect(page.locator("#filled")).to_have_text("3")
    assert list(Reading.objects.order_by("measure__code").values_list("value", flat=True)) == [11, 77, 13]


def test_a_block_with_codes_goes_to_its_rows_whatever_their_order(card, visit):
    page = visit().sign_in("officer").goto(ENTRY)
    paste(page, page.locator("[data-cell]").nth(5), "M03\tMeasure\t33\nM01\tMeasure\t11\nX9\tMeasure\t1\n")
    expect(page.locator("#filled")).to_have_text("2")
    expect(page.locator("#pasted")).to_contain_text("1 lines were left alone: X9")
    assert dict(Reading.objects.values_list("measure__code", "value")) == {"M01": 11, "M03": 33}


def test_pasted_blanks_take_nothing_back_and_a_half_row_is_left_alone(load, visit):
    ratio = {"month": "2026-01", "numerator": 3, "denominator": 4, "state": "submitted"}
    load(cast.document(cast.measure("M1", readings=cast.readings(5)), cast.measure("R1", method="ratio", factor=100, readings=[ratio])))
    page = visit().sign_in("officer").goto(ENTRY)
    paste(page, page.locator("[data-cell]").first, "\n7\t8\n")
    expect(page.locator(".status").nth(1)).to_contain_text("Saved")
    paste(page, page.locator("[data-cell]").first, "R1\tRatio\t%\t2026-01\t\t9\t\t\tremark\nM1\tPlain\t%\t2026-01\t6\t\t\t\tremark 77\n")
    expect(page.locator(".status").nth(0)).to_contain_text("Saved")
    expect(page.locator("#pasted")).to_contain_text("1 lines were left alone: R1")
    stored = Reading.objects.order_by("measure__code").values_list("value", "numerator", "denominator", "state")
    assert list(stored) == [(6, None, None, "submitted"), (None, 7, 8, "submitted")]


def test_a_note_waits_for_its_value(card, visit):
    page = visit().sign_in("officer").goto(ENTRY)
    row = page.locator("[data-row]").first
    row.get_by_text("Note").first.click()
    row.locator("[name=note]").fill("Two halls")
    row.locator("[name=note]").press("Tab")
    expect(row.get_by_text("Enter the value first")).to_be_visible()
    row.locator("[data-cell]").fill("5")
    row.locator("[data-cell]").press("Enter")
    expect(row.locator("[id^=noted]")).to_contain_text("Saved")
    assert Reading.objects.get().note == "Two halls"


def test_nothing_is_ticked_after_going_back(load, visit):
    load(cast.document(*(cast.measure(f"M{i}", readings=cast.readings(60, 70)) for i in range(4))))
    page = visit().sign_in("chief").goto(VERIFY)
    page.locator("[name=seen]").first.check()
    page.get_by_role("button", name="Verify the chosen").click()
    expect(page.locator("[name=seen]")).to_have_count(3)
    page.go_back()
    expect(page.locator("[name=seen]")).to_have_count(3)
    assert page.locator("[name=seen]:checked").count() == 0


def test_enter_in_a_reason_returns_and_does_not_verify(load, visit):
    load(cast.document(cast.measure("M1", readings=cast.readings(5))))
    page = visit().sign_in("manager").goto(VERIFY)
    page.locator("tbody input[type=checkbox]").check()
    page.get_by_placeholder("Reason, when returning").fill("Which hall?")
    page.get_by_placeholder("Reason, when returning").press("Enter")
    expect(page.get_by_text("1 value is returned; it no longer counts.")).to_be_visible()
    assert Reading.objects.get().returned_because == "Which hall?"


def test_a_block_pasted_without_network_is_kept_and_saved_later(card, visit):
    officer = visit().sign_in("officer")
    page = officer.goto(ENTRY)
    officer.context.set_offline(True)
    paste(page, page.locator("[data-cell]").first, "1\n2\n3\n")
    expect(page.locator("#offline")).to_be_visible()
    officer.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    expect(page.locator("#filled")).to_have_text("3")


def test_a_person_imports_a_file_whose_columns_nobody_knows(card, visit, tmp_path):
    file = tmp_path / "hall.csv"
    file.write_text("day,hall a,hall b\n2026-01-05,3,4\n2026-01-06,5,6\n")
    page = visit().sign_in("officer").goto("/units/HOUSE/imports/")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_label("Many rows a month").check()
    page.get_by_label("Column of the month or day").select_option("A")
    page.get_by_label("M02 Measure M02").fill("B + C")
    page.get_by_role("button", name="Read the file so").click()
    page.get_by_role("button", name="Import 1 value").click()
    expect(page.get_by_text("1 value was imported.")).to_be_visible()
    assert Reading.objects.get().value == 9
    page.get_by_role("button", name="Undo the whole import").click()
    expect(page.get_by_text("The import was undone.")).to_be_visible()
    assert not Reading.objects.exists()


def test_three_hundred_cells_stay_quick(load, visit):
    load(cast.document(*(cast.measure(f"M{i:03d}") for i in range(300))))
    page = visit().sign_in("officer").goto(ENTRY)
    paste(page, page.locator("[data-cell]").first, "\n".join(str(i % 90) for i in range(300)))
    expect(page.locator("#filled")).to_have_text("300")
    page.locator("[data-cell]").nth(299).fill("5")
    page.locator("[data-cell]").nth(299).press("Enter")
    expect(page.locator(".status").nth(299)).to_contain_text("Saved")
