"""A first programme, from template to survey result, as everybody in it meets it."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from tests.journeys.looks import assert_accessible, sign_in
from tests.journeys.mailbox import open_mail, press_in_mail

NAME = "Climbing together"
MENTORS = ("marga.brug", "milan.dijk", "mona.sluis")
MENTEES = ("nadia.veen", "noah.polder", "nina.terp")
DOMAIN = "waterlinie.example"
ZONE = ZoneInfo("Europe/Amsterdam")
FLOOR = 5


def address(who: str) -> str:
    return f"{who}@{DOMAIN}"


def name_of(who: str) -> str:
    return who.replace(".", " ").title()


def tab(page: Page, name: str) -> None:
    """Go to another part of the programme."""
    tabs = page.get_by_role("navigation", name="Within this programme")
    tabs.get_by_role("link", name=name, exact=True).click()


def says(page: Page, words: str) -> None:
    """The page answers what was just done."""
    expect(page.get_by_role("status").first).to_contain_text(words)


def test_a_first_programme_from_template_to_survey_result(
    browse: Callable[..., Page],
):
    hr, coordinator = browse(), browse()
    people = {who: browse() for who in (*MENTORS, *MENTEES)}

    hr_sets_up_and_opens_the_programme(hr)
    hr_invites_everybody(hr)
    for who, page in people.items():
        somebody_joins(page, who)
    sign_in(coordinator, "coordinator")
    mentee, mentor = the_coordinator_matches(coordinator)
    the_mentee_plans_a_session(people[mentee], mentee, mentor)
    they_write_it_down(people[mentee], people[mentor])
    the_mentee_sets_a_goal(people[mentee])
    the_last_two_are_matched(coordinator)
    the_pulse_is_sent(coordinator)
    everybody_answers(browse, coordinator)


def on_to(hr: Page, step: str) -> None:
    """This page of the assistant is right as it stands."""
    right = hr.get_by_role("button", name=f"This is right, on to: {step}")
    right.click()
    expect(right).to_have_count(0)


def hr_sets_up_and_opens_the_programme(hr: Page) -> None:
    sign_in(hr, "hr_admin")
    hr.get_by_role("navigation", name="Main").get_by_role(
        "link", name="Programmes"
    ).click()
    hr.get_by_role("link", name="New programme").click()
    hr.get_by_role("link", name=re.compile("^Blank programme")).click()
    hr.get_by_label("Dutch name").fill("Samen klimmen")
    hr.get_by_label("English name").fill(NAME)
    hr.get_by_role("button", name="Begin with this").click()
    says(hr, "The draft is saved.")

    hr.get_by_label("Purpose, in English").fill("Everybody gets one step further.")
    hr.get_by_role("button", name="Save and go on").click()
    hr.get_by_label("Measure").select_option("satisfaction")
    hr.get_by_label("Target").fill("4.2")
    hr.get_by_role("button", name="Add goal").click()
    says(hr, "The goal is added.")
    assert_accessible(hr)
    on_to(hr, "Shape")
    expect(hr.get_by_label("Rhythm of the sessions")).to_have_value("14")
    for step in ("Dates", "Who may join", "Guidelines"):
        hr.get_by_role("button", name="Save and go on").click()
        expect(hr.get_by_role("heading", level=1)).to_have_text(step)

    hr.get_by_role("link", name="Change – mentee").click()
    hr.get_by_label("In English").fill("## Yours\n\n- You take the first step.")
    hr.evaluate("window.stillHere = true")
    hr.get_by_role("button", name="Preview").click()
    expect(hr.get_by_role("listitem").get_by_text("You take the first")).to_be_visible()
    assert hr.evaluate("window.stillHere")
    hr.get_by_role("button", name="Save guidelines").click()
    on_to(hr, "Questions")
    assert_accessible(hr)

    hr.get_by_text("All steps: ").click()
    hr.get_by_role("link", name="Coordinators").click()
    hr.get_by_label("E-mail address of the new coordinator").fill(
        f"coordinator@{DOMAIN}"
    )
    hr.get_by_role("button", name="Add as coordinator").click()
    says(hr, "is coordinator now.")
    on_to(hr, "Preview")
    expect(hr.get_by_role("main").get_by_text("Hours a month").first).to_be_visible()
    on_to(hr, "Check and open")
    hr.get_by_role("link", name="Open the programme").click()
    expect(hr.get_by_role("heading", level=1)).to_have_text("Open for joining?")
    hr.get_by_role("button", name="Open the programme").click()
    says(hr, "The programme is now: open for joining.")
    assert_accessible(hr)


def hr_invites_everybody(hr: Page) -> None:
    for role, asked in (("Mentor", MENTORS), ("Mentee", MENTEES)):
        tab(hr, "Participants")
        hr.get_by_role("link", name="Invite people").first.click()
        hr.get_by_label("As", exact=True).select_option(label=role)
        hr.get_by_label("E-mail addresses").fill("\n".join(map(address, asked)))
        hr.get_by_role("button", name="Send invitations").click()
        says(hr, f"{len(asked)} people get an invitation by mail.")
    assert_accessible(hr)


def somebody_joins(page: Page, who: str) -> None:
    """From the mail to being ready, the commitment and the guidelines read first."""
    role = "mentor" if who in MENTORS else "mentee"
    press_in_mail(
        page,
        to=address(who),
        subject=f"Will you take part in {NAME}?",
        link="Read on and decide",
    )
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    expect(page.get_by_text("Hours a month", exact=True)).to_be_visible()
    page.get_by_role("button", name="Read on and decide").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(f"Join as {role}")
    expect(page.get_by_text("Hours a month", exact=True)).to_be_visible()
    yes = page.get_by_role("button", name="Yes, I take part")
    if who == MENTEES[0]:
        expect(page.get_by_text("You take the first step.")).to_be_visible()
        yes.click()
        expect(page.get_by_role("alert")).to_contain_text("Accept the guidelines")
        assert_accessible(page)
    page.get_by_label("What do you hope for?").fill("An honest conversation.")
    page.get_by_label("I have read the guidelines and I accept them").check()
    yes.click()

    says(page, "Next comes your profile.")
    kind = "I can help with" if role == "mentor" else "I want to learn"
    page.get_by_role("searchbox").press_sequentially("deleg")
    page.get_by_role("button", name=f"{kind} Delegating").click()
    expect(page.get_by_role("button", name="Remove Delegating")).to_be_visible()
    page.get_by_label("about").fill("I keep the water out.")
    page.get_by_label("English", exact=True).check()
    page.get_by_role("button", name="Save profile").click()
    page.get_by_role("button", name="I am ready to be matched").click()
    expect(page.get_by_role("heading", name="You are ready")).to_be_visible()
    if who in (MENTORS[0], MENTEES[0]):
        assert_accessible(page)


def the_coordinator_matches(page: Page) -> tuple[str, str]:
    """A round: two pairs approved, one not this time; the first pair, mentee first."""
    page.get_by_role("navigation", name="Main").get_by_role(
        "link", name="Programmes"
    ).click()
    page.get_by_role("link", name=NAME).first.click()
    run_matching(page)
    rows = page.get_by_role("row").filter(has=page.get_by_role("button"))
    expect(rows).to_have_count(3)
    pairs = [pair_in(rows.nth(place)) for place in range(3)]
    assert {mentee for mentee, _mentor in pairs} == set(MENTEES)
    assert {mentor for _mentee, mentor in pairs} == set(MENTORS)

    rows.first.get_by_role("link", name="how the sum of").click()
    the_sum_adds_up(page)
    assert_accessible(page)
    page.go_back()

    for (mentee, mentor), verdict in zip(
        pairs,
        ("Approve {} and {}", "Approve {} and {}", "Not now: {} and {}"),
        strict=True,
    ):
        page.get_by_role(
            "button", name=verdict.format(name_of(mentee), name_of(mentor))
        ).click()
        expect(
            page.get_by_role(
                "button",
                name=f"Undo for {name_of(mentee)} and {name_of(mentor)}",
            )
        ).to_be_visible()
    publish(page, pairs=2)
    return pairs[0]


def the_sum_adds_up(page: Page) -> None:
    """What stands at the top is what its lines add up to, on paper too."""
    top = page.locator("p.lead").inner_text()
    table = page.get_by_role("table", name="How this score adds up")
    *lines, total = (
        int(row.get_by_role("cell").last.inner_text().split()[0])
        for row in table.get_by_role("row").all()[1:]
    )
    assert sum(lines) == total
    assert top.startswith(f"{total} of 1000")


def pair_in(row: Locator) -> tuple[str, str]:
    links = row.get_by_role("link").all()
    mentee, mentor = (
        link.inner_text().strip().lower().replace(" ", ".") for link in links[:2]
    )
    return mentee, mentor


def run_matching(page: Page) -> None:
    tab(page, "Matching")
    page.get_by_role("button", name="Run matching").click()
    expect(page.get_by_role("heading", name="Proposals")).to_be_visible()


def publish(page: Page, pairs: int) -> None:
    page.get_by_role("link", name="Publish…").click()
    starts = "match starts" if pairs == 1 else "matches start"
    expect(page.get_by_text(f"{pairs} approved {starts}")).to_be_visible()
    assert_accessible(page)
    closing = page.get_by_label("close joining now")
    if closing.count():
        closing.check()
    page.get_by_role("button", name="Publish matches").click()
    begun = "mentorship has started" if pairs == 1 else "mentorships have started"
    says(page, f"{pairs} {begun}.")
    page.get_by_role("button", name="Send the mails now").click()
    says(page, f"{2 * pairs} mails leave now.")


def the_mentee_plans_a_session(page: Page, mentee: str, mentor: str) -> None:
    press_in_mail(
        page,
        to=address(mentee),
        subject=f"Meet {name_of(mentor)}",
        link="Plan the first session",
    )
    page.get_by_role("link", name="Plan the first session").click()
    page.get_by_label("Place or link").fill("https://video.example/first")
    page.get_by_label("Subject").fill("Getting to know each other")
    page.get_by_role("button", name="Plan session").click()
    says(page, "Planned. You all get an invitation for your calendar.")
    assert_accessible(page)
    here = page.url
    for who, other in ((mentor, mentee), (mentee, mentor)):
        open_mail(page, to=address(who), subject=f"Session with {name_of(other)}")
        expect(page.get_by_text("invite.ics")).to_be_visible()
    page.goto(here)


def they_write_it_down(mentee: Page, mentor: Page) -> None:
    mentee.get_by_role("link", name="Log a session").click()
    mentee.get_by_label("Shared notes").fill("We looked at who decides what.")
    mentee.get_by_label("Private note").fill("I was more nervous than I showed.")
    mentee.get_by_label("Action", exact=True).fill("Hand over the Tuesday meeting")
    mentee.get_by_role("button", name="Save log").click()
    says(mentee, "Written down.")
    mentee.get_by_role("link", name=f"{datetime.now(tz=ZONE):%A}").last.click()
    expect(mentee.get_by_text("I was more nervous than I showed.")).to_be_visible()
    assert_accessible(mentee)

    mentor.goto(mentee.url)
    expect(mentor.get_by_text("We looked at who decides what.")).to_be_visible()
    expect(mentor.get_by_text("You noted nothing for yourself.")).to_be_visible()
    assert "nervous" not in mentor.content()
    mentor.get_by_role("link", name="Change the log").click()
    expect(mentor.get_by_label("Private note")).to_have_value("")
    mentor.get_by_role("link", name="Cancel").click()
    mentor.evaluate("window.stillHere = true")
    mentor.get_by_role("button", name="Done: Hand over the Tuesday meeting").click()
    expect(
        mentor.get_by_role("button", name="Not done: Hand over the Tuesday meeting")
    ).to_be_visible()
    assert mentor.evaluate("window.stillHere")


def the_mentee_sets_a_goal(page: Page) -> None:
    page.get_by_role("link", name="& ").first.click()
    page.get_by_role("link", name="New goal").click()
    page.evaluate("window.stillHere = true")
    page.get_by_label("What I want to reach").fill(
        "I chair the weekly meeting by myself"
    )
    expect(page.get_by_text("Measurable", exact=True)).to_be_visible()
    assert page.evaluate("window.stillHere")
    page.get_by_label("How I measure it").fill("meetings chaired")
    page.get_by_label("Value to reach").fill("6")
    page.get_by_label("Steps on the way").fill("Look on once\nChair one half")
    page.get_by_role("button", name="Set goal").click()
    says(page, "Your goal is set.")

    page.evaluate("window.stillHere = true")
    page.get_by_label("Another step").fill("Chair one alone")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(
        page.get_by_role("button", name="Done: Chair one alone", exact=True)
    ).to_be_visible()
    page.get_by_role("button", name="Done: Look on once", exact=True).click()
    expect(page.get_by_role("button", name="Not done: Look on once")).to_be_visible()
    assert page.evaluate("window.stillHere")
    page.get_by_label("Where do you stand now?").fill("3")
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_role("progressbar", name="Progress")).to_have_attribute(
        "value", "50"
    )
    assert_accessible(page)


def the_last_two_are_matched(page: Page) -> None:
    """Who was not approved waits for the next round, and has a match then."""
    run_matching(page)
    page.get_by_role("button", name="Approve the rest").click()
    publish(page, pairs=1)


def the_pulse_is_sent(page: Page) -> None:
    tab(page, "Surveys")
    page.get_by_role("link", name="Send “Pulse” now…").click()
    expect(page.get_by_text("6 people get a mail")).to_be_visible()
    page.get_by_role("button", name="Send the survey").click()
    says(page, "The survey is on its way.")
    expect(page.get_by_text("0 of 6 people answered")).to_be_visible()
    expect(page.get_by_role("heading", name="Too few to show")).to_be_visible()
    assert_accessible(page)


def everybody_answers(browse: Callable[..., Page], coordinator: Page) -> None:
    """On a phone, from the mail, without signing in. Nothing is shown under five."""
    phone = browse(viewport={"width": 390, "height": 844})
    for number, who in enumerate((*MENTORS, *MENTEES), start=1):
        press_in_mail(
            phone,
            to=address(who),
            subject=f"Pulse – {NAME}",
            link="Answer the questions",
        )
        # The page has begun to come; what stands below the questions is there last.
        expect(phone.get_by_role("button", name="Send answers")).to_be_visible()
        for question in phone.get_by_role("group").all():
            question.get_by_role("radio", name="4", exact=True).check()
        if number == 1:
            assert_accessible(phone)
        phone.get_by_role("button", name="Send answers").click()
        expect(phone.get_by_role("heading", level=1)).to_have_text(
            "Thank you for answering"
        )
        if number == FLOOR - 1:
            coordinator.reload()
            expect(coordinator.get_by_text("4 of 6 people answered")).to_be_visible()
            expect(
                coordinator.get_by_role("heading", name="Too few to show")
            ).to_be_visible()

    # Three mentors and three mentees: apart they are too few while more answers may
    # come; together they are not.
    coordinator.reload()
    expect(coordinator.get_by_role("heading", name="Too few to show")).to_be_visible()
    coordinator.get_by_role("link", name="Close it now").click()
    coordinator.get_by_role("button", name="Close the survey").click()
    chart = coordinator.get_by_role("img", name="The sessions are worth their time.")
    expect(chart).to_be_visible()
    coordinator.get_by_text("As a table").first.click()
    table = coordinator.get_by_role("table").first
    expect(table.get_by_role("row", name="4")).to_contain_text("100%")
    assert_accessible(coordinator)
