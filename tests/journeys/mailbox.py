"""Reading mail as its receiver does: in the demo mailbox of the trial."""

import pytest
from playwright.sync_api import FrameLocator, Page, expect

# A mail is on its way at once; a sweep that looks every 15 seconds picks up the rest.
LOOKS, EACH = 20, 2_000


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


def press_in_mail(page: Page, *, to: str, subject: str, link: str) -> None:
    """Press a link in that mail."""
    mail = open_mail(page, to=to, subject=subject)
    mail.get_by_role("link", name=link).click()
    page.wait_for_url(lambda url: "/demo/mailbox/" not in url)
