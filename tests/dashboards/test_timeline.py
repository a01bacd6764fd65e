"""Every message of a programme: the line of time, own words, and off."""

from datetime import datetime

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboards.examples import preview
from history.models import Event
from outbox.kinds import KINDS
from outbox.models import Bounce, Message, SwitchedOff, Wording, new_message_id
from outbox.tasks import send_due
from programs.models import Program


def url(name, *args):
    return reverse(f"dashboards:timeline{name}", args=["leaders", *args])


def text(response):
    return response.content.decode()


def message(to, program, **fields):
    return Message.objects.create(
        **{
            "kind": "check_in",
            "to": to,
            "program_id": program.pk,
            "occasion": str(Message.objects.count()),
            "message_id": new_message_id(),
            **fields,
        }
    )


# --- the registry


def test_every_kind_says_when_it_is_sent_and_to_whom():
    lacking = [
        key for key, kind in KINDS.items() if not (kind.trigger and kind.audience)
    ]

    assert lacking == []


# --- the line of time


def test_the_line_of_time_has_every_kind(as_user, program, coordinator):
    page = text(as_user(coordinator).get(url("")))

    for key in KINDS:
        assert url("_kind", key) in page


def test_it_says_how_often_each_was_sent(as_user, program, coordinator, mentee):
    sent_at = datetime.fromisoformat("2027-01-12T10:00:00+01:00")
    for _ in range(2):
        message(mentee, program, state="sent", sent_at=sent_at)

    assert "sent 2 times, last on 12 January 2027" in " ".join(
        text(as_user(coordinator).get(url(""))).split()
    )


def test_what_could_not_be_sent_stands_on_top_with_whom(
    as_user, program, coordinator, mentee
):
    message(mentee, program, state="failed", last_error="bounced")

    page = text(as_user(coordinator).get(url("")))

    assert mentee.email in page
    assert "does not exist" in page


@pytest.mark.parametrize("kind", ["pulse", "request_unmet", "thanked", "care"])
def test_whom_a_message_tells_about_is_not_shown_and_gets_it_again(
    as_user, program, coordinator, mentee, kind
):
    failed = message(mentee, program, kind=kind, state="failed")
    client = as_user(coordinator)

    page = text(client.get(url("")))
    client.post(url("_settle"), {"message": failed.pk})

    assert "Could not be sent" in page
    assert mentee.name not in page
    assert mentee.email not in page
    failed.refresh_from_db()
    assert failed.state == "planned"


def test_what_failed_elsewhere_is_not_shown(as_user, program, coordinator, mentee):
    message(mentee, program, state="failed", program_id=program.pk + 1)

    assert "Could not be sent" not in text(as_user(coordinator).get(url("")))


def test_the_coordinator_sends_it_again(
    as_user, program, mentorship, coordinator, mentee
):
    Bounce.objects.create(email=mentee.email)
    failed = message(
        mentee,
        program,
        kind="introduction",
        about_type="mentorships.mentorship",
        about_id=mentorship.pk,
        state="failed",
        attempts=5,
    )

    as_user(coordinator).post(url("_settle"), {"message": failed.pk})
    send_due()

    failed.refresh_from_db()
    assert failed.state == "sent"
    assert Event.objects.filter(verb="sent again", by=coordinator).exists()


@pytest.mark.parametrize("what", ["0", "x", "-1"])
def test_nothing_else_is_sent_again(as_user, program, coordinator, mentee, what):
    failed = message(mentee, program, state="failed")
    elsewhere = message(mentee, program, state="failed", program_id=program.pk + 1)

    as_user(coordinator).post(url("_settle"), {"message": what})
    as_user(coordinator).post(url("_settle"), {"message": elsewhere.pk})

    failed.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (failed.state, elsewhere.state) == ("failed", "failed")


def test_the_coordinator_says_that_it_is_not_needed(
    as_user, program, coordinator, mentee
):
    failed = message(mentee, program, state="failed")

    as_user(coordinator).post(url("_settle"), {"message": failed.pk, "what": "let_be"})

    failed.refresh_from_db()
    assert failed.state == "dropped"


def test_the_coordinator_sends_all_of_the_programme_again(
    as_user, program, coordinator, mentee
):
    for _ in range(2):
        message(mentee, program, state="failed")
    elsewhere = message(mentee, program, state="failed", program_id=program.pk + 1)
    client = as_user(coordinator)
    assert "Send all 2 again" in text(client.get(url("")))

    client.post(url("_settle"))

    assert list(Message.objects.gave_up()) == [elsewhere]


def test_the_line_asks_the_same_number_of_queries_however_much_was_sent(
    as_user, program, coordinator, mentee
):
    client = as_user(coordinator)

    def queries():
        client.get(url(""))
        with CaptureQueriesContext(connection) as captured:
            client.get(url(""))
        return len(captured)

    message(mentee, program, state="failed")
    few = queries()
    for _ in range(15):
        message(mentee, program, state="failed")

    assert queries() == few


