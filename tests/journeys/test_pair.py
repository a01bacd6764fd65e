"""A pair on two phones, from the first session to the certificate.

The mentee reads English, the mentor Dutch.
"""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.looks import assert_accessible
from tests.journeys.mailbox import invitation_in, open_mail, sign_in_by_mail
from tests.journeys.moments import the_hour_has_passed, who_never_met

PHONE = {"width": 390, "height": 844}
ROOM = "Room 4, by the canal"


def says(page: Page, words: str) -> None:
    """The page answers what was just done."""
    expect(page.get_by_role("status").first).to_contain_text(words)


def home(page: Page, mentorship: int) -> None:
    """To the page of the pair."""
    page.goto(f"/mentorships/{mentorship}/")


def test_a_pair_from_first_session_to_certificate(
    browse: Callable[..., Page], site_folder: Path
):
    mentee, mentor, post = (browse(viewport=PHONE) for _each in range(3))
    its_mentee, its_mentor = who_never_met(site_folder, "en")
    sign_in_by_mail(mentee, post, its_mentee)
    sign_in_by_mail(mentor, post, its_mentor)

    pair = they_plan_the_first_session(mentee)
    the_calendar_of_the_mentor_reads_it(post, its_mentor)
    each_prepares(mentee, mentor, pair)
    the_hour_has_passed(site_folder, pair)
    they_write_it_down_together(mentee, mentor, pair)
    they_sign_an_agreement(mentee, mentor, pair)
    each_says_whether_it_clicks(mentee, mentor, pair)
    the_mentee_sets_a_goal_with_the_helper(mentee, pair)
    they_look_back_half_way(mentee, pair)
    the_goal_is_reached(mentee, mentor, pair)
    they_close(mentee, pair)
    they_thank_each_other(mentee, mentor, pair)
    open_mail(post, to=its_mentor, subject="bedankt je")
    anybody_can_check_the_certificate(browse(), mentee, pair)


def they_plan_the_first_session(mentee: Page) -> int:
    mentee.goto("/mentorships/")
    mentee.get_by_role("rowheader").get_by_role("link").first.click()
    mentee.get_by_role("link", name="Plan the first session").click()
    mentee.get_by_label("How", exact=True).select_option(label="in person")
    mentee.get_by_label("Place or link").fill(ROOM)
    mentee.get_by_label("Agenda").select_option(label="The first meeting")
    assert_accessible(mentee)
    mentee.get_by_role("button", name="Plan session").click()
    says(mentee, "Planned. You all get an invitation for your calendar.")
    step = mentee.get_by_role("list", name="Where you are on your way")
    expect(step.get_by_role("listitem").first).to_have_attribute("aria-current", "step")
    found = re.search(r"/mentorships/(\d+)/", mentee.url)
    assert found
    return int(found[1])


def the_calendar_of_the_mentor_reads_it(post: Page, its_mentor: str) -> None:
    calendar = invitation_in(post, to=its_mentor, subject="Sessie met")
    [event] = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert event["LOCATION"] == ROOM
    assert f"mailto:{its_mentor}" in {str(each) for each in event["ATTENDEE"]}


def each_prepares(mentee: Page, mentor: Page, pair: int) -> None:
    mentee.get_by_role("link", name="Prepare").click()
    mentee.get_by_label("What I want to talk about").fill("How I ask for help.")
    mentee.get_by_role("button", name="Share it").click()
    says(mentee, "Saved. The others see it before you meet.")
    home(mentor, pair)
    mentor.get_by_role("link", name="Voorbereiden").click()
    expect(mentor.get_by_text("How I ask for help.")).to_be_visible()
    assert_accessible(mentor)


