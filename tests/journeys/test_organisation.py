"""An HR admin gives Wegwijs the organisation's own face; a coordinator looks along."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.looks import assert_accessible, sign_in


def logo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (300, 100), "#7a1f5c").save(out, "PNG")
    return out.getvalue()


def test_an_organisation_gives_its_name_logo_colour_and_words(
    browse: Callable[..., Page],
):
    page = browse()
    sign_in(page, "hr_admin")
    page.get_by_role("link", name="Organisation").click()

    page.get_by_label("Accent colour").fill("#ffe14d")
    page.get_by_role("button", name="Show the colour").click()
    expect(page.get_by_text("Your colour has a contrast of")).to_be_visible()
    page.get_by_label("Name of the organisation").fill("Waterlinie")
    page.get_by_label("Logo", exact=True).set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": logo()}
    )
    page.get_by_label("mentor, in English", exact=True).fill("guide")
    page.get_by_label("mentors, in English", exact=True).fill("guides")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Everybody sees it from now on.")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert_accessible(page)
    expect(page.get_by_role("banner").get_by_text("Waterlinie")).to_be_visible()
    page.goto("/programs/")
    expect(page.get_by_role("columnheader", name="Guides")).to_be_visible()

    page.get_by_role("link", name="Organisation").click()
    page.get_by_label("Name of the organisation").fill("")
    page.get_by_label("Accent colour").fill("")
    page.get_by_label("Without a logo").check()
    page.get_by_label("mentor, in English", exact=True).fill("")
    page.get_by_label("mentors, in English", exact=True).fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Everybody sees it from now on.")).to_be_visible()


def test_a_coordinator_looks_along_and_the_mentee_reads_it(browse: Callable[..., Page]):
    page = browse()
    sign_in(page, "coordinator")
    page.goto("/programs/leiderschap-in-de-lijn/participants/?q=mentee@")

    page.get_by_role("link", name="View as").click()
    assert_accessible(page)
    page.get_by_role("button", name="View as a participant").click()

    expect(page.get_by_role("heading", name="How I take part")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="My mentorships").first.click()
    expect(page.get_by_text("hidden from you").first).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name="Hidden from you")).to_be_visible()
    page.get_by_role("button", name="Stop viewing").click()
    expect(page.get_by_text("You see Wegwijs as yourself again.")).to_be_visible()

    sign_in(page, "mentee")
    page.goto("/programs/leiderschap-in-de-lijn/me/")
    expect(
        page.get_by_role("heading", name="Who viewed the programme as you")
    ).to_be_visible()
