"""Every message of a programme: the line of time, examples, own words, the dry run."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from dashboards import dry_run
from dashboards.examples import EXAMPLES, gets_it, preview, readers
from history.models import Event
from matching.models import Manner
from mentorships.models import Mentorship
from outbox.kinds import KINDS
from outbox.models import Bounce, Message, SwitchedOff, Wording, new_message_id
from outbox.tasks import send_due
from outbox.workhours import is_working_day
from people.models import User
from programs.actions import create_program, defaults
from programs.blueprints import blueprints
from programs.models import Program, Role
from tests import factories


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


# --- examples

NAMES_NOBODY = {
    *("digest", "monthly", "pulse"),
    *("invitations_unanswered", "care", "report"),
}


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("role", ["mentee", "mentor", "coordinator"])
def test_there_is_an_example_of_every_kind(program, hr_admin, key, role, language):
    with translation.override(language):
        found = preview(program, KINDS[key], role=role, language=language)

    if not gets_it(KINDS[key], role):
        assert found is None
        return
    assert f'lang="{language}"' in str(found.alternatives[0][0])
    assert found.reply_to
    if key not in {
        "digest",
        "invitations_unanswered",
        "pulse",
        "monthly",
        "care",
        "report",
    }:
        assert "Sam" in found.body or "Robin" in found.body or "Kim" in found.body


@pytest.mark.parametrize("key", KINDS)
def test_every_kind_is_shown_to_somebody_as_one_opens_its_page(
    as_user, program, coordinator, key
):
    answer = as_user(coordinator).get(url("_kind", key))

    assert answer.context["mail"]


@pytest.mark.parametrize("key", KINDS)
def test_only_roles_that_get_it_are_offered(as_user, program, coordinator, key):
    offered = readers(program, KINDS[key])

    for role in offered:
        answer = as_user(coordinator).get(url("_kind", key), {"role": role})
        assert answer.context["mail"]
        assert answer.context["role"] == role
    for role in Role:
        assert (role in offered) is (
            gets_it(KINDS[key], role) and role in dry_run.roles_of(program)
        )


def test_the_figures_are_shown_as_hr_and_as_a_sponsor_read_them(
    as_user, program, mentorship, coordinator
):
    client = as_user(coordinator)

    mails = {
        role: client.get(url("_kind", "monthly"), {"role": role}).context["mail"].body
        for role in ("hr_admin", "sponsor")
    }

    assert list(readers(program, KINDS["monthly"])) == ["hr_admin", "sponsor"]
    assert "Mentorships so far: 2" in mails["hr_admin"]
    assert "Mentorships so far: 2" not in mails["sponsor"]


def test_the_figures_in_an_example_are_of_this_programme_alone(
    as_user, program, coordinator
):
    factories.ProgramFactory(name_en="Of others", slug="others", state="running")

    page = text(as_user(coordinator).get(url("_kind", "monthly")))

    assert "Leaders" in page
    assert "Of others" not in page


def test_no_kind_lacks_an_example():
    assert EXAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("key", EXAMPLES)
def test_an_example_changes_no_row(program, mentorship, key):
    def rows():
        return [
            (model._meta.label, model._default_manager.count())
            for model in (User, Mentorship, Message, Event, Program)
        ]

    before = rows()
    preview(program, KINDS[key], role="mentor", language="en")

    assert rows() == before
    assert mail.outbox == []


def test_an_example_speaks_of_nobody_real(as_user, program, mentorship, coordinator):
    client = as_user(coordinator)

    for key in EXAMPLES:
        for role in ("mentee", "mentor", "coordinator"):
            answer = client.get(url("_preview", key), {"role": role})
            if key in {"digest", "silence_told"} and role == "coordinator":
                continue  # who runs the programme may see who is in it
            assert "Mentee Mia" not in text(answer)
            assert "Mentor Mo" not in text(answer)


def test_an_example_works_in_a_draft_for_peers(as_user, program, coordinator):
    Program.objects.update(
        state="draft", model="peer", starts_on=None, ends_on=None, matching_on=None
    )
    client = as_user(coordinator)

    for key in EXAMPLES:
        assert client.get(url("_kind", key)).status_code == 200


def test_the_example_has_the_role_and_language_that_was_asked(
    as_user, program, coordinator
):
    client = as_user(coordinator)
    mentee = client.get(url("_kind", "introduction"), {"role": "mentee"})
    mentor = client.get(url("_kind", "introduction"), {"role": "mentor"})
    dutch = client.get(url("_preview", "introduction"), {"language": "nl"})

    assert "You take the first step" in text(mentee)
    assert "Your mentee takes the first step" in text(mentor)
    assert 'lang="nl"' in text(dutch)
    assert "script-src 'none'" in dutch["Content-Security-Policy"]


def test_a_kind_that_is_not_there_is_not_found(as_user, program, coordinator):
    assert as_user(coordinator).get(url("_kind", "gossip")).status_code == 404


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


# --- the dry run


@pytest.fixture
def of_blueprint(hr_admin):
    def make(key):
        blueprint = blueprints()[key]
        program = Program(**defaults(blueprint))
        return create_program(program, blueprint=blueprint, by=hr_admin)

    return make


@pytest.mark.parametrize("key", blueprints())
@pytest.mark.parametrize("course", dry_run.COURSES)
def test_no_template_brings_two_reminders_on_one_day(
    office_hours, of_blueprint, key, course
):
    program = of_blueprint(key)
    for role in dry_run.roles_of(program):
        walk = dry_run.walk_of(program, role, course)
        found = dry_run.mails(program, walk)
        days = [each.on for each in found if each.is_reminder]

        assert found
        assert len(days) == len(set(days))
        assert all(is_working_day(day, "Europe/Amsterdam") for day in days)
        assert [each.on for each in found] == sorted(each.on for each in found)


@pytest.fixture
def year(program):
    Program.objects.update(
        starts_on=date(2027, 1, 11),
        ends_on=date(2027, 12, 20),
        matching_on="2027-01-04",
    )
    program.refresh_from_db()
    return program


def keys_of(program, role, course):
    found = dry_run.mails(program, dry_run.walk_of(program, role, course))
    return [kind.key for each in found for kind in each.kinds]


def test_whoever_keeps_the_rhythm_is_left_in_peace(year):
    keys = set(keys_of(year, "mentee", "rhythm"))

    assert {"invitation", "joined", "introduction", "half_way", "ending"} <= keys
    assert not keys & {"check_in", "first_step", "silence_nudge", "silence_ask"}


def test_whoever_goes_quiet_is_asked_in_steps(year):
    keys = keys_of(year, "mentee", "quiet")

    assert keys.count("invitation_reminder") == 2
    assert keys.count("profile_unfinished") == 2
    assert keys.count("first_step") == 2
    order = [keys.index(k) for k in ("check_in", "silence_nudge", "silence_ask")]
    assert order == sorted(order)
    assert "ending" not in keys


def test_the_mentor_is_asked_once_for_the_first_step(year):
    assert keys_of(year, "mentor", "quiet").count("first_step") == 1


def test_whoever_goes_quiet_hears_that_it_ended_and_the_coordinator_first(year):
    assert "ended" in keys_of(year, "mentee", "quiet")
    assert "ended" not in keys_of(year, "mentee", "rhythm")
    assert {"agreement_open", "session_log_again"} <= {
        *keys_of(year, "mentor", "quiet")
    }
    assert "silence_told" in keys_of(year, "coordinator", "quiet")
    assert "silence_told" not in keys_of(year, "coordinator", "rhythm")


def test_where_mentees_choose_a_mentor_is_asked_and_reminded(year):
    Manner.objects.create(program=year, mode=Manner.Mode.CHOOSE)

    assert "request" in keys_of(year, "mentor", "rhythm")
    assert "request_reminder" not in keys_of(year, "mentor", "rhythm")
    assert "request_reminder" in keys_of(year, "mentor", "quiet")
    assert "request" not in keys_of(year, "mentee", "quiet")


def test_the_coordinator_is_told_of_invitations(year):
    keys = keys_of(year, "coordinator", "quiet")

    assert "invitations_unanswered" in keys
    assert not set(keys) & {"check_in", "pulse", "joined"}


def test_what_is_switched_off_is_not_in_it(year):
    SwitchedOff.objects.create(program_id=year.pk, kind="pulse")

    assert "pulse" not in keys_of(year, "mentee", "rhythm")


def test_what_falls_on_one_day_is_one_mail(year):
    found = dry_run.mails(year, dry_run.walk_of(year, "mentee", "rhythm"))

    assert any(len(each.kinds) > 1 for each in found)


@pytest.mark.parametrize(
    ("role", "course"), product(["mentee", "mentor", "coordinator"], dry_run.COURSES)
)
def test_the_page_of_the_dry_run_shows_the_days(
    as_user, year, coordinator, role, course
):
    page = text(
        as_user(coordinator).get(url("_dry_run"), {"role": role, "course": course})
    )

    assert "never two reminders on one day" in page
    assert "2027" in page


def test_the_dry_run_is_what_the_clocks_do(
    office_hours, year, mentorship, mentee, mentor
):
    """The real clocks, day by day, with a pair that never meets."""
    from mentorships import tasks

    start = datetime.fromisoformat("2027-01-04T10:00:00+01:00")
    Mentorship.objects.update(started_at=start)
    sent: dict[str, list[date]] = {}
    with time_machine.travel(start, tick=False) as clock:
        for day in range(105):
            now = start + timedelta(days=day)
            clock.move_to(now)
            tasks.plan_first_steps()
            tasks.plan_check_ins()
            tasks.plan_for_silence()
            mail.outbox.clear()
            send_due()
            for each in mail.outbox:
                sent.setdefault(each.to[0], []).append(now.date())

    for days in sent.values():
        assert len(days) == len(set(days))
        assert len(days) <= 6
    assert set(sent) == {mentee.email, mentor.email}
    assert Role.MENTEE in dry_run.roles_of(year)
