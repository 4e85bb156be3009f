"""A real browser on a live server whose outbox is drained by the thread of the process, as in `make run`."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.cast import PASSWORD

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))
import browser as finder

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 60_000  # milliseconds; a busy machine is no fault of the product
EXPECTED = ("ERR_INTERNET_DISCONNECTED", "htmx:sendAbort", "htmx:afterRequest")  # off line on purpose; asked anew before the answer
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    import os

    path, environment = finder.find()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=finder.FLAGS, env={**os.environ, **environment})
        yield launched
        launched.close()


class Visitor:
    """One person with a browser. `complaints`: console messages, page errors, requests to other hosts."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address, self.complaints = context, address, []
        self.page: Page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(told in message.text for told in EXPECTED):
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"request: {request.url}")

    def sign_in(self, username: str) -> "Visitor":
        self.page.goto(f"{self.address}/sign-in/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("#rail", state="attached")
        return self

    def goto(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page


@pytest.fixture
def visit(chromium: Browser, live_server, settings) -> Iterator[Callable[..., Visitor]]:
    """Opens browsers; at the end none of them may have complained."""
    from grc_bsc import wake

    settings.OUTBOX_WAKE = "grc_bsc.wake.by_thread"
    visitors: list[Visitor] = []

    def open_browser(size: dict[str, int] | None = None, **options: object) -> Visitor:
        context = chromium.new_context(viewport=size or DESKTOP, **options)
        context.set_default_timeout(PATIENCE)
        visitors.append(Visitor(context, live_server.url))
        return visitors[-1]

    yield open_browser
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    wake.settle()
    assert complaints == []
