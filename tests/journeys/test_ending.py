"""Something is off: an ending without fault, and another match, first in line."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.looks import assert_accessible, sign_in
from tests.journeys.mailbox import open_mail, sign_in_by_mail
from tests.journeys.moments import ask, who_never_met

PHONE = {"width": 390, "height": 844}
WORDS, REASON = "Ik durf niet alles te zeggen.", "We zijn te verschillend."
ENDED = {
    "nl": "Je mentortraject met {} is beëindigd",
    "en": "Your mentorship with {} has ended",
}


def language_of(folder: Path, email: str) -> str:
    return str(
        ask(folder, f"SELECT language FROM people_user WHERE email = '{email}'")[0][0]
    )


def name_of(folder: Path, email: str) -> str:
    return str(
        ask(folder, f"SELECT name FROM people_user WHERE email = '{email}'")[0][0]
    )


def test_a_pair_ends_without_fault_and_is_matched_anew(
    browse: Callable[..., Page], site_folder: Path
):
    mentee, post, coordinator = browse(viewport=PHONE), browse(), browse()
    its_mentee, its_mentor = who_never_met(site_folder, "nl")
    names = [name_of(site_folder, email) for email in (its_mentee, its_mentor)]
    sign_in(coordinator, "coordinator")
    sign_in_by_mail(mentee, post, its_mentee)

    something_is_off(mentee)
    the_coordinator_hears_who_and_not_what(post, names[0])
    the_mentee_ends_it(mentee)
    language = language_of(site_folder, its_mentor)
    the_other_reads_a_neutral_mail(post, its_mentor, ENDED[language].format(names[0]))
    the_next_round_has_another_for_them(coordinator, *names)


def something_is_off(mentee: Page) -> None:
    mentee.goto("/mentorships/")
    mentee.get_by_role("rowheader").get_by_role("link").first.click()
    mentee.get_by_role("link", name="Er loopt iets niet lekker").click()
    mentee.get_by_role("radio", name="Het klikt niet").check()
    mentee.get_by_label("In je eigen woorden").fill(WORDS)
    mentee.get_by_label("Vraag een coördinator om me te bellen").check()
    assert_accessible(mentee)
    mentee.get_by_role("button", name="Bewaren").click()
    expect(mentee.get_by_role("status").first).to_contain_text("coördinator belt je")
    # Whoever wrote it reads it again.
    expect(mentee.get_by_text(WORDS)).to_be_visible()


def the_coordinator_hears_who_and_not_what(post: Page, name: str) -> None:
    mail = open_mail(
        post,
        to="coordinator@waterlinie.example",
        subject=f"{name} asks you to call",
    )
    expect(mail.get_by_text(name).first).to_be_visible()
    expect(mail.get_by_text("klikt")).to_have_count(0)
    expect(mail.get_by_text(WORDS)).to_have_count(0)


def the_mentee_ends_it(mentee: Page) -> None:
    mentee.get_by_role("link", name="Stoppen zonder verwijt").click()
    mentee.get_by_label("Waarom je stopt").fill(REASON)
    assert_accessible(mentee)
    mentee.get_by_role("button", name="Mentortraject beëindigen").click()
    expect(mentee.get_by_role("status").first).to_contain_text("is beëindigd")
    assert_accessible(mentee)


def the_other_reads_a_neutral_mail(post: Page, its_mentor: str, subject: str) -> None:
    mail = open_mail(post, to=its_mentor, subject=subject)
    expect(mail.get_by_text(REASON)).to_have_count(0)
    expect(mail.get_by_text("klikt")).to_have_count(0)


def the_next_round_has_another_for_them(page: Page, mentee: str, mentor: str) -> None:
    """A proposal with somebody else, and the reason says that they stood in front."""
    page.goto("/programs/")
    page.get_by_role("link", name="Leadership pipeline", exact=True).click()
    tabs = page.get_by_role("navigation", name="Within this programme")
    tabs.get_by_role("link", name="Matching", exact=True).click()
    page.get_by_role("button", name="Run matching").click()
    expect(page.get_by_role("heading", name="Proposals")).to_be_visible()
    row = page.get_by_role("row").filter(has_text=mentee)
    expect(row).to_be_visible()
    expect(row).not_to_contain_text(mentor)
    row.get_by_role("link", name="how the sum of").click()
    expect(page.get_by_text("first in line").first).to_be_visible()
