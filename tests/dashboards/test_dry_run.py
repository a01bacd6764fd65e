"""What a programme will send, day by day."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from dashboards import dry_run
from matching.models import Manner
from mentorships.models import Mentorship
from outbox.models import SwitchedOff
from outbox.tasks import send_due
from outbox.workhours import is_working_day
from programs.actions import create_program, defaults
from programs.blueprints import blueprints
from programs.models import Program, Role


def url(name, *args):
    return reverse(f"dashboards:timeline{name}", args=["leaders", *args])


def text(response):
    return response.content.decode()


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
