"""What holds for each page of the site, whoever looks at it."""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation.trans_real import DjangoTranslation

from mentoring import words
from outbox.delivery import deliver
from outbox.models import Message
from tests.cast import OURS, PRIVATE, REPORTED, ROLES, THEIRS, World
from tests.test_access import OUTSIDE, arguments_for
from tests.urls_of_the_site import URLS

TEMPLATES = Path(__file__).parent.parent / "templates"
# The parts of each page: its template has the name of its view.
PARTS = {
    f"{path.parent.name}:{path.stem}": re.findall(
        r"\{% partialdef (\w+)", path.read_text()
    )
    for path in TEMPLATES.glob("*/*.html")
}
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
# A mail brings its own styles, in a frame that runs nothing.
FRAMED = {"demo_mail_html", "dashboards:timeline_preview"}
# The example of a mail is made of invented people in a transaction that is rolled back;
# a test of its own sees that nothing stays.
ROLLED_BACK = {"dashboards:timeline_kind", "dashboards:timeline_preview"}
# Whoever has the link of somebody's calendar sees where they meet, as they do.
BY_LINK = {"mentorships:calendar_feed"}
# The same for everybody, and of no person.
MAY_BE_KEPT = {"people:brand_css", "people:brand_logo"}
VOID = {"input", "br", "hr", "img", "meta", "link", "path", "circle", "rect", "line"}
# Lists everybody who works here, whatever they take part in.
OF_EVERYBODY = {"programs:eligible_list"}
# Said the same in every language: languages, and the columns of a file as they are.
AS_IT_IS = {"Nederlands", "English", "email", "name"}
# Labels that are an address or somebody's name.
OF_PEOPLE = re.compile(rf"@example\.org$|{OURS}|{THEIRS}")


def pages(world: World) -> Iterator[tuple[str, str]]:
    """Each URL that can be read, by name and path, of the first programme."""
    for name in URLS:
        if name not in OUTSIDE and name != "people:demo_sign_in":
            yield name, reverse(name, kwargs=arguments_for(name, world.arguments))


def answers(world: World, role: str) -> Iterator[tuple[str, HttpResponse]]:
    """What this role gets on each page that it may read."""
    client = world.client(role)
    for name, path in pages(world):
        response = client.get(path)
        if response.status_code == 200:
            yield name, response


@dataclass(frozen=True)
class Read:
    """A page as somebody in a role got it, and what reading it wrote."""

    name: str
    path: str
    response: HttpResponse
    page: str
    wrote: list[str]


@pytest.fixture(scope="module")
def kept() -> dict[str, list[Read]]:
    """What each role read: the same world gives the same pages, however often asked."""
    return {}


@pytest.fixture
def read(world: World, kept: dict[str, list[Read]]) -> Callable[[str], list[Read]]:
    """Every page of the first programme, as a role gets it."""

    def by(role: str) -> list[Read]:
        if role not in kept:
            client = world.client(role)
            client.get(reverse("dashboards:home"))
            held = reverse(
                "mentorships:session_detail", args=[world.arguments["held_id"]]
            )
            kept[role] = [
                reading(client, name, path)
                for name, path in [*pages(world), ("mentorships:session_detail", held)]
            ]
        return kept[role]

    return by


def reading(client: Client, name: str, path: str) -> Read:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    page = response.content.decode(errors="replace")
    wrote = [
        query["sql"][:120]
        for query in queries
        if WRITES.match(query["sql"]) and "django_session" not in query["sql"]
    ]
    kept = HttpResponse(status=response.status_code, headers=response.headers)
    return Read(name, path, kept, page, wrote)


@pytest.mark.parametrize("role", ROLES)
def test_reading_changes_nothing(read: Callable[[str], list[Read]], role: str):
    wrote = {each.name: each.wrote for each in read(role) if each.wrote}

    assert {name: wrote[name] for name in wrote.keys() - ROLLED_BACK} == {}


@pytest.mark.parametrize("role", ["anonymous", "mentee", "coordinator", "hr_admin"])
def test_every_answer_has_the_headers_that_protect(
    read: Callable[[str], list[Read]], role: str
):
    for each in read(role):
        if each.response.status_code != 200:
            continue
        name, response = each.name, each.response
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe-eval" not in policy, name
        assert ("unsafe-inline" in policy) == (name in FRAMED), name
        assert response["X-Content-Type-Options"] == "nosniff", name
        assert response["Referrer-Policy"] == "same-origin", name
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert "camera=()" in response["Permissions-Policy"], name
        kept = "no-cache" if name in MAY_BE_KEPT else "no-store"
        assert response["Cache-Control"] == kept, name


