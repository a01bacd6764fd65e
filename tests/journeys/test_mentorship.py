"""From the mail on a phone: a session logged in two taps, and notes that stay."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looks import assert_accessible, sign_in
from tests.journeys.mailbox import open_mail

PHONE = {"width": 390, "height": 844}
MENTEE = "mentee@waterlinie.example"
SECONDS, TAPS = 30, 3


def own_mentorship(page: Page) -> None:
    """To the page of the pair of whoever signed in."""
    page.goto("/mentorships/")
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def log_it(page: Page) -> None:
    """To the form in which the session that waits is written down."""
    own_mentorship(page)
    page.get_by_role("link", name="Log a session").click()


@pytest.fixture
def phone(browse: Callable[..., Page]) -> Page:
    return browse(viewport=PHONE)


def test_a_draft_is_back_after_the_tab_was_closed(phone: Page):
    sign_in(phone, "mentor")
    log_it(phone)
    phone.get_by_label("Shared notes").fill("We spoke of the move.")
    address = phone.url
    phone.close(run_before_unload=False)

    again = phone.context.new_page()
    again.goto(address)

    expect(again.get_by_label("Shared notes")).to_have_value("We spoke of the move.")
    expect(again.get_by_text("What you typed before is back.")).to_be_visible()
    again.get_by_role("button", name="Throw it away").click()
    expect(again.get_by_label("Shared notes")).to_have_value("")


def test_a_draft_is_back_after_the_session_had_ended(phone: Page):
    sign_in(phone, "mentor")
    log_it(phone)
    phone.get_by_label("Shared notes").fill("Written before lunch.")
    address = phone.url
    phone.context.clear_cookies()
    phone.get_by_role("button", name="Save log").click()
    expect(phone.get_by_label("Shared notes")).to_have_count(0)

    sign_in(phone, "mentor")
    phone.goto(address)

    expect(phone.get_by_label("Shared notes")).to_have_value("Written before lunch.")


def test_a_session_is_logged_from_the_mail_in_two_taps(phone: Page):
    mail = open_mail(phone, to=MENTEE, subject="Did you meet?")
    began, taps = time.monotonic(), 0

    mail.get_by_role("link", name="Log it in one tap").click()
    taps += 1
    expect(phone.get_by_role("button", name="We met")).to_be_in_viewport()
    assert_accessible(phone)
    phone.get_by_role("button", name="We met").click()
    taps += 1
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Noted")

    assert taps <= TAPS
    assert time.monotonic() - began < SECONDS
    assert_accessible(phone)
    phone.get_by_role("link", name="Correct it").click()
    expect(phone.get_by_role("button", name="It did not happen")).to_be_visible()
