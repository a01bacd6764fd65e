"""What somebody writes stays text: on a page, in a mail, in a calendar, in a file."""

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from feedback.actions import answer, settle
from feedback.models import Invitation, Wave
from matching.models import LeftOver, Round
from mentoring.templatetags.ui import markdown
from mentorships.actions import cancel_session, move_session, plan_session
from mentorships.invitations import invitation
from mentorships.models import MentoringSession, Mentorship
from outbox.delivery import deliver
from outbox.models import Message
from people import hrfeed
from people.models import Employment, Profile, User
from programs.actions import invite
from programs.models import Guideline, Program, Role
from tests.cast import World, person
from tests.forms_of_the_site import paths

EVIL = "\"><script>evil()</script><img src=x onerror=evil()>'{{ 7 }}"
# What browsers run, and our own pages never have.
RUNS = {"onerror", "onload", "onclick", "srcdoc", "onfocus", "onmouseover"}


class Finder(HTMLParser):
    """Collects what would run: scripts of others, handlers, links that are code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        ours = (given.get("src") or "").startswith("/static/")
        # What is read by a script of ours, and run by nobody.
        is_data = given.get("type") == "application/json"
        if tag == "script" and not ours and not is_data:
            self.found.append(self.get_starttag_text() or "")
        if RUNS & set(given) and tag != "html":
            self.found.append(self.get_starttag_text() or "")
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            link = re.sub(r"[\s\x00]", "", (given.get(name) or "").lower())
            if link.startswith(("javascript:", "data:", "vbscript:")):
                self.found.append(self.get_starttag_text() or "")


def what_runs(html: str) -> list[str]:
    finder = Finder()
    finder.feed(html)
    return finder.found


def write_everywhere(text: str) -> None:
    """Put a text in each field that somebody writes in, as long as it fits."""
    for model in (
        *(User, Profile, Employment, Program, Guideline, Mentorship, MentoringSession),
        *(Round, LeftOver),
        *(each.related_model for each in Mentorship._meta.related_objects),
        *(each.related_model for each in MentoringSession._meta.related_objects),
        *(each.related_model for each in Program._meta.related_objects),
    ):
        names = [
            each.name
            for each in model._meta.concrete_fields
            if isinstance(each, models.CharField | models.TextField)
            and not isinstance(
                each, models.EmailField | models.SlugField | models.URLField
            )
            and not each.choices
            and each.name not in NOT_WRITTEN
            and (each.max_length or 1000) > len(text) + 12
            and not each.unique
        ]
        for row in model._base_manager.all() if names else []:
            # Some must differ from each other.
            model._base_manager.filter(pk=row.pk).update(
                **dict.fromkeys(names, f"{text} {row.pk}")
            )


NOT_WRITTEN = {
    *("language", "time_zone", "zone", "wall_time", "token_hash", "role", "kind"),
    *("key", "occasion", "state", "about_type", "template_key", "password"),
    *("limit", "measure", "ics_uid"),
}


@pytest.mark.parametrize("role", ["mentee", "mentor", "coordinator", "hr_admin"])
@pytest.mark.parametrize("text", [EVIL, "javascript:evil()", "www.x.nl/<b onload=1>"])
def test_no_text_runs_on_any_page(world: World, role: str, text: str):
    write_everywhere(text)
    client = world.client(role)
    runs, seen = {}, 0

    for path in paths(world):
        response = client.get(path)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if response.status_code == 200 and is_page:
            page = response.content.decode()
            seen += "evil()" in page
            if found := what_runs(page):
                runs[path] = found

    assert runs == {}
    assert seen or "evil" not in text


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:evil())",
        "[x](JaVaScRiPt&colon;evil())",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<javascript:evil()>",
        "![x](javascript:evil())",
        '[x](https://example.org "onmouseover=evil()")',
        "<script>evil()</script>",
        "<img src=x onerror=evil()>",
        "<a href='javascript:evil()'>x</a>",
        "`<script>evil()</script>`",
        "[x]: javascript:evil()\n\n[x]",
        "[x](\x01javascript:evil())",
        "[x](vbscript:evil)",
    ],
)
def test_markdown_can_do_no_harm(text: str):
    assert what_runs(markdown(text)) == []


@pytest.mark.parametrize(
    "text", ["> " * 20_000, "[" * 20_000, "*a " * 7_000, "- " * 10_000, "`" * 20_000]
)
def test_markdown_is_quick_whatever_is_written(text: str):
    start = time.monotonic()

    markdown(text)

    assert time.monotonic() - start < 5


def everything_mailed() -> Iterator[mail.EmailMultiAlternatives]:
    for message in Message.objects.filter(state=Message.State.PLANNED):
        deliver(message)
        message.refresh_from_db()
        assert message.last_error == "", f"{message.kind}: {message.last_error}"
    assert mail.outbox
    yield from mail.outbox  # type: ignore[misc]


@pytest.mark.parametrize(
    "text",
    [
        EVIL,
        "A\r\nBcc: evil@example.org\r\n\r\nEvil",
        "A\nBcc: evil@example.org",
        "\u2028Bcc: evil@example.org",
        'Jan "JJ" Jansen',
        "Zoë; van der Berg, Jr.: \\n",
        "\x1b[31mred\x07",
        "\u202eevil",
    ],
)
def test_no_text_becomes_a_header_of_a_mail(world: World, text: str):
    write_everywhere(text)
    mentorship = Mentorship.objects.get(pk=world.arguments["mentorship_id"])
    session = plan_session(
        mentorship,
        wall=datetime.combine(
            timezone.localdate() + timedelta(days=9), datetime.min.time()
        ),
        by=world.people["mentee"],
        subject=text,
        place=text,
    )
    invite(
        mentorship.program, ["new@example.org"], Role.MENTEE, by=world.people["mentor"]
    )

    for each in everything_mailed():
        parsed = message_from_bytes(each.message().as_bytes(), policy=default)
        assert parsed["Bcc"] is None
        assert parsed["To"].addresses[0].addr_spec == each.to[0]
        assert len(parsed["To"].addresses) == 1
        assert "\n" not in str(parsed["Subject"])
        html = str(parsed.get_body(("html",)).get_content())
        assert what_runs(re.sub(r' style="[^"]*"', "", html)) == []
    assert session.pk


@pytest.mark.parametrize(
    "text",
    [
        'Jan "JJ" Jansen',
        "A\r\nATTENDEE:mailto:evil@example.org",
        "A\nBEGIN:VALARM\nACTION:PROCEDURE\nEND:VALARM",
        "a;CN=evil:b,c\\n",
        "\u2028BEGIN:VEVENT",
        "x" * 140,
        "\x0b\x1b",
        "Jan\u202e",
        "O’Neill^n",
    ],
)
def test_no_text_becomes_a_line_of_a_calendar(world: World, text: str):
    session = MentoringSession.objects.get(pk=world.arguments["session_id"])
    User.objects.filter(pk=world.people["mentor"].pk).update(name=text)
    session.place = text

    content = invitation(session)

    read = Calendar.from_ical(content)
    (event,) = read.walk("VEVENT")
    assert read.walk("VALARM") == []
    assert len(event["attendee"]) == 2
    assert {str(each).lower() for each in event["attendee"]} == {
        f"mailto:{world.people[role].email}" for role in ("mentor", "mentee")
    }


def test_a_session_that_is_moved_and_called_off_mails_what_it_says(world: World):
    session = MentoringSession.objects.get(pk=world.arguments["session_id"])
    wall = datetime.combine(
        timezone.localdate() + timedelta(days=8), datetime.min.time()
    )
    move_session(session, wall=wall, by=world.people["mentee"], place='"<b>"')
    cancel_session(session, by=world.people["mentee"])

    assert list(everything_mailed())


def test_words_of_a_survey_stay_words(world: World):
    wave = Wave.objects.get(pk=world.arguments["wave_id"])
    questions = {each.kind: each for each in wave.survey.questions.all()}
    for user in range(9):
        somebody = person(f"Answers {user}")
        invited = Invitation.objects.create(wave=wave, to=somebody, role=Role.MENTEE)
        answer(invited, {questions["text"].pk: f"{EVIL} {user}"})
    settle(wave)

    page = world.client("coordinator").get(wave.get_absolute_url()).content.decode()

    assert "evil()" in page
    assert what_runs(page) == []


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "a\0", "a\u202e", "\tx=1"])
def test_the_feed_takes_no_formula_and_nothing_unreadable(name: str):
    found = hrfeed.preview(f"email,name\nnew@example.org,{name}\n".encode())

    assert (
        found.problem
        or found.errors
        or not found.additions[0].name.startswith(("=", "+", "-", "@", "\t"))
    )


def test_the_preview_of_a_feed_runs_nothing(world: World):
    client = world.client("hr_admin")
    text = EVIL.replace('"', "")
    content = f"email,name,department\nnew@example.org,{text},{text}\n{text},x,y\n"

    page = client.post(
        reverse("people:people_import"),
        {"file": SimpleUploadedFile("a.csv", content.encode())},
        follow=True,
    ).content.decode()

    assert "evil()" in page
    assert what_runs(page) == []
