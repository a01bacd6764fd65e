"""The second step when signing in: an app, recovery codes, and a passkey."""

import re
from collections.abc import Callable

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.journeys.looks import assert_accessible, sign_in
from tests.journeys.mailbox import give_code, open_mail

SPONSOR = "sponsor@waterlinie.example"
SECOND = "The second step when signing in"


def settle(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert_accessible(page)


def code_now(page: Page, secret: str) -> str:
    """What the app shows, by the clock of the browser."""
    counter = int(page.evaluate("Date.now()") / 1000) // 30
    return format_hotp_value(hotp_value(secret.replace(" ", ""), counter))


def ask_for_code(page: Page, mail: Page, email: str) -> None:
    """Sign in with a code from the mail, as far as that goes."""
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Sign in with a code by e-mail").click()
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    give_code(page, mail, email)


def test_an_app_is_set_up_asked_for_and_taken_away(browse: Callable[..., Page]):
    page, mail = browse(), browse()
    sign_in(page, "sponsor")
    sign_in(mail, "sponsor")
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name=SECOND).click()
    settle(page, SECOND)
    page.get_by_role("link", name="Set up the app").click()
    settle(page, "Set up the app")
    expect(page.get_by_role("img", name="Picture to scan with the app")).to_be_visible()
    page.get_by_text("I cannot scan it").click()
    secret = page.locator("code").inner_text()
    page.get_by_label("The code that the app shows").fill("12")
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("alert")).to_contain_text("Incorrect code.")
    assert_accessible(page)
    page.get_by_label("The code that the app shows").fill(code_now(page, secret))
    page.get_by_role("button", name="Switch on").click()
    settle(page, "Recovery codes")
    recovery = page.get_by_role("listitem").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    open_mail(mail, to=SPONSOR, subject="How you sign in was changed")

    other = browse()
    ask_for_code(other, mail, SPONSOR)
    settle(other, "The second step")
    other.get_by_label("Code").fill("000000")
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.get_by_role("alert")).to_contain_text("Incorrect code.")
    assert_accessible(other)
    other.get_by_label("Code").fill(recovery)
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.get_by_role("button", name="Sign out")).to_be_visible()

    other.goto("/accounts/second-step/")
    expect(other.get_by_text("9 codes are left.")).to_be_visible()
    other.get_by_role("link", name="Stop using the app").click()
    settle(other, "Is it you?")
    other.get_by_label("Code").fill(code_now(other, secret))
    other.get_by_role("button", name="Go on").click()
    settle(other, "Stop using the app")
    other.get_by_role("button", name="Stop using the app").click()
    expect(other.get_by_text("The app is no longer your second step.")).to_be_visible()
    settle(other, SECOND)


def with_key(page: Page) -> None:
    """A device that asks for a finger, and gets it."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_passkey_is_added_signs_in_alone_and_is_removed(
    browse: Callable[..., Page], site: str
):
    # A key belongs to a name; an address in numbers has none.
    page = browse()
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    there = site.replace("127.0.0.1", "localhost")
    with_key(page)
    page.goto(f"{there}/accounts/login/")
    page.get_by_role("button", name="IT admin", exact=True).click()
    page.wait_for_url(f"{there}/")
    page.goto(f"{there}/accounts/second-step/")
    page.get_by_role("link", name="Add a key").click()
    settle(page, "Add a key")
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Add").click()
    settle(page, "Recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("link", name=re.compile("Imran Yildiz"))).to_be_visible()

    page.goto(f"{there}/accounts/second-step/")
    settle(page, SECOND)
    page.get_by_role("link", name="Rename My laptop").click()
    settle(page, "Is it you?")
    page.get_by_role("button", name="Use my key").click()
    settle(page, "Rename a key")
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Work laptop").click()
    settle(page, "Remove a key")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The key is removed.")).to_be_visible()
    expect(page.get_by_text("Work laptop")).to_be_hidden()

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This key is not known here.", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert_accessible(page)
