"""From the mail on a phone: a session logged in two taps, and notes that stay."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.looks import assert_accessible, sign_in
from tests.journeys.mailbox import open_mail, press
from tests.journeys.moments import ask

PHONE = {"width": 390, "height": 844}
MENTEE = "mentee@waterlinie.example"
SECONDS, TAPS = 30, 3
# As long as a request may take that is sent while another is under way.
OVERTAKES = 2_000


def own_mentorship(page: Page) -> None:
    """To the page of the pair of whoever signed in."""
    page.goto("/mentorships/")
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def log_it(page: Page) -> None:
    """To the form in which the session that waits is written down."""
    own_mentorship(page)
    page.get_by_role("link", name="Log a session").click()


def open_last_log(page: Page) -> None:
    """To the form of the session that was held last."""
    own_mentorship(page)
    page.get_by_role("link", name=re.compile(r"^\w+ \d+ \w+ \d{4}$")).first.click()
    page.get_by_role("link", name="Change the log").click()


def kept_sealed(page: Page, *words: str) -> None:
    """The browser keeps a draft, and none of these words can be read in it."""
    page.wait_for_function("Object.keys(localStorage).some(key => /^draft:/.test(key))")
    storage = page.evaluate("JSON.stringify(localStorage)")
    assert [each for each in words if each in storage] == []


@pytest.fixture
def phone(browse: Callable[..., Page]) -> Page:
    return browse(viewport=PHONE)


def test_a_draft_is_back_after_the_tab_was_closed(phone: Page):
    sign_in(phone, "mentor")
    log_it(phone)
    phone.get_by_label("Shared notes").fill("We spoke of the move.")
    phone.get_by_label("Private note").fill("I doubt it.")
    kept_sealed(phone, "I doubt it.", "We spoke of the move.")
    address = phone.url
    phone.close(run_before_unload=False)

    again = phone.context.new_page()
    again.goto(address)

    expect(again.get_by_label("Shared notes")).to_have_value("We spoke of the move.")
    expect(again.get_by_label("Private note")).to_have_value("I doubt it.")
    expect(again.get_by_text("What you typed before is back.")).to_be_visible()
    again.get_by_role("button", name="Throw it away").click()
    expect(again.get_by_label("Shared notes")).to_have_value("")


def test_a_draft_is_back_after_the_session_had_ended(phone: Page):
    sign_in(phone, "mentor")
    log_it(phone)
    phone.get_by_label("Shared notes").fill("Written before lunch.")
    kept_sealed(phone, "Written before lunch.")
    address = phone.url
    phone.context.clear_cookies()
    phone.get_by_role("button", name="Save log").click()
    expect(phone.get_by_label("Shared notes")).to_have_count(0)

    sign_in(phone, "mentor")
    phone.goto(address)

    expect(phone.get_by_label("Shared notes")).to_have_value("Written before lunch.")


def test_a_draft_is_back_after_the_server_was_gone(phone: Page):
    sign_in(phone, "mentor")
    own_mentorship(phone)
    phone.get_by_role("link", name="My journal").click()
    phone.get_by_label("Your thoughts").fill("Typed in a tunnel.")
    kept_sealed(phone, "Typed in a tunnel.")
    address = phone.url
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Keep this page").click()
    phone.wait_for_url("chrome-error://**")

    phone.context.set_offline(False)
    phone.goto(address)

    expect(phone.get_by_label("Your thoughts")).to_have_value("Typed in a tunnel.")
    phone.get_by_role("button", name="Keep this page").click()
    expect(phone.get_by_text("Typed in a tunnel.")).to_be_visible()
    expect(phone.get_by_label("Your thoughts")).to_have_value("")


def test_what_was_written_down_is_no_draft_any_more(phone: Page):
    """Opened again, the form has what is kept now, written here or elsewhere."""
    sign_in(phone, "mentor")
    open_last_log(phone)
    address = phone.url
    for words in ("First words.", "Second words."):
        expect(phone.get_by_label("Shared notes")).not_to_have_value(words)
        phone.get_by_label("Shared notes").fill(words)
        kept_sealed(phone, words)
        phone.get_by_role("button", name="Save log").click()
        expect(phone.get_by_text("Written down.")).to_be_visible()
        assert phone.evaluate("Object.keys(localStorage)") == []

        phone.goto(address)
        expect(phone.get_by_label("Shared notes")).to_have_value(words)
        expect(phone.get_by_text("What you typed before is back.")).to_be_hidden()


def test_a_draft_does_not_bring_back_notes_that_were_changed_since(
    browse: Callable[..., Page],
):
    """The notes were kept as they were typed; the rest of the draft comes back."""
    here, elsewhere = (browse(viewport=PHONE) for _ in range(2))
    for page in (here, elsewhere):
        sign_in(page, "mentor")
    open_last_log(here)
    address = here.url
    here.get_by_label("Private note").fill("I doubt it.")
    here.get_by_label("Shared notes").fill("Typed on the train.")
    expect(here.get_by_text("Saved at")).to_be_visible()
    elsewhere.goto(address)
    elsewhere.get_by_label("Shared notes").fill("")
    elsewhere.get_by_role("button", name="Save log").click()
    expect(elsewhere.get_by_text("Written down.")).to_be_visible()

    here.goto(address)

    expect(here.get_by_label("Private note")).to_have_value("I doubt it.")
    expect(here.get_by_label("Shared notes")).to_have_value("")


def test_what_is_ticked_off_fast_is_done_and_stands_there(phone: Page):
    """While the first is being noted, the second waits; neither is lost."""
    texts = ("Read the plan", "Call the harbour")
    sign_in(phone, "mentee")
    own_mentorship(phone)
    for text in texts:
        phone.get_by_label("Action", exact=True).fill(text)
        phone.get_by_role("button", name="Add", exact=True).click()
        expect(phone.get_by_role("button", name=f"Done: {text}")).to_be_visible()
    phone.get_by_label("Action", exact=True).fill("Half a thought")
    phone.evaluate("window.stillHere = true")

    buttons = [phone.get_by_role("button", name=f"Done: {text}") for text in texts]
    undone = [phone.get_by_role("button", name=f"Not done: {text}") for text in texts]
    held: list[Route] = []
    phone.route(
        "**/toggle/",
        lambda route: route.continue_() if held else held.append(route),
    )
    phone.evaluate(
        "(both) => both.forEach((button) => button.click())",
        [each.element_handle() for each in buttons],
    )
    with suppress(AssertionError):
        # A second one that is sent is answered before the first.
        expect(undone[1]).to_be_visible(timeout=OVERTAKES)
    held[0].continue_()
    for each in undone:
        expect(each).to_be_visible()

    assert phone.evaluate("window.stillHere")
    expect(phone.get_by_label("Action", exact=True)).to_have_value("Half a thought")
    phone.reload()
    for each in undone:
        expect(each).to_be_visible()


def states(folder: Path) -> list[tuple[str, ...]]:
    """What became of each session, as the rows have it."""
    return ask(folder, "SELECT id, state FROM mentorships_mentoringsession ORDER BY id")


def test_a_session_is_logged_from_the_mail_in_two_taps(phone: Page, site_folder: Path):
    open_mail(phone, to=MENTEE, subject="Did you meet?")
    began, taps = time.monotonic(), 0

    press(phone, "Log it in one tap")
    taps += 1
    expect(phone.get_by_role("button", name="We met")).to_be_in_viewport()
    assert_accessible(phone)
    before = states(site_folder)
    phone.reload()
    assert states(site_folder) == before
    phone.get_by_role("button", name="We met").click()
    taps += 1
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Noted")

    assert taps <= TAPS
    assert time.monotonic() - began < SECONDS
    assert states(site_folder) != before
    assert_accessible(phone)
    phone.get_by_role("link", name="Correct it").click()
    expect(phone.get_by_role("button", name="It did not happen")).to_be_visible()
