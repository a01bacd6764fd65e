"""Reading mail as its receiver does: in the demo mailbox of the trial."""

import re
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import FrameLocator, Page, expect
from playwright.sync_api import TimeoutError as TooSlow

# A mail is on its way at once; a sweep that looks every 15 seconds picks up the rest.
LOOKS, EACH = 45, 2_000
PRESSES = 5


def open_mail(page: Page, *, to: str, subject: str) -> FrameLocator:
    """The newest mail with these words in its subject, once it has arrived."""
    page.goto("/demo/mailbox/")
    page.get_by_role("searchbox", name="To whom").fill(to)
    newest = page.get_by_role("link", name=subject).first
    for _look in range(LOOKS):
        page.get_by_role("button", name="Show").click()
        try:
            expect(newest).to_be_visible(timeout=EACH)
        except AssertionError:
            continue
        break
    else:
        pytest.fail(f"No mail about “{subject}” came for {to}.")
    newest.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(subject)
    return page.frame_locator("iframe")


def press(page: Page, link: str | re.Pattern[str]) -> None:
    """Press a link in the mail that is open.

    From within its frame a link leads on only while the press is fresh; where the
    machine was too slow for that, one presses again.
    """
    for _press in range(PRESSES):
        page.frame_locator("iframe").get_by_role("link", name=link).click()
        try:
            page.wait_for_url(
                lambda url: "/demo/mailbox/" not in url,
                wait_until="commit",
                timeout=EACH * PRESSES,
            )
        except TooSlow:
            continue
        return
    pytest.fail(f"“{link}” leads nowhere.")


def press_in_mail(page: Page, *, to: str, subject: str, link: str) -> None:
    """Press a link in the newest mail with these words in its subject."""
    open_mail(page, to=to, subject=subject)
    press(page, link)


def invitation_in(page: Page, *, to: str, subject: str) -> icalendar.Calendar:
    """What a calendar reads of the file that goes with that mail."""
    open_mail(page, to=to, subject=subject)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="invite.ics").click()
    content = Path(waiting.value.path()).read_bytes()
    return icalendar.Calendar.from_ical(content)


def give_code(page: Page, mail: Page, email: str) -> None:
    """The code is read in another window, as one does."""
    open_mail(mail, to=email, subject="Wegwijs:")
    subject = mail.get_by_role("heading", level=1).inner_text()
    page.get_by_label("Code").fill(subject.rpartition(":")[2].strip())
    page.get_by_role("button", name="Sign in").click()


def sign_in_by_mail(page: Page, mail: Page, email: str) -> None:
    """As anybody of the demo: their pages are in their own language."""
    page.goto("/")
    page.get_by_role("link", name="Sign in with a code by e-mail").click()
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Give your code")
    give_code(page, mail, email)
    page.wait_for_url(lambda url: "/accounts/" not in url)
