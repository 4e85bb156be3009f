"""A strategy map from nothing to live scores: by mouse, by keyboard, without JavaScript, and by two people at once."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ledger.services import outbox
from organisation.models import Unit
from scorecards.models import Month, Scorecard, Version
from scorecards.selectors.document import BLANK_MEASURE
from scorecards.selectors.draft import blank
from scorecards.selectors.version import unit_of
from scorecards.services import catalogue, version
from scorecards.services import map as strategy_map
from scorecards.services.reading import record_reading
from tests import cast

pytestmark = [pytest.mark.browser, pytest.mark.needs_sqlite, pytest.mark.django_db(transaction=True)]
LANES = {"C": 4, "P": 6, "L": 4, "F": 4}
CODES = [f"{lane}{i}" for lane, number in LANES.items() for i in range(1, number + 1)]
ARROWS = [
    *[(f"P{i}", f"C{i}") for i in range(1, 5)],
    *[(f"L{i}", f"P{i}") for i in range(1, 5)],
    *[(f"F{i}", f"L{i}") for i in range(1, 5)],
    *[(f"P{i}", f"C{i - 4}") for i in (5, 6)],
    *[(f"L{i}", f"P{i + 2}") for i in (3, 4)],
    *[(f"F{i}", f"P{i}") for i in range(1, 5)],
]


def begin(people, unit="DIVISION", year=None):
    today = timezone.localdate()
    house = Unit.objects.get(code=unit)
    month = Month.of(year or today.year, 1)
    source = blank(unit_of(house), month.year)
    told = {"unit": house, "year": month.year, "from_month": month, "source": source, "reason": "New", "now": timezone.now()}
    return version.begin(actor=people["manager"], **told)


def filled(people, draft, arrows=()):
    told = {"actor": people["manager"], "now": timezone.now()}
    for code in CODES:
        fields = {"code": code, "name": f"Objective {code}", "name_zh": f"目标{code}", "weight": 1}
        draft = strategy_map.add_objective(version=draft, seen=draft.edits, perspective=code[0], fields=fields, **told)
    for cause, effect in arrows:
        draft = strategy_map.link(version=draft, seen=draft.edits, cause=cause, effect=effect, **told)
    return draft


def edits(draft) -> int:
    return Version.objects.values_list("edits", flat=True).get(pk=draft.pk)


def card(page: Page, code: str):
    return page.locator(f".map-card[data-code='{code}']")


def settled(page: Page, draft, number: int) -> None:
    """The board shows that many edits."""
    expect(page.locator(f"[data-seen='{number}']")).to_be_visible()
    assert edits(draft) == number


def drag(page: Page, code: str, x: float, y: float) -> None:
    box = card(page, code).bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(x, y, steps=6)
    page.mouse.up()


def middle(page: Page, code: str) -> tuple[float, float]:
    box = card(page, code).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def links(draft) -> set[tuple[str, str]]:
    return {(one["from"], one["to"]) for one in Version.objects.get(pk=draft.pk).document["links"]}


def test_a_map_by_mouse_from_nothing_to_live_scores(people, visit):
    catalogue.offer(actor=people["scorecards"], unit=Unit.objects.get(code="HOUSE"), measure=cast.measure("K1"), topic="C1")
    page = visit().sign_in("manager").goto("/units/DIVISION/versions/")
    page.select_option("#id_source", "blank")
    page.select_option("#id_from_month", f"{timezone.localdate().year}-01")
    page.fill("#id_reason", "Our first map")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".map-editor")).to_be_visible()
    draft = Version.objects.get()
    for code in CODES:
        page.goto(page.url.split("/versions/")[0] + f"/versions/{draft.pk}/objectives/")
        page.fill("#id_code", code)
        page.select_option("#id_perspective", code[0])
        page.fill("#id_name", f"Objective {code}")
        page.fill("#id_name_zh", f"目标{code}")
        page.get_by_role("button", name="Add").click()
        expect(page.locator("h1")).to_contain_text(code)
    page.goto(page.url.split("/versions/")[0] + f"/versions/{draft.pk}/map/")
    done = edits(draft)
    for number, (cause, effect) in enumerate(ARROWS, start=1):
        page.locator("[data-tool=link]").click()
        x, y = middle(page, effect)
        drag(page, cause, x, y)
        settled(page, draft, done + number)
    assert links(draft) == set(ARROWS)
    page.goto(page.url.replace("/map/", "/objectives/C1/"))
    page.get_by_role("button", name="Take").first.click()
    expect(page.locator("h1")).to_contain_text("K1")
    page.fill("#id_owner", "Section 1")
    page.fill("#id_points", "0 / 50")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".note-good")).to_be_visible()
    page.goto(page.url.split("/measures/")[0] + "/weights/")
    for name in ("Perspectives", "C Customers", "C1 Objective C1"):
        page.get_by_role("button", name=f"Equal shares {name}").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".note-good")).to_be_visible()
    page.get_by_role("link", name="Check and submit").click()
    expect(page.get_by_text("has no leading measure")).to_be_visible()
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("Waits for the approval")).to_be_visible()
    director = visit().sign_in("director").goto(f"/versions/{draft.pk}/")
    director.get_by_role("button", name="Approve").click()
    expect(director.locator(".note-good")).to_be_visible()
    measure = Scorecard.objects.get(unit__code="DIVISION").measures.get()
    month = Month.of_day(timezone.localdate()) - 1 if timezone.localdate().month > 1 else Month.of_day(timezone.localdate())
    record_reading(actor=people["officer"], measure=measure, month=month, today=timezone.localdate(), numbers={"value": 40.0})
    outbox.drain(now=timezone.now())
    director.goto(director.url.split("/versions/")[0] + f"/units/DIVISION/map/?month={month}")
    expect(director.get_by_role("link", name="C1 Objective C1, At risk 80.0")).to_be_visible()


def test_the_keyboard_alone_moves_links_unlinks_and_undoes(people, visit):
    draft = filled(people, begin(people))
    start = edits(draft)
    page = visit().sign_in("manager").goto(f"/versions/{draft.pk}/map/")
    card(page, "P1").focus()
    page.keyboard.press("c")
    page.keyboard.press("ArrowUp")
    effect = page.evaluate("document.activeElement.dataset.code")
    page.keyboard.press("Enter")
    settled(page, draft, start + 1)
    assert links(draft) == {("P1", effect)}
    assert page.evaluate("document.activeElement.dataset.code") == "P1"
    before = middle(page, "P1")
    page.keyboard.press("Alt+ArrowRight")
    settled(page, draft, start + 2)
    assert middle(page, "P1")[0] > before[0]
    page.keyboard.press("Alt+ArrowDown")
    settled(page, draft, start + 3)
    assert card(page, "P1").get_attribute("data-lane") == "L"
    page.locator(".map-arrow").focus()
    page.keyboard.press("Delete")
    settled(page, draft, start + 4)
    assert links(draft) == set()
    page.keyboard.press("Control+z")
    settled(page, draft, start + 5)
    page.reload()
    page.keyboard.press("Control+z")
    settled(page, draft, start + 6)
    assert card(page, "P1").get_attribute("data-lane") == "P"
    page.keyboard.press("Control+y")
    settled(page, draft, start + 7)
    assert card(page, "P1").get_attribute("data-lane") == "L"
    assert links(draft) == {("P1", effect)}


def test_a_card_dragged_to_another_lane_stays_where_it_is_dropped(people, visit):
    draft = filled(people, begin(people))
    start = edits(draft)
    page = visit().sign_in("manager").goto(f"/versions/{draft.pk}/map/")
    x, y = middle(page, "C2")
    drag(page, "L1", x, y)
    settled(page, draft, start + 1)
    assert card(page, "L1").get_attribute("data-lane") == "C"
    expect(page.locator(".map-inspector h2")).to_have_text("Objective L1")


def test_the_table_does_everything_without_a_script(people, visit):
    draft = filled(people, begin(people))
    start = edits(draft)
    visitor = visit(java_script_enabled=False)
    visitor.page.goto(f"{visitor.address}/sign-in/")
    visitor.page.fill("#id_username", "manager")
    visitor.page.fill("#id_password", cast.PASSWORD)
    visitor.page.click("main button[type=submit]")
    page = visitor.goto(f"/versions/{draft.pk}/map/table/")
    row = page.locator("tr", has=page.get_by_role("link", name="P1 Objective P1"))
    row.locator("select[name=effect]").select_option("C3")
    row.locator(".map-link button").click()
    assert links(draft) == {("P1", "C3")}
    row.locator("select[name=perspective]").select_option("L")
    row.get_by_role("button", name="Move", exact=True).click()
    assert edits(draft) == start + 2
    page.get_by_role("link", name="Objective C3", exact=True).first.click()
    page.select_option("#id_strength", "strong")
    page.fill("#id_hypothesis", "Because it is so")
    page.get_by_role("button", name="Save").click()
    assert Version.objects.get().document["links"][0]["strength"] == "strong"
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Redo").click()
    row.locator(".map-unlink button").click()
    assert links(draft) == set()
    row.get_by_role("button", name="Remove Objective P1 with its measures").click()
    expect(page.get_by_role("link", name="P1 Objective P1")).to_have_count(0)
    page.get_by_role("button", name="Arrange").click()
    assert edits(draft) == start + 8


def test_the_second_of_two_editors_is_told_and_loses_nothing(people, visit):
    draft = filled(people, begin(people))
    start = edits(draft)
    first = visit().sign_in("manager").goto(f"/versions/{draft.pk}/map/")
    second_visitor = visit().sign_in("scorecards")
    second = second_visitor.goto(f"/versions/{draft.pk}/map/")
    first.locator("[data-tool=link]").click()
    drag(first, "P1", *middle(first, "C1"))
    settled(first, draft, start + 1)
    second.locator("[data-tool=link]").click()
    drag(second, "P2", *middle(second, "C2"))
    expect(second.locator(".map-board [role=alert]")).to_contain_text("Manager changed this draft")
    expect(second.locator(".map-arrow[data-cause=P1]")).to_be_attached()
    assert links(draft) == {("P1", "C1")}
    second.get_by_role("button", name="Apply my change").click()
    settled(second, draft, start + 2)
    assert links(draft) == {("P1", "C1"), ("P2", "C2")}
    second_visitor.complaints[:] = [complaint for complaint in second_visitor.complaints if "409" not in complaint]


def test_a_map_of_40_objectives_is_redrawn_at_once(people, visit):
    draft = begin(people)
    told = {"actor": people["manager"], "now": timezone.now()}
    for i in range(40):
        fields = {"code": f"O{i}", "name": f"Objective number {i}", "name_zh": "目标", "weight": 1}
        draft = strategy_map.add_objective(version=draft, seen=draft.edits, perspective="CPLF"[i % 4], fields=fields, **told)
    page = visit().sign_in("manager").goto(f"/versions/{draft.pk}/map/")
    drag(page, "O0", *middle(page, "O5"))
    settled(page, draft, 41)
    assert page.locator(".map-card").count() == 40


def test_measures_of_a_draft_are_checked_where_they_are_typed(people, visit):
    draft = filled(people, begin(people))
    told = {"actor": people["manager"], "now": timezone.now()}
    measure = {**BLANK_MEASURE, "code": "M1", "name": "Measure", "name_zh": "指标"}
    strategy_map.add_measure(version=draft, seen=draft.edits, objective="C1", measure=measure, **told)
    page = visit().sign_in("manager").goto(f"/versions/{draft.pk}/measures/M1/")
    page.select_option("#id_preset", "target")
    page.select_option("#id_better", "higher")
    page.fill("#id_points", "5")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#div_id_points .invalid-feedback")).to_be_visible()
    assert page.input_value("#id_points") == "5"


def test_a_finger_drags_a_card(people, visit):
    draft = filled(people, begin(people))
    start = edits(draft)
    visitor = visit(has_touch=True).sign_in("manager")
    page = visitor.goto(f"/versions/{draft.pk}/map/")
    (x, y), (u, v) = middle(page, "L1"), middle(page, "C2")
    finger = visitor.context.new_cdp_session(page)
    touch = finger.send
    touch("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for share in (0.3, 0.7, 1):
        point = {"x": x + (u - x) * share, "y": y + (v - y) * share}
        touch("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settled(page, draft, start + 1)
    assert card(page, "L1").get_attribute("data-lane") == "C"
