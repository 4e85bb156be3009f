"""A block copied from a spreadsheet fills the grid of targets."""

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