@pytest.mark.parametrize(
    "role", ["outsider", "mentee", "mentor", "coordinator", "it_admin"]
)
def test_nothing_of_another_programme_is_on_any_page(
    read: Callable[[str], list[Read]], role: str
):
    leaks = [
        each.name
        for each in read(role)
        if each.response.status_code == 200
        and THEIRS in each.page
        and each.name not in OF_EVERYBODY
    ]

    assert leaks == []


@pytest.mark.parametrize("role", ["mentee", "mentor", "coordinator"])
def test_nothing_of_another_programme_is_in_any_part(world: World, role: str):
    client = world.client(role)
    leaks = []

    for name, path in pages(world):
        for part in PARTS.get(name, []):
            response = client.get(
                path, headers={"HX-Request": "true", "HX-Target": part}
            )
            if (
                response.status_code == 200
                and THEIRS in response.content.decode(errors="replace")
                and name not in OF_EVERYBODY
            ):
                leaks.append(f"{name}#{part}")

    assert any(PARTS.get(name) for name, _path in pages(world))
    assert leaks == []


@pytest.mark.parametrize("role", [role for role in ROLES if role != "mentor"])
def test_a_private_note_is_on_nobody_elses_page(
    read: Callable[[str], list[Read]], role: str
):
    found = {each.path: each.page for each in read(role)}
    if role == "mentee":
        # What one reported oneself stands on that page alone.
        own = reverse("feedback:report_mine")
        assert REPORTED in found[own]
        found[own] = found[own].replace(REPORTED, "")

    assert [path for path, page in found.items() if PRIVATE in page] == []


def test_a_private_note_is_on_the_page_of_who_wrote_it(world: World):
    path = reverse("mentorships:session_detail", args=[world.arguments["held_id"]])

    page = world.client("mentor").get(path).content.decode(errors="replace")

    assert f"{PRIVATE} of the mentor" in page


def test_a_coordinator_never_reads_what_was_said(read: Callable[[str], list[Read]]):
    said = [f"{OURS} {what}" for what in ("shared note", "action", "goal", "step")]
    said += [f"{OURS} subject", f"{OURS} room", f"{OURS} plan"]

    for each in read("coordinator"):
        if each.name in BY_LINK or each.response.status_code != 200:
            continue
        assert [text for text in said if text in each.page] == [], each.name


def test_no_mail_carries_what_is_private_or_of_another_programme(
    world: World, mailoutbox: list, settings
):
    for message in Message.objects.filter(state=Message.State.PLANNED):
        deliver(message)

    assert mailoutbox
    people = {user.email: user.name for user in world.people.values()}
    for mail in mailoutbox:
        text = mail.body + "".join(str(part[0]) for part in mail.alternatives)
        assert PRIVATE not in text
        name = people.get(mail.to[0], "")
        if OURS in name:
            assert THEIRS not in text, mail.subject
        if THEIRS in name:
            assert OURS not in text, mail.subject


class Words(HTMLParser):
    """The words of whatever a page is worked with: labels, buttons, column heads."""

    WATCHED = {"label", "legend", "button", "summary", "caption"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []
        self.current: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kinds = (dict(attrs).get("class") or "").split()
        watched = tag in self.WATCHED or (tag == "th" and ("scope", "col") in attrs)
        if "option" in kinds:
            watched = False
        if (watched or (tag == "a" and "btn" in kinds)) and self.current is None:
            self.current = []
            self.open = [tag]
        elif self.current is not None and tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.current is None or tag in VOID:
            return
        self.open.pop()
        if not self.open:
            self.found.append(" ".join("".join(self.current).split()))
            self.current = None

    def handle_data(self, data: str) -> None:
        if self.current is not None:
            self.current.append(data)


@pytest.mark.parametrize("role", ["anonymous", "mentee", "mentor", "hr_admin"])
def test_no_word_to_work_with_is_left_untranslated(
    world: World, role: str, monkeypatch: pytest.MonkeyPatch
):
    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        translated = getattr(DjangoTranslation, name)
        monkeypatch.setattr(
            DjangoTranslation,
            name,
            lambda *args, translated=translated: f"⟦{translated(*args)}⟧",
        )
    pick = words.pick
    for module in list(sys.modules.values()):
        # Texts that are kept in both languages.
        if getattr(module, "pick", None) is pick:
            monkeypatch.setattr(module, "pick", lambda nl, en: f"⟦{pick(nl, en)}⟧")
    plain: dict[str, set[str]] = {}

    for name, response in answers(world, role):
        reader = Words()
        reader.feed(response.content.decode(errors="replace"))
        found = {
            text
            for text in reader.found
            if "⟦" not in text
            and re.search(r"[a-z]{3}", text)
            and text not in AS_IT_IS
            and not OF_PEOPLE.search(text)
        }
        if found:
            plain[name] = found

    assert plain == {}
