"""A coordinator at the workbench, by keyboard alone: from the pool to the mails."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.journeys.looks import assert_accessible, sign_in

FAR = 400  # presses of Tab after which something counts as out of reach


def reach(page: Page, wanted: Locator) -> None:
    """Tab on until it has the focus."""
    expect(wanted).to_be_visible()
    handle = wanted.element_handle()
    for _press in range(FAR):
        if page.evaluate("wanted => document.activeElement === wanted", handle):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {wanted}")


def press(page: Page, role: str, name: str | re.Pattern[str]) -> None:
    """A link or a button, reached and pressed by keyboard."""
    reach(page, page.get_by_role(role, name=name).first)  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def says(page: Page, sentence: str | re.Pattern[str]) -> None:
    expect(page.get_by_text(sentence).first).to_be_visible()


def number_in(text: str) -> int:
    found = re.search(r"\d+", text.replace(",", ""))
    assert found, text
    return int(found.group())


def the_pool_is_looked_at(page: Page) -> None:
    press(page, "link", "Is the pool ready?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is the pool ready?")
    says(page, re.compile("Away on every working day from"))
    expect(page.get_by_role("heading", name="Short in supply")).to_be_visible()
    assert_accessible(page)
    press(page, "link", "To a new round")


def a_round_is_run(page: Page) -> None:
    press(page, "button", "Run matching")
    says(page, "Proven best possible")
    expect(page.get_by_role("heading", name="Proposals")).to_be_visible()
    assert_accessible(page)


def two_mentors_are_swapped(page: Page) -> None:
    """The cost said beforehand is what the total loses."""
    result = re.compile("All matches together have")
    before = page.get_by_text(result).text_content() or ""
    press(page, "link", re.compile("how the sum of"))
    press(page, "link", "Swap mentors with another pair…")
    first = page.get_by_role("listitem").filter(has_text=re.compile("costs")).first
    said = first.get_by_text(re.compile("^\\s*costs")).inner_text()
    reach(page, first.get_by_role("link", name=re.compile("^Look at a swap")))
    page.keyboard.press("Enter")
    says(page, re.compile("The total loses"))
    assert_accessible(page)
    press(page, "button", "Swap")
    says(page, "They are swapped.")
    after = page.get_by_text(result).text_content() or ""
    cost = 0 if "nothing" in said else number_in(said)
    points = [number_in(text.split("together have")[1]) for text in (before, after)]
    assert points[0] - points[1] == cost


def one_is_held_and_the_rest_approved(page: Page) -> None:
    press(page, "button", re.compile("^Hold "))
    press(page, "button", "Approve the rest")
    says(page, re.compile("proposals are approved"))


def it_is_published_and_taken_back(page: Page) -> None:
    press(page, "link", "Publish…")
    says(page, re.compile("approved matches start"))
    assert_accessible(page)
    press(page, "button", "Publish matches")
    says(page, re.compile("mentorships have started"))
    press(page, "button", "Take back")
    says(page, re.compile("Nobody has heard of it"))
    expect(page.get_by_role("link", name="Publish…")).to_be_visible()


def who_is_left_over_stands_with_the_reason(page: Page) -> None:
    press(page, "link", re.compile("Left over"))
    for words in ("away while the mentorship would begin", "once nobody is away"):
        expect(page.get_by_role("cell", name=re.compile(words))).to_be_visible()
    assert_accessible(page)


def test_a_round_from_the_pool_to_the_mails_by_keyboard(
    browse: Callable[..., Page],
) -> None:
    page = browse()
    sign_in(page, "coordinator")
    page.goto("/programs/")
    page.get_by_role("link", name="Women in tech").first.click()
    press(page, "link", "Matching")

    the_pool_is_looked_at(page)
    a_round_is_run(page)
    two_mentors_are_swapped(page)
    one_is_held_and_the_rest_approved(page)
    it_is_published_and_taken_back(page)
    who_is_left_over_stands_with_the_reason(page)
