"""A survey with its results, a coordinator's Monday, and a serious report."""

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.journeys.looks import assert_accessible, sign_in
from tests.journeys.mailbox import press, sign_in_by_mail

ZONE = ZoneInfo("Europe/Amsterdam")
PHONE = {"width": 390, "height": 844}
SECONDS = 45
NAME = "Ways of meeting"
ASKED = re.compile(f"^{NAME} – ")
AFTER = "1 or 2 to “Meeting in person works for us.”"
ANSWER = re.compile(r"Answer the questions|Vragenlijst invullen")
# Answers come out five or more at a time, whenever the worker passes by: of thirteen
# the eight with which texts are shown are out, however they fall. A busy worker lets
# them out minutes late at most.
ENOUGH, SHOWN, LOOKS, EACH = 13, 8, 60, 2_000


def to_surveys(page: Page) -> None:
    page.get_by_role("link", name="Programmes", exact=True).first.click()
    page.get_by_role("link", name="Leadership pipeline").first.click()
    page.get_by_role("link", name="Surveys", exact=True).click()


def build(page: Page) -> None:
    """A survey for mentees: a scale, a follow-up, and words."""
    page.get_by_role("link", name="Make a survey").click()
    page.get_by_label("English name").fill(NAME)
    page.get_by_role("radio", name="mentees and peers").check()
    page.get_by_role("button", name="Save").click()
    for kind, words, more in (
        ("scale of 1 to 5", "Meeting in person works for us.", {}),
        ("free text", "What stands in the way?", {"after": AFTER}),
        ("free text", "Where did you meet last?", {}),
    ):
        page.get_by_role("link", name="Add a question").click()
        page.get_by_label("Kind", exact=True).select_option(kind)
        page.get_by_label("Question, in English").fill(words)
        if more:
            page.get_by_label("Ask it only of those").select_option(more["after"])
        page.get_by_role("button", name="Save the question").click()
    last = page.get_by_role("button", name="Move up: Where did you meet last?")
    last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("is number 2 now")).to_be_visible()
    expect(last).to_be_focused()
    assert_accessible(page)
    page.get_by_role("link", name="Preview").click()
    page.get_by_role("radio", name="1", exact=True).check()
    expect(page.get_by_label("What stands in the way?")).to_be_visible()
    page.get_by_role("link", name="Back to the questions").click()


def ask(page: Page) -> str:
    """People had a survey some days ago; the coordinator asks them all the same."""
    survey = page.url
    page.get_by_role("link", name="Surveys", exact=True).click()
    page.get_by_role("link", name="How we listen").click()
    page.get_by_label("Days of rest").fill("0")
    page.get_by_role("button", name="Save").click()
    page.goto(survey)
    page.get_by_role("link", name="Send now").click()
    expect(page.get_by_text("get a mail with a link of their own")).to_be_visible()
    page.get_by_role("button", name="Send the survey").click()
    expect(page.get_by_text("Too few to show")).to_be_visible()
    assert_accessible(page)
    return page.url


def letters(page: Page, known: set[str]) -> list[str]:
    """The addresses of the mails with the new survey, once enough have come."""
    for _look in range(LOOKS):
        page.goto("/demo/mailbox/")
        links = page.get_by_role("link", name=ASKED).all()
        found = [str(each.get_attribute("href")) for each in links]
        fresh = [each for each in found if each not in known]
        if len(fresh) >= ENOUGH:
            return fresh[:ENOUGH]
        page.wait_for_timeout(EACH)
    raise AssertionError("The mails did not come.")


def test_a_survey_is_built_asked_answered_on_a_phone_and_read(
    browse: Callable[..., Page], tmp_path: Path
):
    page, phone = browse(), browse(viewport=PHONE)
    phone.goto("/demo/mailbox/")
    known = {
        str(each.get_attribute("href"))
        for each in phone.get_by_role("link", name=ASKED).all()
    }
    sign_in(page, "coordinator")
    to_surveys(page)
    build(page)
    wave = ask(page)

    for place, letter in enumerate(letters(phone, known)):
        phone.goto(letter)
        press(phone, ANSWER)
        phone.wait_for_url("**/surveys/a/**")
        began = time.monotonic()
        phone.get_by_role("radio", name=str(3 + place % 3), exact=True).check()
        phone.get_by_label("Where did you meet last?").fill(f"Place {place}")
        if not place:
            expect(
                phone.get_by_text("Kept, sealed, until you send it.")
            ).to_be_visible()
            assert_accessible(phone)
        phone.get_by_role("button", name="Send answers").click()
        expect(phone.get_by_role("heading", level=1)).to_contain_text("Thank you")
        assert time.monotonic() - began < SECONDS

    words = page.get_by_text(re.compile(r"^Place \d+$"))
    for _look in range(LOOKS):
        page.goto(wave)
        if words.count():
            break
        page.wait_for_timeout(EACH)
    assert words.count() >= SHOWN
    expect(page.get_by_text("mean ").first).to_be_visible()
    chart = page.get_by_role("img", name="Meeting in person works for us.")
    expect(chart).to_be_visible()
    page.get_by_text("As a table").first.click()
    expect(page.get_by_role("cell", name="5", exact=True).first).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    saved = tmp_path / "results.csv"
    waiting.value.save_as(saved)
    assert "Meeting in person works for us." in saved.read_text(encoding="utf-8-sig")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PDF English").click()
    waiting.value.save_as(saved)
    assert saved.read_bytes().startswith(b"%PDF")


