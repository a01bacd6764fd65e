"""An organisation has its own words for the roles: nothing says ours beside them."""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.core.mail import EmailMultiAlternatives

from dashboards.examples import EXAMPLES, preview
from mentoring import branding, words
from outbox.kinds import KINDS
from people.models import Organisation, User
from programs.models import Program
from tests.cast import OURS, PRIVATE, World
from tests.test_every_page import answers

OWN = {
    "coordinator": {"nl": ["begeleider", "begeleiders"], "en": ["steward", "stewards"]},
    "mentor": {"nl": ["coach", "coaches"], "en": ["coach", "coaches"]},
    "mentee": {"nl": ["coachee", "coachees"], "en": ["coachee", "coachees"]},
    "peer": {"nl": ["maatje", "maatjes"], "en": ["ally", "allies"]},
}
# The role by itself; what is named after it (a mentorship, mentoring) is not a role.
NAMED = re.compile(
    r"\b(mentors?|mentoren|mentees?|co[oö]rdinator(?:s|en)?|peers?)\b", re.IGNORECASE
)
# What stands in the address of a page is not read.
ADDRESS = re.compile(r"(?:https?:/)?/\S+\?\S+")
# Where the words are chosen, ours stand beside them.
AS_THEY_ARE = {"people:organisation_edit"}


class Reading(HTMLParser):
    """What somebody reads or hears of a page, without what is typed into it."""

    SAID = ("aria-label", "title", "alt", "placeholder", "data-label")
    SKIPPED = ("script", "style", "textarea")

    def __init__(self) -> None:
        super().__init__()
        self.skipping = False
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipping = tag in self.SKIPPED
        self.said += [value for name, value in attrs if name in self.SAID and value]

    def handle_endtag(self, tag: str) -> None:
        self.skipping = False

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.said.append(data)


@pytest.fixture
def world(world: World) -> World:
    """With somebody who waits for a match, and a programme that one can apply to."""
    world.people["waiting"] = User.objects.get(name__startswith=f"{OURS} Waiting")
    Program.objects.update(join_mode=Program.JoinMode.APPLICATION)
    Organisation.objects.update(words=OWN)
    branding.forget()
    return world


@pytest.fixture(autouse=True)
def _no_texts_of_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """What people write in two languages, and templates bring, is theirs."""
    pick = words.pick
    for module in list(sys.modules.values()):
        if getattr(module, "pick", None) is pick:
            monkeypatch.setattr(module, "pick", lambda nl, en: "…" if nl or en else "")


def ours_in(text: str, names: list[str]) -> Iterator[str]:
    """Where a text names a role in our word, outside the names of people."""
    for name in names:
        text = text.replace(name, "…")
    text = ADDRESS.sub("…", text)
    for found in NAMED.finditer(text):
        yield " ".join(text[max(0, found.start() - 40) : found.end() + 40].split())


def names_of_people() -> list[str]:
    """Longest first, so that none is hidden by a part of it."""
    found = [
        text for pair in User.objects.values_list("name", "email") for text in pair
    ]
    return [f"{PRIVATE} of the mentor", *sorted(found, key=len, reverse=True)]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "role", ["outsider", "waiting", "mentee", "mentor", "coordinator", "hr_admin"]
)
def test_every_page_says_the_words_of_the_organisation(
    world: World, role: str, language: str
):
    User.objects.update(language=language)
    names = names_of_people()
    ours: dict[str, list[str]] = {}
    read = set()

    for name, response in answers(world, role):
        if not response["Content-Type"].startswith("text/"):
            continue
        reader = Reading()
        reader.feed(response.content.decode(errors="replace"))
        text = "\n".join(reader.said)
        read |= {
            word for each in OWN.values() for word in each[language] if word in text
        }
        if name not in AS_THEY_ARE and (found := list(ours_in(text, names))):
            ours[name] = found

    assert ours == {}
    assert read >= {OWN["mentor"][language][0], OWN["coordinator"][language][0]}


def said_by(mail: EmailMultiAlternatives) -> str:
    reader = Reading()
    reader.feed("".join(str(part[0]) for part in mail.alternatives))
    return "\n".join([str(mail.subject), str(mail.body), *reader.said])


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("model", ["one_to_one", "peer"])
def test_every_mail_says_the_words_of_the_organisation(
    world: World, model: str, language: str
):
    program = Program.objects.get(slug=world.arguments["program_slug"])
    program.model = model
    program.save()
    ours: dict[str, list[str]] = {}
    read = 0

    for key in EXAMPLES:
        for role in (*program.joining_roles, "coordinator"):
            mail = preview(program, KINDS[key], role=role, language=language)
            if mail is None:
                continue
            read += 1
            if found := list(ours_in(said_by(mail), [])):
                ours[f"{key} {role}"] = found

    assert ours == {}
    # Not every kind is for every shape; most are.
    assert read > len(EXAMPLES) / 2
