"""Where a page stands: unit, month and window, and the links that lead to the neighbouring ones."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from organisation.models import Unit
from scorecards.choices import Window
from scorecards.forms.period import PeriodForm
from scorecards.models import Month
from scorecards.selectors.score import latest_period
from scorecards.selectors.text import month_text, short_month_text


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Place:
    """What the top bar shows. unit: None where there is none to switch; page: the name of the address that the unit switch leads to."""

    unit: Unit | None
    month: Month
    month_text: str
    window: str
    page: str
    before: Link
    after: Link
    months: list[Link]
    windows: list[Link]


def asked(request: HttpRequest, unit: Unit, year: int | None = None, officer: str = "") -> tuple[Month, str]:
    """The month and window of the address, else the last month (of that year) that has scores, and the month alone."""
    form = PeriodForm(request.GET)
    form.is_valid()
    month = form.cleaned_data.get("month") or latest_period(unit, year, officer) or Month.of_day(timezone.localdate()) - 1
    return month, form.cleaned_data.get("window") or Window.MONTH


def on_query(unit: Unit | None, month: Month, window: str, page: str, path: str) -> Place:
    """For pages whose month and window stand in the query; path: the page's own address."""

    def link(at: Month, frame: str = window) -> str:
        return f"{path}?{urlencode({'month': str(at), 'window': frame})}"

    windows = [Link(str(choice.label), link(month, choice.value), choice.value == window) for choice in Window]
    return _place(unit, month, window, page, link, windows)


def on_month(unit: Unit | None, month: Month, page: str, path: str) -> Place:
    """For pages that know months alone, in the query; path: the page's own address."""
    return _place(unit, month, Window.MONTH, page, lambda at: f"{path}?month={at}", [])


def on_path(unit: Unit, month: Month, page: str, address: str = "") -> Place:
    """For pages whose month stands in the path, behind the unit's code or the address of a scorecard."""
    return _place(unit, month, Window.MONTH, page, lambda at: reverse(page, args=[address or unit.code, str(at)]), [])


def _place(unit: Unit | None, month: Month, window: str, page: str, link: Callable[[Month], str], windows: list[Link]) -> Place:
    year = [Month.of(month.year, number) for number in range(1, 13)]
    return Place(
        unit=unit,
        month=month,
        month_text=month_text(month),
        window=window,
        page=page,
        before=Link(month_text(month - 1), link(month - 1)),
        after=Link(month_text(month + 1), link(month + 1)),
        months=[Link(short_month_text(at), link(at), at == month) for at in year],
        windows=windows,
    )
