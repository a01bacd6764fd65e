"""Every page that can be reached, in each look and language: axe finds nothing.

A page is looked at in all four looks by whoever meets it first, and in one look by
each other role, for whom it may show something else. In the dark only colours differ:
what does not hang on them was seen by daylight, at the same width.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page

from tests.journeys.looks import (
    BUTTONS,
    COLOUR_RULES,
    EVERY_RULE,
    findings,
    sign_in,
)
from tests.urls_of_the_site import URLS

RULES = {"light": EVERY_RULE, "dark": COLOUR_RULES}
LOOKS = [(scheme, width) for width in (1280, 390) for scheme in RULES]
LANGUAGES = {"nl": "Nederlands", "en": "English"}
# The smallest phone, and a small screen on which the menu takes a quarter.
NARROW = (1000, 320)
# The cards, by their first words, out of which something sticks.
BURST = """
    [...document.querySelectorAll(".card, .next, .notice")]
        .filter(card => card.scrollWidth > card.clientWidth + 1)
        .filter(card => getComputedStyle(card).overflowX !== "auto")
        .map(card => `${card.innerText.slice(0, 30)}: ${card.scrollWidth}`)
"""
NOBODY = "nobody"
NOT_HERE = "/not-here/"


@pytest.fixture(scope="module")
def seen() -> set[tuple[str, str]]:
    """The pages that were looked at in every look: language and URL name."""
    return set()


def name_of(path: str) -> str | None:
    """The URL name of a path of this site."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def walk(page: Page, start: str) -> Iterator[tuple[str, str]]:
    """One page of each kind that links lead to: its name and path, while it is open."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop(0)
        name = name_of(urlsplit(path).path)
        if name is None or name in found:
            continue
        found.add(name)
        try:
            page.goto(path)
        except Error as error:
            # A file to keep is no page to look at.
            if "Download is starting" not in str(error):
                raise
            continue
        waiting += page.eval_on_selector_all(
            "a[href^='/'], form[method=get][action^='/']",
            "links => links.map(link => link.getAttribute('href') || link.action)",
        )
        yield name, path


def look(page: Page, looks: list[tuple[str, int]]) -> list[str]:
    """What is wrong with the open page in these looks, and where room is short."""
    wrong = []
    for scheme, width in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [
            f"{scheme} {width}: {found}" for found in findings(page, RULES[scheme])
        ]
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 700})
        sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if sideways > 0:
            wrong.append(f"{width}: scrolls {sideways} px sideways")
        wrong += [
            f"{width}: too wide for its card: {it}" for it in page.evaluate(BURST)
        ]
    page.set_viewport_size({"width": 1280, "height": 900})
    return wrong


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [*BUTTONS, NOBODY])
def test_axe_finds_nothing_on_any_page(
    browse: Callable[..., Page], seen: set[tuple[str, str]], role: str, language: str
):
    page = browse()
    start = "/"
    if role == NOBODY:
        start = "/accounts/login/"
        page.goto(start)
    else:
        sign_in(page, role)
    switch = page.get_by_role("button", name=LANGUAGES[language])
    if switch.count():
        switch.first.click()
    wrong: dict[str, list[str]] = {}
    names = set()

    for name, path in walk(page, start):
        assert page.locator("html").get_attribute("lang") == language, path
        names.add(name)
        looks = LOOKS[:1] if (language, name) in seen else LOOKS
        seen.add((language, name))
        if found := look(page, looks):
            wrong[f"{name} {path}"] = found
    page.goto(NOT_HERE)
    looks = LOOKS[:1] if (language, NOT_HERE) in seen else LOOKS
    seen.add((language, NOT_HERE))
    if found := look(page, looks):
        wrong[NOT_HERE] = found

    assert wrong == {}
    assert len(names) > 2
    assert names <= set(URLS)
