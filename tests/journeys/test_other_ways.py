"""By other ways: without JavaScript, by keyboard, on a phone, in Dutch."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.journeys.looks import assert_accessible, sign_in

PHONE = {"width": 390, "height": 844}
KEYS = 120


def to_my_mentorship(page: Page) -> None:
    page.get_by_role("link", name="My mentorships").first.click()
    page.get_by_role("rowheader").get_by_role("link").first.click()


def test_everything_works_without_javascript(browse: Callable[..., Page]):
    page = browse(java_script_enabled=False)
    sign_in(page, "mentee")
    to_my_mentorship(page)

    page.get_by_label("Action", exact=True).fill("Send the programme of Friday")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Done: Send the programme of Friday").click()
    expect(
        page.get_by_role("button", name="Not done: Send the programme of Friday")
    ).to_be_visible()

    page.get_by_role("link", name="Log a session").click()
    page.get_by_label("Date").fill("2090-01-01")
    page.get_by_label("Shared notes").fill("Kept, whatever happens.")
    page.get_by_role("button", name="Save log").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be logged")
    expect(page.get_by_label("Shared notes")).to_have_value("Kept, whatever happens.")

    page.get_by_role("link", name="My profile").click()
    page.get_by_role("searchbox").fill("luisteren")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="I want to learn Active listening").click()
    expect(page.get_by_role("button", name="Remove Active listening")).to_be_visible()
    page.get_by_role("button", name="Remove Active listening").click()
    expect(page.get_by_role("button", name="Remove Active listening")).to_have_count(0)


def tab_to(page: Page, wanted: Locator) -> None:
    """With the Tab key alone; whatever has the focus on the way can be seen."""
    for _press in range(KEYS):
        page.keyboard.press("Tab")
        focused = page.evaluate_handle("document.activeElement").as_element()
        assert focused
        assert focused.is_visible()
        if wanted.evaluate("(wanted) => wanted === document.activeElement"):
            return
    raise AssertionError(f"No way by keyboard to {wanted}")


def test_an_action_is_written_down_and_done_by_keyboard_alone(
    browse: Callable[..., Page],
):
    page = browse()
    page.goto("/accounts/login/")
    tab_to(page, page.get_by_role("button", name="Mentee", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")

    tab_to(page, page.get_by_role("link", name="My mentorships"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("My mentorships")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    tab_to(page, page.get_by_role("rowheader").get_by_role("link").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Log a session")).to_be_visible()

    tab_to(page, page.get_by_label("Action", exact=True))
    page.keyboard.type("Walk a day along")
    page.keyboard.press("Enter")
    done = page.get_by_role("button", name="Done: Walk a day along")
    expect(done).to_be_visible()
    tab_to(page, done)
    page.keyboard.press("Space")
    undo = page.get_by_role("button", name="Not done: Walk a day along")
    expect(undo).to_be_focused()
    assert_accessible(page)


def test_the_menu_of_a_phone_opens_leads_on_and_closes(browse: Callable[..., Page]):
    page = browse(viewport=PHONE)
    sign_in(page, "mentor")
    menu = page.get_by_role("button", name="Menu", exact=True)
    navigation = page.get_by_role("navigation", name="Main")
    expect(navigation).to_be_hidden()

    menu.click()
    expect(navigation).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Close the menu").click()
    expect(navigation).to_be_hidden()

    menu.click()
    page.keyboard.press("Escape")
    expect(navigation).to_be_hidden()
    expect(menu).to_be_focused()

    menu.click()
    navigation.get_by_role("link", name="Programmes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Programmes")
    expect(navigation).to_be_hidden()
    assert_accessible(page)


def language_of(page: Page) -> str:
    return str(page.evaluate("document.documentElement.lang"))


def test_the_language_one_chose_stays(browse: Callable[..., Page]):
    page = browse()
    page.goto("/accounts/login/")
    assert language_of(page) == "en"

    page.get_by_role("button", name="Nederlands").click()
    expect(page.get_by_role("button", name="English")).to_be_visible()
    assert language_of(page) == "nl"
    assert_accessible(page)

    page.goto("/people/settings/")
    assert language_of(page) == "nl"
    page.get_by_role("button", name="Mentor", exact=True).click()
    expect(page.get_by_role("link", name="Marcel Verhoeven")).to_be_visible()
    assert language_of(page) == "nl"
    page.goto("/people/me/")
    assert language_of(page) == "nl"

    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Nederlands")).to_be_visible()
    page.reload()
    assert language_of(page) == "en"