def they_write_it_down_together(mentee: Page, mentor: Page, pair: int) -> None:
    """Both have the form open; what each wrote stands there."""
    home(mentee, pair)
    mentee.get_by_role("link", name="Yes, write it down").click()
    home(mentor, pair)
    mentor.get_by_role("link", name="Ja, vastleggen").click()
    mentee.get_by_label("Shared notes").fill("We drew a map of who helps whom.")
    expect(mentee.get_by_text("Saved at")).to_be_visible()
    mentor.get_by_label("Gedeelde notities").fill("Eerst vragen, dan pas zoeken.")
    expect(mentor.get_by_label("Gedeelde notities")).to_have_value(
        re.compile("We drew a map.*Eerst vragen", re.DOTALL)
    )
    mentor.get_by_label("Privénotitie").fill("Let op: neemt te veel op zich.")
    mentor.get_by_role("button", name="Verslag opslaan").click()
    says(mentor, "Vastgelegd")

    mentee.get_by_label("Action", exact=True).fill("Ask Joris for an hour")
    mentee.get_by_role("radio", name="5").check()
    mentee.get_by_role("button", name="Save log").click()
    home(mentee, pair)
    expect(mentee.get_by_role("button", name="Done: Ask Joris")).to_be_visible()
    mentee.get_by_role("link", name=re.compile(r"\d{4}$")).first.click()
    expect(mentee.get_by_text("Eerst vragen, dan pas zoeken.").first).to_be_visible()
    expect(mentee.get_by_text("neemt te veel op zich")).to_have_count(0)
    expect(mentee.get_by_text("5 of 5")).to_be_visible()
    home(mentor, pair)
    mentor.get_by_role("link", name=re.compile(r"\d{4}$")).first.click()
    expect(mentor.get_by_text("neemt te veel op zich")).to_be_visible()
    expect(mentor.get_by_text("5 van 5")).to_have_count(0)


def they_sign_an_agreement(mentee: Page, mentor: Page, pair: int) -> None:
    home(mentee, pair)
    mentee.get_by_role("link", name="Agree on how you work together").click()
    mentee.get_by_label("What stays between us").fill("All of it.")
    mentee.get_by_label("What we expect of each other").fill("Say it when it is off.")
    mentee.get_by_role("button", name="Save and sign").click()
    says(mentee, "Written down, with your name under it.")
    home(mentor, pair)
    mentor.get_by_role("link", name="Lezen", exact=True).click()
    mentor.get_by_role("button", name="Ondertekenen").click()
    says(mentor, "Jouw naam staat eronder.")
    home(mentee, pair)
    expect(mentee.get_by_text("signed by all", exact=True)).to_be_visible()


def each_says_whether_it_clicks(mentee: Page, mentor: Page, pair: int) -> None:
    mentee.get_by_role("link", name="Say it for yourself").click()
    mentee.get_by_role("radio", name="Yes, I look forward").check()
    mentee.get_by_role("button", name="Keep my answer").click()
    expect(mentee.get_by_role("heading", name="Good to hear")).to_be_visible()
    home(mentor, pair)
    mentor.get_by_role("link", name="Mijn antwoord geven").click()
    expect(mentor.get_by_role("radio", checked=True)).to_have_count(0)


def the_mentee_sets_a_goal_with_the_helper(mentee: Page, pair: int) -> None:
    home(mentee, pair)
    mentee.get_by_role("link", name="New goal").click()
    helper = mentee.get_by_role("region", name="Is it SMART?")
    mentee.get_by_label("What I want to reach").press_sequentially("Be better")
    expect(helper).to_contain_text("“better” can mean many things")
    mentee.get_by_label("What I want to reach").fill("Every week I ask one colleague")
    expect(helper).not_to_contain_text("can mean many things")
    expect(helper).to_contain_text("Say what you count")
    mentee.get_by_label("How I measure it").fill("colleagues asked")
    mentee.get_by_label("Value to reach").fill("6")
    mentee.get_by_label("Why it matters").fill("Then I need not know it all.")
    expect(helper.get_by_text("Well done.")).to_have_count(5)
    mentee.get_by_label("Steps on the way").fill("Write down five names\nAsk the first")
    assert_accessible(mentee)
    mentee.get_by_role("button", name="Set goal").click()
    says(mentee, "Your goal is set.")


