"""Coordinators see that and when, never what: pages, mails, logs, the database."""

import io
import logging
from base64 import b64decode, b64encode
from datetime import timedelta
from zipfile import ZipFile

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from history.models import Event
from mentoring.sealing import CannotOpen, draft_key
from mentorships.models import EndReason, Member, PrivateNote, Sealed
from outbox.delivery import deliver
from outbox.kinds import KINDS
from outbox.models import Message
from programs.models import Role
from tests.cast import OURS, PRIVATE
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


def whole_of(mail):
    """All that a mail brings: subject, both texts, what goes with it."""
    parts = [*mail.alternatives, *mail.attachments]
    return "\n".join([mail.subject, mail.body, *(str(each) for each in parts)])


def said_in(mail):
    whole = whole_of(mail)
    return [text for text in SAID if text in whole]


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


def test_no_column_of_any_table_holds_what_is_private(world):
    """A dump writes bytes in a way of its own; here they are looked at as they are."""
    found, looked_at = set(), 0
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values_list():
            for value in row:
                looked_at += 1
                raw = bytes(value) if isinstance(value, memoryview) else value
                text = raw if isinstance(raw, bytes) else str(raw).encode()
                if PRIVATE.encode() in text:
                    found.add(model.__name__)

    assert looked_at > 1000
    assert found == set()


def test_a_backup_shows_nothing_private(world, tmp_path):
    path = tmp_path / "backup.zip"

    call_command("backup", str(path), stdout=io.StringIO())

    with ZipFile(path) as backup:
        whole = b"".join(backup.read(name) for name in backup.namelist())
    assert f"{OURS} shared note".encode() in whole
    assert PRIVATE.encode() not in whole
    # Nor does it hold the bytes of a text that was never sealed, written as base64.
    assert b64encode(PRIVATE.encode())[:12] not in whole


@pytest.mark.long
@pytest.mark.usefixtures("world")
def test_half_a_year_of_mail_tells_nobody_who_runs_things_what_was_said(
    mailoutbox, django_capture_on_commit_callbacks
):
    """Every task of the clock, each third day, with what it makes be sent."""
    start = timezone.now()
    clock = [each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()]
    run_by = ("cora", "cees", "hanna", "sia", "ivo")

    for day in range(0, 180, 3):
        with time_machine.travel(start + timedelta(days=day, hours=1), tick=False):
            for task in clock:
                with django_capture_on_commit_callbacks(execute=True):
                    import_string(task)()

    theirs = [mail for mail in mailoutbox if mail.to[0].startswith(run_by)]
    assert {mail.to[0].split(".")[0] for mail in theirs} >= {"cora", "hanna", "sia"}
    assert [found for mail in theirs for found in said_in(mail)] == []
    assert [mail.subject for mail in mailoutbox if PRIVATE in whole_of(mail)] == []


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
    for mail in mailoutbox:
        found = [text for text in said_in(mail) if not text.endswith("room")]
        assert found == [], mail.subject


def test_the_trail_of_who_did_what_has_no_content():
    fields = {field.name for field in Event._meta.get_fields()}

    assert fields == {"id", "at", "by", "verb", "about_type", "about_id", "program_id"}


def test_no_log_line_says_what_was_said(world, caplog):
    caplog.set_level(logging.DEBUG)
    arguments = world.arguments
    client = world.client("mentee")
    to = str(
        Member.objects.get(mentorship=arguments["mentorship_id"], role=Role.MENTOR).pk
    )
    day = f"{timezone.localdate()}"
    for name, key, data in (
        ("journal", "mentorship_id", {"text": PRIVATE}),
        ("something_off", "mentorship_id", {"matter": "other", "words": PRIVATE}),
        ("session_log", "held_id", {"on": day, "minutes": 60, "came": to}),
        ("note_save", "session_id", {"shared": PRIVATE}),
        ("session_prepare", "session_id", {"body": PRIVATE}),
        ("goal_comment", "goal_id", {"body": PRIVATE}),
        ("goal_edit", "goal_id", {"specific": PRIVATE}),
        ("goal_close", "goal_id", {"state": "reached", "reflection": PRIVATE}),
        ("action_add", "mentorship_id", {"text": PRIVATE, "owner": to}),
        ("agreement", "mentorship_id", {"minutes": 60, "seen": 1}),
        ("thank_you", "mentorship_id", {"to": to, "body": PRIVATE}),
        ("feedback_give", "mentorship_id", {"to": to, "situation": PRIVATE}),
        ("mentorship_end", "mentorship_id", {"reason": PRIVATE}),
    ):
        path = reverse(f"mentorships:{name}", args=[arguments[key]])
        private = dict.fromkeys(
            ("shared", "private", "expectations", "impact"), PRIVATE
        )
        # With what the form wants, and with what no form wants.
        for fields in ({**private, **data}, {"on": PRIVATE}):
            assert client.post(path, fields).status_code < 500

    assert PrivateNote.objects.filter(author=world.people["mentee"]).exists()
    assert EndReason.objects.filter(author=world.people["mentee"]).exists()
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


def test_a_draft_is_sealed_with_a_key_that_stands_on_ones_own_pages(world, settings):
    path = reverse("mentorships:session_log", args=[world.arguments["held_id"]])
    keys = {role: draft_key(world.people[role].pk) for role in ("mentee", "mentor")}

    page = world.client("mentee").get(path).content.decode()

    assert f'data-key="{keys["mentee"]}"' in page
    assert keys["mentor"] not in page
    assert len(b64decode(keys["mentee"])) == 32
    assert settings.NOTES_KEY not in page
    settings.NOTES_KEY = "another"
    assert draft_key(world.people["mentee"].pk) != keys["mentee"]
