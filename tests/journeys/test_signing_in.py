"""Signing in: with a code from the mail, and with a password of one's own."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.looks import assert_accessible, sign_in
from tests.journeys.mailbox import give_code

COORDINATOR = "coordinator@waterlinie.example"
MENTOR = "mentor@waterlinie.example"
PASSWORD = "a bridge over the Lek"


def english_window_of(browse: Callable[..., Page], role: str) -> Page:
    """Where they read mail; whoever looked around last may have left them in Dutch."""
    page = browse()
    sign_in(page, role)
    return page


def ask_for_code(page: Page, email: str) -> None:
    page.get_by_role("link", name="Sign in with a code by e-mail").click()
    send_code_to(page, email)


def send_code_to(page: Page, email: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Give your code")


def give_code_from_mail(page: Page, mail: Page, email: str) -> None:
    """In, on a wide screen, in English."""
    give_code(page, mail, email)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_code_from_the_mail_signs_in_and_a_wrong_one_does_not(
    browse: Callable[..., Page],
):
    page, mail = browse(), english_window_of(browse, "coordinator")
    page.goto("/")
    ask_for_code(page, COORDINATOR)
    page.get_by_label("Code").fill("BAD-CODE")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Code: Incorrect code.")
    expect(page).to_have_title(re.compile("^Error: "))
    assert_accessible(page)

    give_code_from_mail(page, mail, COORDINATOR)

    expect(page.get_by_role("link", name="Chantal Koning")).to_be_visible()
    assert_accessible(page)


def test_a_mistake_in_the_address_is_put_right_on_the_spot(
    browse: Callable[..., Page],
):
    page, mail = browse(), english_window_of(browse, "coordinator")
    page.goto("/people/settings/")
    ask_for_code(page, "cordinator@waterlinie.example")
    # The page tells a stranger nothing, and no stranger gets a mail.
    expect(
        page.get_by_role("button", name="Use another e-mail address")
    ).to_be_visible()
    mail.goto("/demo/mailbox/?to=cordinator@waterlinie.example")
    expect(mail.get_by_role("heading", name="No mail yet")).to_be_visible()
    assert_accessible(mail)

    page.get_by_role("button", name="Use another e-mail address").click()
    send_code_to(page, COORDINATOR)
    page.get_by_role("button", name="Send me a new code").click()
    give_code_from_mail(page, mail, COORDINATOR)

    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")


def test_a_password_is_chosen_and_then_signs_in(
    browse: Callable[..., Page],
):
    page, mail = browse(), english_window_of(browse, "mentor")
    page.goto("/")
    ask_for_code(page, MENTOR)
    give_code_from_mail(page, mail, MENTOR)
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Choose a password").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    assert_accessible(page)
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("status").first).to_contain_text("You have a password now.")
    page.get_by_role("button", name="Sign out").click()

    other = browse()
    other.goto("/accounts/login/")
    other.get_by_text("Sign in with a password").click()
    other.get_by_label("Email").fill(MENTOR)
    other.get_by_label("Password").fill("not this one")
    other.get_by_role("button", name="Sign in with password").click()
    expect(other.get_by_role("alert")).to_be_visible()
    assert_accessible(other)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in with password").click()
    expect(other.get_by_role("link", name="Marcel Verhoeven")).to_be_visible()
