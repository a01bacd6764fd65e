"""From each template to a programme that people can join, in both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from programs.blueprints import blueprints
from tests.journeys.looks import assert_accessible, sign_in

WORDS = {
    "en": {
        "begin": "Begin with this",
        "save": "Save and go on",
        "right": "This is right, on to:",
        "open": "Open the programme",
    },
    "nl": {
        "begin": "Hiermee beginnen",
        "save": "Opslaan en verder",
        "right": "Dit klopt, door naar:",
        "open": "Programma openstellen",
    },
}
LONGEST = 20


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_template_becomes_an_open_programme(
    browse: Callable[..., Page], language: str
):
    page = browse()
    sign_in(page, "hr_admin")
    if language == "nl":
        page.get_by_role("button", name="Nederlands").click()
    words = WORDS[language]

    for key in blueprints():
        page.goto(f"/programs/new/{key}/")
        # Under a name of its own: others look for the programmes of the demo.
        for name in ("nl", "en"):
            page.locator(f"#id_name_{name}").fill(f"{key} {language}")
        page.get_by_role("button", name=words["begin"]).click()
        walk_to_the_end(page, key, words)
        page.get_by_role("main").get_by_role("link", name=words["open"]).click()
        page.get_by_role("main").get_by_role("button", name=words["open"]).click()
        expect(page.get_by_role("main")).to_contain_text(
            {"nl": "Het programma is nu", "en": "The programme is now"}[language]
        )


def walk_to_the_end(page: Page, key: str, words: dict[str, str]) -> None:
    """One thing a page, each found right, until the last."""
    for number in range(LONGEST):
        if number == 0 and key == "leadership-pipeline":
            assert_accessible(page)
        save = page.get_by_role("button", name=words["save"], exact=True)
        right = page.get_by_role("button", name=words["right"])
        last = page.get_by_role("main").get_by_role("link", name=words["open"])
        expect(save.or_(right).or_(last).first).to_be_visible()
        if save.count():
            if "/setup/purpose/" in page.url and key == "blank":
                page.locator("#id_purpose_nl").fill("Samen verder komen.")
            before = page.url
            save.click()
        elif right.count():
            before = page.url
            right.click()
        else:
            return
        page.wait_for_url(lambda url, before=before: url != before)
    pytest.fail(f"{key}: the assistant does not end")