def they_look_back_half_way(mentee: Page, pair: int) -> None:
    """Where one stands, twice, and a page of the journal."""
    for moment in ("at the start", "half-way"):
        home(mentee, pair)
        mentee.get_by_role("link", name="Where I stand").click()
        expect(mentee.get_by_label("Where are you now?")).to_have_value(
            {"at the start": "start", "half-way": "half_way"}[moment]
        )
        mentee.get_by_role(
            "radio", name="2" if moment == "at the start" else "3"
        ).first.check()
        mentee.get_by_role("button", name="Keep my answers").click()
        says(mentee, "Noted.")
    home(mentee, pair)
    mentee.get_by_role("link", name="My journal").click()
    mentee.get_by_role("link", name=re.compile(r"\?$")).first.click()
    mentee.get_by_label("Your thoughts").fill("Asking is work too.")
    mentee.get_by_role("button", name="Keep this page").click()
    says(mentee, "Kept. Only you can read it.")
    expect(mentee.get_by_text("Asking is work too.")).to_be_visible()


def the_goal_is_reached(mentee: Page, mentor: Page, pair: int) -> None:
    home(mentee, pair)
    mentee.get_by_role("link", name="Every week I ask one colleague").click()
    mentee.get_by_role("button", name="Done: Ask the first").click()
    expect(mentee.get_by_role("button", name="Not done: Ask the first")).to_be_visible()
    mentee.get_by_label("Where do you stand now?").fill("6")
    mentee.get_by_role("button", name="Note it").click()
    expect(mentee.get_by_role("img", name="The course of this goal")).to_be_visible()
    home(mentor, pair)
    mentor.get_by_role("link", name="Every week I ask one colleague").click()
    mentor.get_by_label("Opmerking").fill("Wat maakte dat het lukte?")
    mentor.get_by_role("button", name="Reageren").click()
    mentee.reload()
    expect(mentee.get_by_text("Wat maakte dat het lukte?")).to_be_visible()
    mentee.get_by_role("radio", name="reached").check()
    mentee.get_by_label("Looking back").fill("Nobody said no.")
    mentee.get_by_role("button", name="Close goal").click()
    expect(mentee.get_by_role("heading", name="Goal reached!")).to_be_visible()
    assert_accessible(mentee)


def they_close(mentee: Page, pair: int) -> None:
    home(mentee, pair)
    mentee.get_by_role("link", name="End this mentorship").click()
    mentee.get_by_role("link", name="the closing guide").click()
    expect(mentee.get_by_role("heading", level=1)).to_have_text("Closing")
    mentee.go_back()
    mentee.get_by_role("button", name="End this mentorship").click()
    says(mentee, "The mentorship has ended. Everybody hears it.")


def they_thank_each_other(mentee: Page, mentor: Page, pair: int) -> None:
    mentee.get_by_role("link", name="Say thank you").click()
    mentee.get_by_label("Thank you for").fill("For the silence after each question.")
    mentee.get_by_role("button", name="Send my thanks").click()
    says(mentee, "Your thanks are on their way.")
    home(mentor, pair)
    expect(mentor.get_by_text("For the silence after each question.")).to_be_visible()


def anybody_can_check_the_certificate(anybody: Page, mentee: Page, pair: int) -> None:
    home(mentee, pair)
    with mentee.expect_download() as waiting:
        mentee.get_by_role("button", name="Get my certificate").click()
    name = waiting.value.suggested_filename
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(b"%PDF")
    link = re.search(rb"/URI \(([^)]+)\)", content)
    assert link
    anybody.goto(link[1].decode())
    code = name.removeprefix("wegwijs-").removesuffix(".pdf").upper()
    expect(anybody.get_by_role("main")).to_contain_text(code)
    expect(anybody.get_by_text("This certificate is real")).to_be_visible()
    assert_accessible(anybody)
