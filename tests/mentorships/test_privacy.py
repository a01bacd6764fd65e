"""Coordinators see that and when, never what: pages, mails, logs, the database."""

import io
import logging

import pytest
from django.core.management import call_command
from django.urls import reverse

from history.models import Event
from mentoring.sealing import CannotOpen
from mentorships.models import Sealed
from outbox.delivery import deliver
from outbox.kinds import KINDS
from outbox.models import Message
from tests.cast import OURS, PRIVATE, World, make_world
from tests.test_every_page import BY_LINK, answers

# What people of a mentorship say to each other, or note for themselves.
SAID = [
    f"{OURS} {what}"
    for what in (
        "subject",
        "room",
        "plan",
        "shared note",
        "action",
        "goal",
        "step",
        "moments",
        "expectation",
        "preparation",
        "comment",
        "situation",
        "behaviour",
        "impact",
        "gratitude",
    )
] + [PRIVATE]
SEALED = Sealed.__subclasses__()


@pytest.fixture
def world() -> World:
    return make_world()


def test_everything_that_is_for_one_person_is_sealed():
    assert {model.__name__ for model in SEALED} == {
        "PrivateNote",
        "Reflection",
        "FitCheck",
        "Concern",
        "EndReason",
    }


@pytest.mark.parametrize("model", SEALED, ids=lambda model: model.__name__)
def test_what_is_sealed_opens_for_its_row_and_author_alone(world, model):
    row = model.objects.filter(sealed__isnull=False).first()
    assert PRIVATE in row.read()

    stranger = world.people["outsider"]
    assert not model.objects.visible_to(stranger).exists()
    row.author = stranger
    with pytest.raises(CannotOpen):
        row.read()


def test_a_dump_of_the_database_shows_nothing_private(world):
    out = io.StringIO()

    call_command("dumpdata", stdout=out)

    assert OURS in out.getvalue()
    assert PRIVATE not in out.getvalue()


def test_no_mail_says_what_was_said(world, mailoutbox):
    """Every kind that this app can send, about what this world has."""
    mentorship = (
        world.people["mentee"].participations.get().memberships.get().mentorship
    )
    about = {
        "session_prepare": mentorship.sessions.planned().get(),
        "session_planned": mentorship.sessions.planned().get(),
        "session_offered": mentorship.offers.get(),
        "introduction": mentorship,
        "fit_check": mentorship,
        "agreement_open": mentorship,
        "ended": mentorship,
        "feedback_given": mentorship.members.get(role="mentee").feedback_received.get(),
        "thanked": mentorship.members.get(role="mentee").thanks_received.get(),
        "goal_comment": mentorship.goals.get().comments.get(),
        "help_wanted": mentorship.members.get(role="mentor").concerns.get(),
    }
    for kind, thing in about.items():
        assert kind in KINDS
        # A reminder a day for each: the second is for the other.
        to = {"help_wanted": "coordinator", "agreement_open": "mentor"}.get(
            kind, "mentee"
        )
        message = Message.objects.create(
            kind=kind,
            to=world.people[to],
            about_type=thing._meta.label_lower,
            about_id=thing.pk,
            occasion="0" if kind.startswith("session_p") else "test",
            message_id=f"<{kind}@test>",
        )
        message.refresh_from_db()
        deliver(message)

    ours = Message.objects.filter(message_id__endswith="@test>")
    states = dict(ours.values_list("kind", "state"))
    assert set(states.values()) == {"sent"}, states
    assert len(mailoutbox) == len(about)
    # The place of a session is in its invitation: that is where one goes.
    forbidden = [text for text in SAID if not text.endswith("room")]
    for mail in mailoutbox:
        whole = mail.subject + mail.body
        whole += "".join(str(part[0]) for part in mail.alternatives)
        whole += "".join(str(part[1]) for part in mail.attachments)
        assert [text for text in forbidden if text in whole] == [], mail.subject


def test_the_trail_of_who_did_what_has_no_content():
    fields = {field.name for field in Event._meta.get_fields()}

    assert fields == {"id", "at", "by", "verb", "about_type", "about_id", "program_id"}


def test_no_log_line_says_what_was_said(world, caplog):
    caplog.set_level(logging.DEBUG)
    arguments = world.arguments
    client = world.client("mentee")
    for name, key, data in (
        ("journal", "mentorship_id", {"text": PRIVATE}),
        ("something_off", "mentorship_id", {"matter": "other", "words": PRIVATE}),
        ("session_log", "session_id", {"private": PRIVATE}),
        ("note_save", "session_id", {"shared": PRIVATE}),
        ("goal_comment", "goal_id", {"body": PRIVATE}),
    ):
        client.post(reverse(f"mentorships:{name}", args=[arguments[key]]), data)

    lines = [
        record.getMessage()
        for record in caplog.records
        # What the database is asked stands in no log but that of a developer.
        if record.name != "django.db.backends"
    ]
    assert [line for line in lines if PRIVATE in line] == []


@pytest.mark.parametrize("role", ["coordinator", "hr_admin", "it_admin", "sponsor"])
def test_who_runs_things_reads_nothing_that_was_said(world, role):
    for name, response in answers(world, role):
        if name in BY_LINK:
            continue
        page = response.content.decode(errors="replace")
        assert [text for text in SAID if text in page] == [], name
