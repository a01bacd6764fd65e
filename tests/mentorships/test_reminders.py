"""The clocks of a mentorship: first step, half-way, silence, the end."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from mentorships.models import Mentorship
from mentorships.tasks import (
    end_what_is_over,
    plan_along_the_way,
    plan_first_steps,
    plan_for_silence,
)
from outbox.models import Message
from outbox.tasks import send_due
from programs.models import Participant, Program, Role
from tests import factories

NOW = datetime.fromisoformat("2027-01-12T10:00:00+01:00")


@pytest.fixture
def pair(mentorship):
    """The mentor and the mentee, matched just now, in a programme of a year."""
    Mentorship.objects.update(started_at=NOW)
    Program.objects.update(starts_on=date(2027, 1, 12), ends_on=date(2028, 1, 10))
    mentorship.refresh_from_db()
    return mentorship


def planned(*tasks, days, kinds, start=0):
    """Who gets what on which day, when the clock runs every day."""
    found = []
    with time_machine.travel(NOW, tick=False) as clock:
        for day in range(start, days):
            clock.move_to(NOW + timedelta(days=day))
            seen = set(Message.objects.values_list("pk", flat=True))
            for task in (*tasks, *tasks):
                task()
            found += [
                (day, each.kind, each.to.first_name)
                for each in Message.objects.filter(kind__in=kinds)
                .exclude(pk__in=seen)
                .select_related("to")
                .order_by("to__name")
            ]
    return found


def mails_on(day, *tasks):
    mail.outbox.clear()
    with time_machine.travel(NOW + timedelta(days=day), tick=False):
        for task in tasks:
            task()
        send_due()
    return mail.outbox


# --- the first step


def test_the_mentee_is_asked_after_3_days_and_both_after_7(pair):
    assert planned(plan_first_steps, days=30, kinds=["first_step"]) == [
        (3, "first_step", "Mentee"),
        (7, "first_step", "Mentee"),
        (7, "first_step", "Mentor"),
    ]


@pytest.mark.parametrize("state", ["planned", "held"])
def test_whoever_planned_or_met_is_not_asked(pair, state):
    factories.MentoringSessionFactory(
        mentorship=pair, state=state, starts_at=NOW + timedelta(days=5)
    )

    assert planned(plan_first_steps, days=30, kinds=["first_step"]) == []


def test_it_is_dropped_once_something_is_planned(pair):
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        plan_first_steps()
    factories.MentoringSessionFactory(
        mentorship=pair, starts_at=NOW + timedelta(days=5)
    )

    assert mails_on(3) == []


def test_each_is_asked_in_words_of_their_own(pair, mentor, mentee):
    found = {each.to[0]: each for each in mails_on(7, plan_first_steps)}

    assert "The first step is yours" in found[mentee.email].body
    assert "a date from you makes it small" in found[mentor.email].body
    assert f"/mentorships/{pair.pk}/sessions/plan/" in found[mentee.email].body
    assert found[mentee.email].reply_to == [mentor.email]


def test_after_a_long_standstill_nobody_is_asked_about_the_first_step(pair):
    with time_machine.travel(NOW + timedelta(days=20), tick=False):
        plan_first_steps()

    assert not Message.objects.exists()


# --- half-way and the end


def test_half_way_and_the_end_are_announced_on_their_days(pair):
    Program.objects.update(ends_on=date(2027, 5, 12))  # 120 days later
    kinds = ["half_way", "ending"]

    found = planned(plan_along_the_way, days=150, kinds=kinds)

    assert [(day, kind) for day, kind, name in found if name == "Mentee"] == [
        (60, "half_way"),
        (99, "ending"),
        (120, "ending"),
        (127, "ending"),
        (134, "ending"),
    ]
    assert len(found) == 10


def test_before_the_end_and_after_it_the_words_differ(pair):
    Program.objects.update(ends_on=date(2027, 5, 12))

    before = mails_on(99, plan_along_the_way)[0].body
    after = mails_on(127, plan_along_the_way)[0].body

    assert "ends on 12 May" in before
    assert "is closed on 2 June" in after


def test_whoever_rounded_off_hears_no_more_of_it(pair):
    Program.objects.update(ends_on=date(2027, 5, 12))
    with time_machine.travel(NOW + timedelta(days=90), tick=False):
        pair.end()

    assert planned(plan_along_the_way, days=150, kinds=["ending"], start=95) == []


def test_a_new_last_day_is_announced_anew(pair):
    Program.objects.update(ends_on=date(2027, 5, 12))
    planned(plan_along_the_way, days=100, kinds=["ending"], start=95)
    Program.objects.update(ends_on=date(2027, 6, 12))

    found = planned(plan_along_the_way, days=140, kinds=["ending"], start=100)

    assert [day for day, _kind, name in found if name == "Mentor"] == [130]


def test_three_weeks_after_the_end_what_is_left_is_closed(pair):
    Program.objects.update(ends_on=date(2027, 5, 12))
    for day in range(95, 141):
        mails_on(day, plan_along_the_way, end_what_is_over)
    assert Mentorship.objects.active().exists()

    mails_on(141, end_what_is_over)

    assert not Mentorship.objects.active().exists()
    assert Participant.objects.get(user__name="Mentor Mo").places_taken == 0


def test_nothing_is_closed_of_which_nobody_heard(pair):
    Program.objects.update(ends_on=date(2027, 5, 12))

    mails_on(160, end_what_is_over)

    assert Mentorship.objects.active().exists()


# --- silence


def test_silence_is_a_nudge_then_a_question(pair, coordinator):
    kinds = ["silence_nudge", "silence_ask", "silence_told"]

    assert planned(plan_for_silence, days=110, kinds=kinds) == [
        (60, "silence_nudge", "Mentee"),
        (60, "silence_nudge", "Mentor"),
        (90, "silence_told", "Cora"),
        (90, "silence_ask", "Mentee"),
        (90, "silence_ask", "Mentor"),
    ]


def test_after_97_days_it_ends_without_fault_and_both_hear_it(pair, mentor, mentee):
    for day in range(88, 97):
        mails_on(day, plan_for_silence, end_what_is_over)
    assert Mentorship.objects.active().exists()

    found = mails_on(97, end_what_is_over)

    assert not Mentorship.objects.active().exists()
    assert sorted(each.to[0] for each in found) == sorted([mentor.email, mentee.email])
    assert "nobody’s fault" in found[0].body


def test_a_session_in_time_keeps_it(pair):
    for day in range(88, 96):
        mails_on(day, plan_for_silence)
    factories.MentoringSessionFactory(
        mentorship=pair, held=True, starts_at=NOW + timedelta(days=95)
    )

    mails_on(98, end_what_is_over)

    assert Mentorship.objects.active().exists()


def test_after_a_standstill_people_are_asked_before_it_ends(pair):
    mails_on(120, plan_for_silence, end_what_is_over)
    assert Mentorship.objects.active().exists()

    mails_on(126, plan_for_silence, end_what_is_over)
    assert Mentorship.objects.active().exists()

    mails_on(127, end_what_is_over)
    assert not Mentorship.objects.active().exists()


def test_the_question_cannot_be_switched_off(pair, mentee):
    from outbox.models import Preference

    Preference.objects.create(user=mentee, kind="silence_ask", wanted=False)

    assert [mentee.email] in [each.to for each in mails_on(90, plan_for_silence)]


def test_the_question_is_dropped_once_they_planned(pair):
    with time_machine.travel(NOW + timedelta(days=90), tick=False):
        plan_for_silence()
    factories.MentoringSessionFactory(
        mentorship=pair, starts_at=NOW + timedelta(days=95)
    )

    assert mails_on(90) == []


def test_the_coordinator_reads_who_and_since_when(pair, coordinator):
    found = mails_on(90, plan_for_silence)

    [told] = [each for each in found if each.to == [coordinator.email]]
    assert "Mentee Mia, Mentor Mo" in told.subject
    assert "12 January" in told.body


def test_a_programme_that_does_not_run_has_no_silence(pair):
    Program.objects.update(state="closing")

    assert planned(plan_for_silence, days=110, kinds=["silence_nudge"], start=60) == []


@pytest.mark.parametrize(
    ("task", "day"), [(plan_first_steps, 3), (plan_for_silence, 91)]
)
def test_queries_do_not_grow_with_pairs(
    program, coordinator, task, day, django_assert_max_num_queries
):
    def pairs(number):
        for _ in range(number):
            mentorship = factories.MentorshipFactory(program=program, started_at=NOW)
            for role in (Role.MENTEE, Role.MENTOR):
                factories.MemberFactory(mentorship=mentorship, participant__role=role)

    with time_machine.travel(NOW + timedelta(days=day), tick=False):
        pairs(2)
        with django_assert_max_num_queries(8):
            task()
        pairs(10)
        with django_assert_max_num_queries(8):
            task()

    assert Message.objects.exists()