def pair_of(page: Page, place: int) -> str:
    """The names of one pair in the queue."""
    return page.get_by_role("heading", level=2).nth(place).inner_text()


def test_a_coordinators_monday(browse: Callable[..., Page]):
    page = browse()
    sign_in(page, "coordinator")
    page.get_by_role("link", name="Care", exact=True).click()
    first, second, third = (pair_of(page, place) for place in range(3))
    expect(page.get_by_text("What you can do:").first).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name=f"Look after {first}").click()
    page.get_by_text("A text to begin with").first.click()
    message = page.get_by_label("Message").first
    expect(message).to_have_value(re.compile(r"\w{3}"))
    page.get_by_role("button", name=re.compile("^Send to ")).first.click()
    expect(page.get_by_text("the answer comes to you")).to_be_visible()
    expect(page.get_by_text(re.compile("Chantal Koning wrote to "))).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="Care", exact=True).click()
    page.get_by_role("link", name=f"Look after {second}").click()
    page.get_by_label("Back on", exact=True).fill(
        f"{datetime.now(ZONE).date() + timedelta(days=7)}"
    )
    page.get_by_role("button", name="Put it off").click()
    expect(page.get_by_role("heading", name=second)).to_have_count(0)

    page.get_by_role("link", name=f"Look after {third}").click()
    page.get_by_role("radio", name="nothing needed").check()
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_role("alert")).to_contain_text("why nothing is needed")
    page.get_by_label("In a few words").fill("They meet at lunch; it is not logged.")
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_role("heading", name=third)).to_have_count(0)

    # Who was written to has a week to answer; meanwhile the pair is hers.
    page.get_by_role("link", name="Mine").click()
    page.get_by_role("link", name=f"Look after {first}").click()
    page.get_by_role("radio", name="spoke with them; they go on").check()
    page.get_by_role("button", name="Close it").click()
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_role("heading", name=first)).to_be_visible()
    expect(page.get_by_role("heading", name=third)).to_be_visible()
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_role("heading", name=second)).to_be_visible()
    assert_accessible(page)


def test_a_serious_report_and_what_came_of_it(browse: Callable[..., Page]):
    writer = browse()
    sign_in(writer, "mentee")
    writer.get_by_role("link", name="My mentorships").click()
    writer.get_by_role("link", name="Anna Baars").click()
    writer.get_by_role("link", name="Report something serious").click()
    email = writer.get_by_role("link", name=re.compile("@")).inner_text()
    writer.get_by_label("What happened?").fill("He waits for me at my car.")
    writer.get_by_role("button", name=re.compile("^Send to ")).click()
    expect(writer.get_by_text("received", exact=True)).to_be_visible()
    assert_accessible(writer)

    reader = browse()
    sign_in_by_mail(reader, browse(), email)
    reader.get_by_role("link", name="Read it").click()
    reader.get_by_role("link", name=re.compile("^Report of ")).click()
    expect(reader.get_by_text("He waits for me at my car.")).to_be_visible()
    reader.get_by_role("button", name="I am looking at it").click()
    assert_accessible(reader)

    writer.reload()
    expect(writer.get_by_text("being looked at", exact=True)).to_be_visible()
    writer.get_by_text("Add something").click()
    writer.get_by_label("What do you want to add?").fill("And today again.")
    writer.get_by_role("button", name=re.compile("^Send to ")).click()

    reader.reload()
    expect(reader.get_by_text("And today again.")).to_be_visible()
    reader.get_by_label("What they read about it").fill("He parks elsewhere now.")
    reader.get_by_role("button", name="It has been looked after").click()
    expect(reader.get_by_text("closed", exact=True)).to_be_visible()

    writer.reload()
    expect(writer.get_by_text("He parks elsewhere now.")).to_be_visible()
    assert_accessible(writer)
