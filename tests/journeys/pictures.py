"""The pictures of the README, taken from the running demo: ``make pictures``.

Not a test, and not collected as one: pictures change with every pixel.
"""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.looks import sign_in

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
DESKTOP = {"viewport": {"width": 1280, "height": 860}}
PHONE = {"viewport": {"width": 390, "height": 844}}


def keep(page: Page, name: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    page.evaluate("document.querySelector('.demo')?.remove()")
    page.screenshot(path=FOLDER / f"{name}.png")


def test_pictures(browse: Callable[..., Page]):
    page = browse(**DESKTOP)
    sign_in(page, "coordinator")
    keep(page, "home")

    page.get_by_role("link", name="Women in tech", exact=True).click()
    page.get_by_role("link", name="Matching", exact=True).click()
    page.get_by_role("button", name="Run matching").click()
    page.get_by_role("heading", name="Proposals").wait_for()
    page.get_by_role("link", name=re.compile("sum of")).first.click()
    page.get_by_role("heading", name="How this score adds up").wait_for()
    keep(page, "matching")

    page.goto("/")
    page.get_by_role("link", name="Leadership pipeline", exact=True).click()
    page.get_by_role("link", name="Figures", exact=True).click()
    page.get_by_role("heading", name="Figures", exact=True).wait_for()
    keep(page, "figures")

    phone = browse(**PHONE, locale="nl-NL", color_scheme="dark")
    sign_in(phone, "mentee")
    switch = phone.get_by_role("button", name="Nederlands")
    if switch.count():
        phone.get_by_role("button", name="Menu").click()
        switch.first.click()
    phone.goto("/mentorships/")
    phone.get_by_role("table").get_by_role("link").first.click()
    phone.get_by_text("Aan het werk").wait_for()
    keep(phone, "phone")
