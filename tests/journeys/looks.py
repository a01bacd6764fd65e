"""Looking at pages: signing in, and axe."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

ENGLISH, DUTCH = "en", "nl"
BUTTONS = {
    "hr_admin": "HR admin",
    "coordinator": "Coordinator",
    "mentor": "Mentor",
    "mentee": "Mentee",
    "sponsor": "Sponsor",
    "it_admin": "IT admin",
}


def sign_in(page: Page, role: str) -> None:
    """As one of the people of the demo, in English."""
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name=BUTTONS[role], exact=True).click()
    page.wait_for_url("**/")


@cache
def axe_source() -> str:
    return (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")


# WCAG 2.2 AA and best practice; and of those, what a colour alone can break.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY_RULE = {"type": "tag", "values": STANDARDS}
COLOUR_RULES = {"type": "rule", "values": ["color-contrast"]}


def findings(page: Page, rules: dict[str, Any] = EVERY_RULE) -> list[str]:
    """What axe has to say, one line for each."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(axe_source())
    # Without ``resultTypes`` axe works out where all stands that is right, too: that
    # takes longer than the looking.
    found: list[dict[str, Any]] = page.evaluate(
        """async rules => (await axe.run(document, {
            runOnly: rules, resultTypes: ['violations'],
        })).violations""",
        rules,
    )
    return [
        f"{each['id']}: {node['target']} {node['html'][:160]}"
        for each in found
        for node in each["nodes"][:3]
    ]


def assert_accessible(page: Page) -> None:
    """Nothing for axe to find."""
    assert findings(page) == [], page.url
