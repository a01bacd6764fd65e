from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from mentorships.models import Mentorship
from mentorships.tasks import end_what_is_over, plan_check_ins, plan_for_silence
from outbox.models import Message
from people.models import Absence
from programs.models import Role
from tests import factories

# A Tuesday, eleven in the morning in Amsterdam.
NOW = datetime.fromisoformat("2027-01-12T10:00:00+00:00")


@pytest.fixture
def quiet(mentorship):
    Mentorship.objects.update(started_at=NOW - timedelta(days=60))
    return mentorship


def test_everybody_in_a_quiet_mentorship_is_asked_how_it_goes(quiet):
    with time_machine.travel(NOW, tick=False):
        assert plan_check_ins() == 1

    assert {message.to.name for message in Message.objects.all()} == {
        "Mentee Mia",
        "Mentor Mo",
    }
    assert {message.kind for message in Message.objects.all()} == {"check_in"}


def test_a_gap_is_asked_about_once_however_often_it_runs(quiet):
    for hours in range(0, 24 * 20, 24):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            plan_check_ins()

    assert Message.objects.count() == 2


def test_a_new_gap_is_asked_about_again(quiet):
    with time_machine.travel(NOW, tick=False):
        plan_check_ins()
    factories.MentoringSessionFactory(
        mentorship=quiet, held=True, starts_at=NOW + timedelta(days=1)
    )

    with time_machine.travel(NOW + timedelta(days=10), tick=False):
        plan_check_ins()
    assert Message.objects.count() == 2

    with time_machine.travel(NOW + timedelta(days=23), tick=False):
        plan_check_ins()
    assert Message.objects.count() == 4


def test_a_mail_waits_for_the_morning_where_the_person_is(
    office_hours, quiet, mentor, mentee
):
    mentee.time_zone = "Asia/Tokyo"
    mentee.save()

    with time_machine.travel(NOW, tick=False):
        plan_check_ins()

    assert Message.objects.get(to=mentor).not_before == NOW
    assert Message.objects.get(to=mentee).not_before == datetime.fromisoformat(
        "2027-01-13T00:00:00+00:00"
    )


def test_nothing_is_asked_when_all_are_on_rhythm(mentorship):
    factories.MentoringSessionFactory(mentorship=mentorship, held=True)

    assert plan_check_ins() == 0
    assert not Message.objects.exists()


def test_queries_do_not_grow_with_pairs(program, django_assert_max_num_queries):
    def pairs(number):
        for _ in range(number):
            mentorship = factories.MentorshipFactory(
                program=program, started_at=timezone.now() - timedelta(days=90)
            )
            for role in (Role.MENTEE, Role.MENTOR):
                factories.MemberFactory(mentorship=mentorship, participant__role=role)

    pairs(2)
    with django_assert_max_num_queries(8):
        plan_check_ins()
    pairs(12)
    with django_assert_max_num_queries(8):
        plan_check_ins()
    assert Message.objects.count() == 28


def away(user, first, last):
    return Absence.objects.create(
        user=user,
        starts_on=(NOW + timedelta(days=first)).date(),
        ends_on=(NOW + timedelta(days=last)).date(),
    )


@pytest.mark.parametrize("who", ["mentor", "mentee"])
def test_a_pair_one_of_whom_is_away_is_asked_nothing(quiet, who, request):
    away(request.getfixturevalue(who), -3, 3)

    with time_machine.travel(NOW, tick=False):
        assert plan_check_ins() == 0


def test_after_an_absence_the_rhythm_counts_from_the_day_they_are_back(quiet, mentor):
    away(mentor, -20, -5)

    with time_machine.travel(NOW, tick=False):
        assert plan_check_ins() == 0
        found = Mentorship.objects.with_quiet_from().get()
        assert f"{found.quiet_from:%Y-%m-%d}" == f"{NOW - timedelta(days=4):%Y-%m-%d}"
    with time_machine.travel(NOW + timedelta(days=18), tick=False):
        assert plan_check_ins() == 1


def test_a_group_goes_on_without_one_of_its_members(quiet, program, mentee):
    joins = factories.ParticipantFactory(program=program, role=Role.MENTEE)
    factories.MemberFactory(mentorship=quiet, participant=joins, role=Role.MENTEE)
    away(mentee, -3, 3)

    with time_machine.travel(NOW, tick=False):
        assert plan_check_ins() == 1


def test_nothing_ends_by_silence_while_somebody_is_away(quiet, mentee):
    Mentorship.objects.update(started_at=NOW - timedelta(days=200))
    away(mentee, -30, 3)

    with time_machine.travel(NOW, tick=False):
        plan_for_silence()
        assert end_what_is_over() == 0

    assert not Message.objects.exists()
