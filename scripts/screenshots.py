"""Takes the pictures of the README from a server with fresh demo data: .venv/bin/python scripts/screenshots.py http://127.0.0.1:8000"""

import os
import sys
from pathlib import Path

import browser
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
PASSWORD = "Customs-Demo-1"
PICTURES = [
    ("officer", "/entry/BCIA/2026-10/", "en", {"width": 1440, "height": 900}),
    ("director", "/units/BCIA/?month=2026-10", "en", {"width": 1440, "height": 900}),
    ("director-phone", "/units/BCIA/?month=2026-10", "zh-hans", {"width": 390, "height": 844}),
    ("officer-month", "/entry/BCIA/2026-11/", "zh-hans", {"width": 1440, "height": 900}),
    ("manager-verify", "/verify/BCIA/2026-10/", "en", {"width": 1440, "height": 900}),
    ("scorecards-months", "/units/BCIA/months/?year=2026", "zh-hans", {"width": 1440, "height": 900}),
    ("manager-inbox", "/inbox/", "en", {"width": 1440, "height": 900}),
    ("manager", "/units/BCIA/scorecard/?month=2026-10", "zh-hans", {"width": 1440, "height": 900}),
    ("director-tensions", "/units/BCIA/tensions/?month=2026-10", "zh-hans", {"width": 1440, "height": 900}),
    (
        "director-sheet",
        "/units/BCIA/scorecard/2026/explanation/?month=2026-10&window=year&level=measure&node=C2-01",
        "en",
        {"width": 1440, "height": 900},
    ),
    ("director-map", "/units/BCIA/map/?month=2026-10", "zh-hans", {"width": 1440, "height": 900}),
    ("manager-map", "/versions/1/map/", "en", {"width": 1440, "height": 900}),
    ("manager-version", "/versions/1/", "zh-hans", {"width": 1440, "height": 900}),
    ("manager-strategy", "/units/BCIA/strategy/?month=2026-10", "en", {"width": 1440, "height": 900}),
    ("officer-card", "/me/?month=2026-10", "zh-hans", {"width": 1440, "height": 900}),
    ("manager-parts", "/units/PAX/cascade/2026/C2-01/?month=2026-10", "en", {"width": 1440, "height": 900}),
    ("chief-team", "/units/PAX/team/?month=2026-10", "en", {"width": 1440, "height": 900}),
    ("officer-agreement", "/agreements/1/", "zh-hans", {"width": 1440, "height": 900}),
    ("auditor", "/units/ORD-T5/?month=2020-12&window=year", "en", {"width": 1440, "height": 900}),
    ("scorecards", "/setup/scorecards/BCIA/2026/perspectives/", "zh-hans", {"width": 1440, "height": 900}),
    ("system", "/setup/units/", "en", {"width": 1440, "height": 900}),
    ("security", "/setup/people/", "zh-hans", {"width": 1440, "height": 900}),
    ("audit", "/setup/audit/", "en", {"width": 1440, "height": 900}),
]


def main(address: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    path, environment = browser.find()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=browser.FLAGS, env={**os.environ, **environment})
        for name, page_path, language, size in PICTURES:
            context = launched.new_context(viewport=size, extra_http_headers={"Accept-Language": language})
            page = context.new_page()
            page.goto(f"{address}/sign-in/")
            page.fill("#id_username", name.split("-")[0])
            page.fill("#id_password", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_selector("#rail", state="attached")
            page.goto(address + page_path)
            page.screenshot(path=FOLDER / f"{name}.png")
            context.close()
        launched.close()


if __name__ == "__main__":
    main(sys.argv[1])
