from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from mentorships.models import Mentorship
from mentorships.tasks import plan_check_ins
from outbox.models import Message
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
