"""Every page that can be reached, in each look and language: axe finds nothing."""

from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser

from tests.journeys.looks import BUTTONS, findings, sign_in
from tests.urls_of_the_site import URLS

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
LANGUAGES = ("nl", "en")


def name_of(path: str) -> str | None:
    """The URL name of a path of this site."""
    try:
        found = resolve(path)
    except Resolver404:
        return None
    return found.view_name


def reachable(page, start: str) -> dict[str, str]:
    """One address for each kind of page that links lead to, by its name."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting:
        path = waiting.pop(0)
        name = name_of(urlsplit(path).path)
        if name is None or name in found:
            continue
        found[name] = path
        page.goto(path)
        waiting += page.eval_on_selector_all(
            "a[href^='/'], form[method=get][action^='/']",
            "links => links.map(link => link.getAttribute('href') || link.action)",
        )
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [*BUTTONS, "nobody"])
def test_axe_finds_nothing_on_any_page(
    chromium: Browser, site: str, role: str, language: str
):
    context = chromium.new_context(base_url=site, locale="en-GB")
    page = context.new_page()
    if role != "nobody":
        sign_in(page, role)
    page.context.set_extra_http_headers({"Accept-Language": language})
    start = "/accounts/login/" if role == "nobody" else "/"
    page.goto(start)
    other = {"nl": "Nederlands", "en": "English"}[language]
    switch = page.get_by_role("button", name=other)
    if switch.count():
        switch.first.click()
    pages = reachable(page, start)
    wrong: dict[str, list[str]] = {}

    for name, path in pages.items():
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language, path
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if found := findings(page):
                    wrong[f"{name} {path} {scheme} {width}"] = found
        page.set_viewport_size({"width": 320, "height": 700})
        sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if sideways > 0:
            wrong[f"{name} {path} 320"] = [f"scrolls {sideways} px sideways"]
        page.set_viewport_size({"width": 1280, "height": 900})
    context.close()

    assert wrong == {}
    assert len(pages) > 2
    assert set(pages) <= set(URLS)
