"""A group of five: one mentor, four mentees, on phones."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from babel.dates import format_date
from playwright.sync_api import Page, expect

from tests.journeys.looks import assert_accessible, sign_in
from tests.journeys.mailbox import invitation_in, sign_in_by_mail
from tests.journeys.moments import ask, the_hour_has_passed

PHONE = {"width": 390, "height": 844}
GROUP = "Vooruit met vijf"


def members(folder: Path) -> tuple[int, list[tuple[str, str]]]:
    """The number of the group, and the name and address of each mentee."""
    rows = ask(
        folder,
        f"""SELECT g.id, u.name, u.email FROM mentorships_mentorship g
        JOIN mentorships_member m ON m.mentorship_id = g.id AND m.role = 'mentee'
        JOIN programs_participant p ON p.id = m.participant_id
        JOIN people_user u ON u.id = p.user_id
        WHERE g.name = '{GROUP}' ORDER BY u.id""",
    )
    return int(rows[0][0]), [(str(name), str(email)) for _id, name, email in rows]


def test_a_group_of_five_plans_meets_and_writes_it_down(
    browse: Callable[..., Page], site_folder: Path
):
    mentor, mentee, post = (browse(viewport=PHONE) for _each in range(3))
    group, mentees = members(site_folder)
    assert len(mentees) == 4
    absent, busy = mentees[0][0], mentees[1][0]
    sign_in(mentor, "mentor")

    last = the_mentor_plans(mentor)
    addresses = [email for _name, email in mentees]
    uid = everybody_is_invited(post, addresses, last)
    calendars_follow_a_move_and_the_end_of_it(mentor, post, addresses[0], uid)
    the_hour_has_passed(site_folder, group)
    the_mentor_writes_it_down(mentor, group, absent=absent, busy=busy)
    sign_in_by_mail(mentee, post, mentees[1][1])
    the_mentee_does_what_they_said(mentee)
    mentor.goto(f"/mentorships/{group}/")
    expect(mentor.get_by_role("button", name="Not done: Bring a case")).to_be_visible()
    assert_accessible(mentor)


def the_mentor_plans(mentor: Page) -> date:
    """One list shows pairs and the group, each with what is next. Two sessions are
    planned, a rhythm of three weeks apart; the day of the last of them.
    """
    mentor.get_by_role("button", name="Menu", exact=True).click()
    mentor.get_by_role("link", name="My mentorships").click()
    expect(mentor.get_by_role("row")).to_have_count(3)
    mentor.get_by_role("link", name=GROUP).click()
    mentor.get_by_role("link", name="Plan a session").click()
    mentor.get_by_label("Place or link").fill("The attic")
    first = date.fromisoformat(mentor.get_by_label("Date").input_value())
    mentor.get_by_label("How often").select_option(label="Twice, at your rhythm")
    mean_it(mentor, "Plan", says="Planned.")
    return first + timedelta(days=21)


def mean_it(page: Page, verb: str, *, says: str) -> None:
    """Press it, and once more if the day happens to be a holiday."""
    said = page.get_by_role("status").filter(has_text=says)
    anyway = page.get_by_role("button", name=f"{verb} it anyway")
    page.get_by_role("button", name=f"{verb} session").click()
    expect(said.or_(anyway)).to_be_visible()
    if anyway.is_visible():
        anyway.click()
    expect(said).to_be_visible()


def everybody_is_invited(post: Page, addresses: list[str], day: date) -> str:
    """The same event for each, with the same five people; its mark."""
    moment = f"{format_date(day, 'd MMMM', locale='nl')}, 10:00"
    uids = set()
    for address in addresses[:2]:
        calendar = invitation_in(post, to=address, subject=moment)
        [event] = calendar.walk("VEVENT")
        invited = {str(each).removeprefix("mailto:") for each in event["ATTENDEE"]}
        assert invited == {*addresses, "mentor@waterlinie.example"}
        assert event["LOCATION"] == "The attic"
        uids.add(str(event["UID"]))
    (uid,) = uids
    return uid


def calendars_follow_a_move_and_the_end_of_it(
    mentor: Page, post: Page, address: str, uid: str
) -> None:
    """The last of the two that were planned: moved, then called off."""
    mentor.get_by_role("link", name=re.compile(r", 10:00$")).last.click()
    mentor.get_by_role("link", name="Move").click()
    mentor.get_by_label("Time").fill("14:30")
    mean_it(mentor, "Move", says="Moved.")
    mentor.get_by_role("link", name=re.compile(r", 14:30$")).click()
    mentor.get_by_role("link", name="Call off").click()
    mentor.get_by_role("button", name="Call off").click()
    expect(mentor.get_by_role("status").first).to_contain_text("called off")

    calendar = invitation_in(post, to=address, subject="Afgezegd: sessie met")
    [event] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (str(event["UID"]), event["SEQUENCE"]) == (uid, 2)


def the_mentor_writes_it_down(
    mentor: Page, group: int, *, absent: str, busy: str
) -> None:
    """Who came is said for each; open actions are there, and a new one has an owner."""
    mentor.goto(f"/mentorships/{group}/")
    mentor.get_by_role("link", name="Yes, write it down").click()
    came = mentor.get_by_role("group", name="Who was there")
    expect(came.get_by_role("checkbox", checked=True)).to_have_count(5)
    came.get_by_role("checkbox", name=absent).uncheck()
    mentor.get_by_label("Shared notes").fill("Three cases, one question each.")
    done = mentor.get_by_role("group", name="What was done since last time?")
    done.get_by_role("checkbox").first.check()
    mentor.get_by_label("Action", exact=True).first.fill("Bring a case")
    mentor.get_by_label("Who", exact=True).first.select_option(label=busy)
    mentor.get_by_label("By", exact=True).first.fill("2090-02-03")
    assert_accessible(mentor)
    mentor.get_by_role("button", name="Save log").click()
    expect(mentor.get_by_role("status").first).to_contain_text("Written down.")

    expect(mentor.get_by_role("button", name="Done: Bring a case")).to_be_visible()
    to_the_last_that_was(mentor, "held")
    expect(mentor.get_by_text("Three cases, one question each.")).to_be_visible()
    there = mentor.get_by_role("definition").filter(has_text=busy)
    expect(there).to_be_visible()
    expect(there).not_to_contain_text(absent)


def to_the_last_that_was(page: Page, held: str) -> None:
    """From the page of the group to the newest session that took place."""
    rows = page.get_by_role("listitem").filter(has_text=held)
    rows.get_by_role("link", name=re.compile(r"\d{4}$")).first.click()


def the_mentee_does_what_they_said(mentee: Page) -> None:
    mentee.goto("/mentorships/")
    mentee.get_by_role("link", name=GROUP).click()
    mentee.get_by_role("button", name="Gedaan: Bring a case").click()
    expect(
        mentee.get_by_role("button", name="Toch niet gedaan: Bring a case")
    ).to_be_visible()
    to_the_last_that_was(mentee, "gehouden")
    expect(mentee.get_by_text("Three cases, one question each.")).to_be_visible()
