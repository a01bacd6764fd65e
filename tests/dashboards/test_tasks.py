from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards.tasks import monday_nine, plan_digests
from outbox.models import Message
from outbox.tasks import send_due
from programs.models import Role
from tests import factories

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(text, zone="Europe/Amsterdam"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("now", "zone", "wall"),
    [
        # The Mondays after the clock changes, in spring and in autumn.
        ("2027-03-29T12:00", "Europe/Amsterdam", "2027-03-29T09:00+02:00"),
        ("2027-11-01T12:00", "Europe/Amsterdam", "2027-11-01T09:00+01:00"),
        # The days of the change belong to the week before.
        ("2027-03-28T12:00", "Europe/Amsterdam", "2027-03-22T09:00+01:00"),
        ("2027-10-31T12:00", "Europe/Amsterdam", "2027-10-25T09:00+02:00"),
        ("2027-01-01T12:00", "Europe/Amsterdam", "2026-12-28T09:00+01:00"),
        ("2028-02-29T12:00", "Europe/Amsterdam", "2028-02-28T09:00+01:00"),
        # It is Monday in Tokyo already, and Sunday still in Paramaribo.
        ("2027-01-11T00:30", "Asia/Tokyo", "2027-01-11T09:00+09:00"),
        ("2027-01-11T00:30", "America/Paramaribo", "2027-01-04T09:00-03:00"),
    ],
)
def test_monday_nine_is_nine_on_the_clock_of_the_place(now, zone, wall):
    assert monday_nine(at(now), zone) == datetime.fromisoformat(wall)


def test_a_digest_is_planned_once_a_week_however_often_it_runs(mentorship):
    for hours in range(0, 40, 3):
        with time_machine.travel(at("2027-01-11T09:00") + timedelta(hours=hours)):
            plan_digests()

    assert Message.objects.count() == 2
    assert set(Message.objects.values_list("occasion", flat=True)) == {"2027-W02"}


def test_the_week_of_new_year_has_its_iso_name(mentorship):
    with time_machine.travel(at("2026-12-28T10:00"), tick=False):
        plan_digests()

    assert {each.occasion for each in Message.objects.all()} == {"2026-W53"}


def test_a_digest_comes_at_nine_where_the_person_is(mentorship, mentor, mentee):
    mentee.time_zone = "America/Paramaribo"
    mentee.save()

    with time_machine.travel(at("2027-01-11T09:30"), tick=False):
        plan_digests()
    assert [each.to for each in Message.objects.all()] == [mentor]

    with time_machine.travel(at("2027-01-11T13:30"), tick=False):
        plan_digests()
    assert Message.objects.get(to=mentee).not_before == at(
        "2027-01-11T09:00", "America/Paramaribo"
    )


def test_after_a_long_sleep_there_is_one_digest_not_three(mentorship, mentee):
    with time_machine.travel(at("2027-01-11T09:30"), tick=False):
        plan_digests()
    with time_machine.travel(at("2027-02-01T10:00"), tick=False):
        plan_digests()

    weeks = Message.objects.filter(to=mentee).values_list("occasion", flat=True)
    assert sorted(weeks) == ["2027-W02", "2027-W05"]


def test_late_in_the_week_it_waits_for_the_next_monday(mentorship):
    with time_machine.travel(at("2027-01-15T09:01"), tick=False):
        plan_digests()

    assert not Message.objects.exists()


def test_after_a_sleep_of_three_days_over_monday_the_digest_still_comes(
    mentorship, mentee
):
    with time_machine.travel(at("2027-01-14T08:00"), tick=False):
        plan_digests()
        send_due()
        plan_digests()
        send_due()

    assert [each.to for each in mail.outbox].count([mentee.email]) == 1


def test_whoever_is_matched_in_the_week_hears_it_next_monday(mentorship, mentee):
    mentorship.started_at = at("2027-01-12T15:00")
    mentorship.save()

    with time_machine.travel(at("2027-01-12T16:00"), tick=False):
        plan_digests()
    assert not Message.objects.exists()

    with time_machine.travel(at("2027-01-18T09:10"), tick=False):
        plan_digests()
    assert Message.objects.filter(to=mentee).count() == 1


def test_who_gets_one(mentorship, mentor, mentee, coordinator, hr_admin, outsider):
    with time_machine.travel(at("2027-01-11T09:30"), tick=False):
        plan_digests()

    assert {each.to for each in Message.objects.all()} == {
        mentor,
        mentee,
        coordinator,
        hr_admin,
    }


def test_nobody_who_left_gets_one(mentorship, mentee):
    mentee.is_active = False
    mentee.save()

    with time_machine.travel(at("2027-01-11T09:30"), tick=False):
        plan_digests()

    assert not Message.objects.filter(to=mentee).exists()


def test_nothing_to_say_is_nothing_sent(program, coordinator):
    with time_machine.travel(at("2027-01-11T09:30"), tick=False):
        plan_digests()
        send_due()

    assert mail.outbox == []
    assert Message.objects.get().state == Message.State.DROPPED


def test_planning_asks_the_same_number_of_queries_for_ten_times_the_people(program):
    def queries_for(pairs):
        members = []
        for _ in range(pairs):
            mentorship = factories.MentorshipFactory(program=program)
            members += [
                factories.MemberFactory(mentorship=mentorship, participant__role=role)
                for role in (Role.MENTEE, Role.MENTOR)
            ]
        with CaptureQueriesContext(connection) as queries:
            assert plan_digests() == len(members)
        return len(queries)

    with time_machine.travel(at("2027-01-11T09:30"), tick=False):
        assert queries_for(2) == queries_for(20)


def test_once_everybody_has_theirs_looking_again_writes_nothing(mentorship):
    with time_machine.travel(at("2027-01-11T09:30"), tick=False):
        plan_digests()
        with CaptureQueriesContext(connection) as queries:
            assert plan_digests() == 0

    assert not [each for each in queries if each["sql"].startswith("INSERT")]