# --- own words, and off


def test_own_words_are_kept_shown_in_the_example_and_sent(
    as_user, program, mentorship, coordinator, mentee
):
    client = as_user(coordinator)

    answer = client.post(
        url("_kind", "introduction"),
        {"subject_en": "{name}, meet {others}", "body_en": "Have fun in {programme}."},
    )

    assert answer.status_code == 302
    assert Wording.objects.count() == 1
    shown = text(client.get(url("_kind", "introduction"), {"language": "en"}))
    assert "Sam, meet Robin Visser" in shown
    message(
        mentee,
        program,
        kind="introduction",
        about_type="mentorships.mentorship",
        about_id=mentorship.pk,
    )
    send_due()
    assert mail.outbox[0].subject == "Mentee, meet Mentor Mo"
    assert "Have fun in Leaders." in mail.outbox[0].body


def test_what_was_worded_is_shown_in_its_language(as_user, program, coordinator):
    answer = as_user(coordinator).post(
        url("_kind", "introduction") + "?role=mentor&language=en",
        {"subject_nl": "Dag {name}"},
        follow=True,
    )

    assert answer.context["mail"].subject == "Dag Sam"
    assert answer.context["role"] == "mentor"


OWN = "In our own words."


@pytest.mark.parametrize(
    ("key", "role", "stays"),
    [
        ("care", "mentee", "How are the two of you?"),
        ("session_planned", "mentee", "10:00"),
        ("session_log_again", "mentor", "60 minutes"),
        ("application_declined", "mentee", "there are more mentees than mentors"),
        ("help_wanted", "coordinator", "Robin Visser"),
        ("pulse", "mentee", "Your answers are anonymous"),
    ],
)
def test_own_words_leave_what_only_this_mail_says(program, key, role, stays):
    Wording.objects.create(program_id=program.pk, kind=key, language="en", body=OWN)

    found = preview(program, KINDS[key], role=role, language="en")

    for said in (found.body, str(found.alternatives[0][0])):
        assert OWN in said
        assert stays in said
        assert "Hello" not in said


def test_what_is_of_no_programme_has_no_words_of_its_own(as_user, program, coordinator):
    """A report is of nobody's programme: the words of one would never be said."""
    client = as_user(coordinator)

    for key in ("report", "confidant_left", "digest"):
        page = text(client.get(url("_kind", key)))
        assert "Of no single programme" in page
        assert "In your own words" not in page
        assert "has not sent it yet" not in page
        client.post(url("_kind", key), {"subject_en": "Ours"})
    assert not Wording.objects.exists()


def test_empty_words_are_as_shipped_again(as_user, program, coordinator):
    Wording.objects.create(
        program_id=program.pk, kind="check_in", language="en", subject="Ours"
    )

    as_user(coordinator).post(url("_kind", "check_in"), {"subject_en": " "})

    assert not Wording.objects.exists()


def test_a_place_that_is_not_known_is_refused_with_a_reason(
    as_user, program, coordinator
):
    answer = as_user(coordinator).post(
        url("_kind", "check_in"), {"body_en": "Dear {firstname}"}
    )

    assert answer.status_code == 422
    assert "stands for nothing" in text(answer)
    assert "Dear {firstname}" in text(answer)
    assert not Wording.objects.exists()


def test_a_programme_switches_a_kind_off_and_on(as_user, program, coordinator):
    client = as_user(coordinator)

    client.post(url("_switch", "check_in"))
    client.post(url("_switch", "check_in"))
    assert SwitchedOff.objects.get().kind == "check_in"
    assert "does not send it" in text(client.get(url("_kind", "check_in")))

    client.post(url("_switch", "check_in"), {"on": "yes"})
    assert not SwitchedOff.objects.exists()


@pytest.mark.parametrize("key", ["introduction", "digest"])
def test_what_one_needs_and_what_is_of_all_programmes_stays_on(
    as_user, program, coordinator, key
):
    as_user(coordinator).post(url("_switch", key))

    assert not SwitchedOff.objects.exists()


def test_in_the_archive_nothing_changes(as_user, program, coordinator):
    Program.objects.update(state="archived")
    client = as_user(coordinator)

    client.post(url("_switch", "check_in"))
    client.post(url("_kind", "check_in"), {"subject_en": "Ours"})

    assert not SwitchedOff.objects.exists()
    assert not Wording.objects.exists()


def test_last_deliveries_say_on_which_day_and_not_to_whom(
    as_user, coordinator, program, mentee
):
    """Who is reminded of an anonymous survey has not answered it."""
    message(mentee, program, kind="pulse", state="sent")
    message(mentee, program, kind="pulse", state="dropped")

    page = text(as_user(coordinator).get(url("_kind", "pulse")))

    assert "1 sent" in page
    assert "1 no longer needed" in page
    assert mentee.name not in page
