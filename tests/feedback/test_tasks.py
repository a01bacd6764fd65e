from datetime import timedelta

import time_machine
from django.utils import timezone

from feedback.models import FreshSheet, Wave
from feedback.tasks import plan_waves, settle_answers
from outbox.models import Message
from programs.models import Program


def on_day(program: Program, day: int) -> None:
    """It is this day of the programme today."""
    Program.objects.filter(pk=program.pk).update(
        starts_on=timezone.localdate() - timedelta(days=day)
    )


def test_the_pulse_is_asked_on_day_30(program, in_mentorships):
    in_mentorships(3)
    on_day(program, 29)
    assert plan_waves() == 0

    on_day(program, 30)
    assert plan_waves() == 1

    assert Wave.objects.get().occasion == "day-30"


def test_the_pulse_is_asked_once_however_often_the_clock_strikes(
    program, in_mentorships
):
    in_mentorships(3)
    on_day(program, 30)

    for _hour in range(5):
        plan_waves()

    assert Wave.objects.count() == 1
    assert Message.objects.filter(occasion="").count() == 6


def test_the_pulse_comes_back_every_60_days(program, in_mentorships):
    in_mentorships(3)
    for day in (30, 60, 89, 90, 120, 150):
        on_day(program, day)
        plan_waves()

    assert {wave.occasion for wave in Wave.objects.all()} == {
        "day-30",
        "day-90",
        "day-150",
    }


def test_a_clock_that_slept_long_does_not_catch_up(program, in_mentorships):
    in_mentorships(3)
    on_day(program, 45)

    assert plan_waves() == 0


def test_the_clock_asks_only_where_a_programme_runs(program, in_mentorships):
    in_mentorships(3)
    on_day(program, 30)
    Program.objects.update(state="closing")

    assert plan_waves() == 0


def test_the_clock_goes_on_where_too_few_take_part(program, in_mentorships):
    in_mentorships(2)
    on_day(program, 30)

    assert plan_waves() == 0
    assert not Wave.objects.exists()


def test_whoever_has_not_answered_is_reminded_once(wave, answered_by):
    answered_by(3)
    answered = wave.invitations.filter(answered=True).values_list("to", flat=True)

    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        plan_waves()
        plan_waves()

    reminders = Message.objects.filter(occasion="reminder")
    assert reminders.count() == 17
    assert not reminders.filter(to__in=answered).exists()


def test_nobody_is_reminded_in_the_first_days(wave):
    with time_machine.travel(timezone.now() + timedelta(days=4), tick=False):
        plan_waves()

    assert not Message.objects.filter(occasion="reminder").exists()


def test_nobody_is_reminded_of_a_closed_survey(wave):
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=False):
        plan_waves()

    assert not Message.objects.filter(occasion="reminder").exists()


def test_the_clock_lets_answers_out_where_enough_wait(wave, answered_by):
    answered_by(4)
    assert settle_answers() == 0

    answered_by(1)
    assert settle_answers() == 5

    assert not FreshSheet.objects.exists()
