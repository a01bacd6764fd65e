"""Links from mails that no longer work: a plain page that says what to do."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looks import assert_accessible, sign_in
from tests.journeys.mailbox import open_mail
from tests.journeys.moments import in_the_past

PROGRAM = "Leadership pipeline"


@pytest.fixture
def invite(browse: Callable[..., Page]) -> Callable[[str], str]:
    """Has the HR admin invite somebody; the link in their mail."""

    def link_for(email: str) -> str:
        hr = browse()
        sign_in(hr, "hr_admin")
        hr.get_by_role("link", name="Programmes", exact=True).click()
        hr.get_by_role("link", name=PROGRAM, exact=True).click()
        hr.get_by_role("link", name="Participants", exact=True).click()
        hr.get_by_role("link", name="Invite people").click()
        hr.get_by_label("As", exact=True).select_option(label="Mentee")
        hr.get_by_label("E-mail addresses").fill(email)
        hr.get_by_role("button", name="Send invitations").click()
        mail = open_mail(hr, to=email, subject=f"Will you take part in {PROGRAM}?")
        link = mail.get_by_role("link", name="Read on and decide")
        found = link.get_attribute("href")
        assert found
        return found

    return link_for


def expect_it_is_gone(page: Page) -> None:
    """What happened, and what to do now; nothing about anybody."""
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile("does not work any more$"))
    expect(page.get_by_text("Open the link from the mail once more")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert_accessible(page)


def test_an_invitation_works_once_and_not_when_a_piece_is_missing(
    browse: Callable[..., Page], invite: Callable[[str], str]
):
    link = invite("once.only@waterlinie.example")
    page, somebody_else = browse(), browse()
    page.goto(link[:-9] + "/")
    expect_it_is_gone(page)

    page.goto(link)
    page.get_by_role("button", name="Read on and decide").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Join as mentee")

    somebody_else.goto(link)
    expect(somebody_else.get_by_role("heading", level=1)).to_have_text(
        "You opened this invitation before"
    )
    expect(somebody_else.get_by_role("link", name="Sign in and go on")).to_be_visible()
    assert_accessible(somebody_else)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Join as mentee")


def test_an_invitation_that_was_withdrawn_does_not_work(
    browse: Callable[..., Page], invite: Callable[[str], str]
):
    email = "asked.too.soon@waterlinie.example"
    link = invite(email)
    hr = browse()
    sign_in(hr, "hr_admin")
    hr.get_by_role("link", name="Programmes", exact=True).click()
    hr.get_by_role("link", name=PROGRAM, exact=True).click()
    hr.get_by_role("link", name="Participants", exact=True).click()
    hr.get_by_role("button", name=f"Withdraw the invitation of {email}").click()

    page = browse()
    page.goto(link)

    expect_it_is_gone(page)


def test_an_invitation_expires(
    browse: Callable[..., Page], invite: Callable[[str], str], site_folder: Path
):
    link = invite("much.later@waterlinie.example")
    with in_the_past(site_folder, "programs_invite", "expires_at"):
        page = browse()
        page.goto(link)

        expect_it_is_gone(page)


def test_a_survey_link_that_was_altered_or_has_closed_says_what_to_do(
    browse: Callable[..., Page], site_folder: Path
):
    page = browse()
    sign_in(page, "mentee")
    mail = open_mail(page, to="mentee@waterlinie.example", subject="Pulse")
    link = mail.get_by_role("link", name="Answer the questions").get_attribute("href")
    assert link
    page.goto(link.replace("/surveys/a/", "/surveys/a/9"))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("This link does not work any more")
    expect(page.get_by_text("Open it from the mail once more")).to_be_visible()
    assert_accessible(page)

    with in_the_past(site_folder, "feedback_wave", "opens_at", "closes_at"):
        page.goto(link)
        expect(heading).to_have_text("This survey is closed")
        expect(page.get_by_text("You will be asked again later.")).to_be_visible()
        assert_accessible(page)
