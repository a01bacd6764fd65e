"""From a file of HR to a published match, and two coordinators at it at once."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.looks import assert_accessible, sign_in
from tests.journeys.moments import still_running

PROGRAM = "Women in tech"
PEOPLE = 300
HEADER = "Naam;E-mailadres;Personeelsnummer;Afdeling;Functie;Niveau;Leidinggevende"
DOMAIN = "polder.example"


def row(number: int, **changes: str) -> list[str]:
    """Somebody whose manager stands higher up in the file."""
    manager = f"p{(number - 1) // 6:03}@{DOMAIN}" if number else ""
    cells = {
        "name": f"Zoë Ångström-{number:03}",
        "email": f"p{number:03}@{DOMAIN}",
        "employee_number": f"P{number:04}",
        "department": "Beheer & onderhoud",
        "job": "Coördinator",
        "level": str(7 - min(6, len(bin(number)) - 2)),
        "manager": manager,
    }
    return list((cells | changes).values())


def hr_file() -> bytes:
    """Three hundred people as a Dutch spreadsheet saves them; five rows are bad."""
    rows = [row(number) for number in range(PEOPLE)]
    rows[50] = row(50, manager=f"nobody@{DOMAIN}")
    rows[100] = row(100, email=f"p099@{DOMAIN}")
    rows[150] = row(150, email="not an address")
    rows[200] = row(200, name="=HYPERLINK(1)")
    rows[250] = row(250)[:-2]
    lines = [HEADER, *(";".join(cells) for cells in rows)]
    return "\r\n".join(lines).encode("cp1252")


BAD = {
    52: f"The manager nobody@{DOMAIN} is not in the file and not known.",
    102: "This e-mail address stands on line 101 too.",
    152: "“not an address” is not an e-mail address.",
    202: "“name” looks like a formula.",
    252: "There are 5 values where 7 are expected.",
}


def upload(page: Page) -> None:
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Read HR file").click()
    page.get_by_label("CSV file").set_input_files(
        {"name": "personeel.csv", "mimeType": "text/csv", "buffer": hr_file()}
    )
    page.get_by_role("button", name="Show what it would do").click()


def test_hr_reads_a_file_of_three_hundred_after_a_look_at_what_it_would_do(
    browse: Callable[..., Page],
):
    page = browse()
    sign_in(page, "hr_admin")
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Read HR file").click()
    page.get_by_label("CSV file").set_input_files(
        {"name": "x.csv", "mimeType": "text/csv", "buffer": b"who;where\nAnn;here"}
    )
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which column is which?")
    expect(page.get_by_role("main")).to_contain_text("These columns are missing")
    assert_accessible(page)

    upload(page)
    expect(page.get_by_role("link", name=f"New {PEOPLE - len(BAD)}")).to_be_visible()
    expect(
        page.get_by_role("link", name=f"Rows with a mistake {len(BAD)}")
    ).to_be_visible()
    for line, reason in BAD.items():
        expect(page.get_by_role("row", name=f"{line} {reason}")).to_be_visible()
    expect(page.get_by_text("That looks like a mistake in the file")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("button", name="Take over these people").click()
    expect(page.get_by_role("alert")).to_contain_text("rows with a mistake")
    page.get_by_label("Import the good rows").check()
    page.get_by_role("button", name="Take over these people").click()
    expect(page.get_by_role("status").first).to_contain_text(
        f"Done: {PEOPLE - len(BAD)} new, 0 changed, 0 left."
    )
    page.get_by_label("Name, e-mail or department").fill(f"p299@{DOMAIN}")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Zoë Ångström-299").click()
    expect(page.get_by_text("Coördinator · Beheer & onderhoud")).to_be_visible()

    upload(page)
    expect(page.get_by_text("There is nothing to do")).to_be_visible()


def to_matching(page: Page) -> None:
    page.get_by_role("link", name="Programmes", exact=True).click()
    page.get_by_role("link", name=PROGRAM, exact=True).click()
    page.get_by_role("link", name="Matching", exact=True).click()


def test_the_open_programme_is_matched_and_published_by_two_at_once(
    browse: Callable[..., Page], site_folder: Path
):
    coordinator, hr = browse(), browse()
    sign_in(coordinator, "coordinator")
    sign_in(hr, "hr_admin")
    to_matching(coordinator)
    expect(coordinator.get_by_role("link", name="Mentees who wait 60")).to_be_visible()
    coordinator.get_by_role("button", name="Run matching").click()
    proposals = coordinator.get_by_role("heading", name="Proposals")
    expect(proposals).to_be_visible()

    round_id = coordinator.url.rstrip("/").rpartition("/")[2]
    with still_running(site_folder, round_id):
        coordinator.reload()
        expect(coordinator.get_by_role("progressbar")).to_be_visible()
        to_matching(hr)
        hr.get_by_role("button", name="Run matching").click()
        expect(hr.get_by_role("alert")).to_contain_text(
            "A round of this programme is running now. Look at that one first."
        )
        assert_accessible(hr)
    # Whoever watched it run sees the pairs without doing anything.
    expect(proposals).to_be_visible()

    hr.goto(coordinator.url)
    coordinator.get_by_role("button", name="Approve the rest").click()
    coordinator.get_by_role("link", name="Publish…").click()
    hr.get_by_role("link", name="Publish…").click()
    expect(hr.get_by_role("button", name="Publish matches")).to_be_enabled()
    coordinator.get_by_label("close joining now").check()
    coordinator.get_by_role("button", name="Publish matches").click()
    expect(coordinator.get_by_role("status").first).to_contain_text(
        "mentorships have started. Everybody in them gets a mail"
    )

    hr.get_by_role("button", name="Publish matches").click()
    expect(hr.get_by_role("status").first).to_contain_text(
        "somebody else did so in the meantime"
    )
    expect(hr.get_by_role("link", name="Publish…")).to_have_count(0)
    to_matching(hr)
    expect(hr.get_by_role("link", name="Mentees who wait 60")).to_have_count(0)
    coordinator.get_by_role("link", name="Overview", exact=True).click()
    expect(coordinator.get_by_text("running", exact=True).first).to_be_visible()
    assert_accessible(coordinator)
