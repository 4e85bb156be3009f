"""Targets in a browser: a block copied from a spreadsheet, and the points of the chosen month."""

import pytest

from scorecards.models import Target
from tests import cast
from tests.browser.conftest import DESKTOP

pytestmark = [pytest.mark.browser, pytest.mark.needs_sqlite, pytest.mark.django_db(transaction=True)]


def test_a_pasted_block_fills_the_cells_to_the_right_and_below(load, visit):
    load(cast.document(cast.measure("A"), cast.measure("B")))
    visitor = visit(DESKTOP)
    visitor.sign_in("scorecards")
    page = visitor.goto("/targets/HOUSE/2026/")
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "0 / 80\\t0 / 85\\r\\n0 / 70\\t0 / 75\\r\\n");
          document.querySelector("[name='A 2026-01']").dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state("networkidle")
    assert list(Target.objects.order_by("measure__code", "from_month").values_list("points", flat=True)) == [
        [0, 80],
        [0, 85],
        [0, 70],
        [0, 75],
    ]


def test_points_follow_the_month_from_which_they_are_in_force_until_they_are_typed(load, visit):
    phased = [{"from": f"2026-{month:02d}", "points": [0, 10 * month]} for month in (1, 4)]
    measure = load(cast.document(cast.measure("A", targets=phased))).measures.get()
    page = visit(DESKTOP).sign_in("scorecards").goto(f"/measures/{measure.pk}/edit/")
    points = page.locator("#id_points")
    page.select_option("#id_since", "2026-02")
    assert points.input_value() == "0 / 10"
    page.select_option("#id_since", "2026-05")
    assert points.input_value() == "0 / 40"
    points.fill("0 / 55")
    page.select_option("#id_since", "2026-06")
    assert points.input_value() == "0 / 55"
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/?month=2026-06")
    assert [(month.number, points[1]) for month, points in measure.targets.values_list("from_month", "points")] == [
        (1, 10),
        (4, 40),
        (6, 55),
    ]
