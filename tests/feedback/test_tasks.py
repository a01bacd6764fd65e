from datetime import datetime, timedelta

import time_machine
from django.utils import timezone

from feedback.actions import (
    from_template,
    open_wave,
    retire_survey,
    save_question,
    to_ask,
)
from feedback.models import CareSettings, FreshSheet, Invitation, Survey, Wave
from feedback.tasks import plan_waves, quarter, settle_answers
from mentorships.models import Mentorship
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
    on_day(program, 0)
    start = timezone.now()
    for day in (30, 60, 89, 90, 120, 150):
        with time_machine.travel(start + timedelta(days=day), tick=False):
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


def test_a_pair_that_ends_in_a_programme_that_is_closing_is_asked_how_it_was(
    program, in_mentorships
):
    pair, other = in_mentorships(2)
    from_template(program, "closing-mentee")
    from_template(program, "half-way")
    Mentorship.objects.filter(pk=other.pk).update(
        started_at=timezone.now() - program.length / 2 - timedelta(days=1)
    )
    Program.objects.update(state="closing")
    pair.end()

    plan_waves()

    [asked] = Invitation.objects.select_related("wave__survey")
    assert asked.wave.survey.key == "closing-mentee"


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


# --- dates, stages, rest


def test_a_survey_on_a_date_is_asked_on_that_date(program, in_mentorships):
    in_mentorships(3)
    survey = from_template(program, "programme")
    Survey.objects.filter(pk=survey.pk).update(
        asks="on_date", ask_on=timezone.localdate() + timedelta(days=1)
    )
    plan_waves()
    assert not survey.waves.exists()

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        plan_waves()
        plan_waves()

    assert survey.waves.count() == 1


def test_each_pair_is_asked_half_way(program, in_mentorships):
    early, late, other = in_mentorships(3)
    from_template(program, "half-way")
    half = program.length / 2
    for pair, days in ((early, 1), (late, -1), (other, 60)):
        Mentorship.objects.filter(pk=pair.pk).update(
            started_at=timezone.now() - half - timedelta(days=days)
        )

    plan_waves()
    plan_waves()

    asked = Invitation.objects.filter(wave__survey__key="half-way")
    assert {each.to_id for each in asked} == {
        member.participant.user_id
        for member in early.members.select_related("participant")
    }


def test_mentors_and_mentees_are_asked_their_own_at_the_end(program, in_mentorships):
    [pair] = in_mentorships(1)
    from_template(program, "closing-mentor")
    from_template(program, "closing-mentee")
    pair.end()

    plan_waves()

    found = Invitation.objects.values_list("wave__survey__key", "role")
    assert sorted(found) == [("closing-mentee", "mentee"), ("closing-mentor", "mentor")]
    assert Message.objects.filter(kind="pulse").count() == 2


def test_nobody_is_asked_twice_about_one_stage_across_quarters(program, in_mentorships):
    [pair] = in_mentorships(1)
    from_template(program, "closing-mentee")
    at = datetime.fromisoformat("2027-03-25T10:00:00+00:00")
    Mentorship.objects.filter(pk=pair.pk).update(ended_at=at)

    for days in range(30):
        with time_machine.travel(at + timedelta(days=days, hours=1), tick=False):
            plan_waves()

    assert Invitation.objects.count() == 1


def test_whoever_was_asked_lately_has_their_turn_after_some_rest(
    program, in_mentorships, wave
):
    pair = program.mentorships.first()
    from_template(program, "closing-mentee")
    pair.end()

    plan_waves()
    assert not Invitation.objects.filter(wave__survey__key="closing-mentee").exists()

    with time_machine.travel(timezone.now() + timedelta(days=15), tick=False):
        plan_waves()
    assert Invitation.objects.filter(wave__survey__key="closing-mentee").count() == 1


def test_whoever_was_asked_lately_is_left_out_of_another_survey(
    program, in_mentorships, wave
):
    survey = from_template(program, "programme")
    members, rested = to_ask(survey, timezone.now())
    assert (len(members), rested) == (0, 20)

    CareSettings.objects.create(program=program, rest_days=0)

    members, rested = to_ask(survey, timezone.now())
    assert (len(members), rested) == (20, 0)


def test_the_clock_does_not_ask_again_what_was_sent_by_hand_the_day_before(
    program, in_mentorships, pulse, coordinator
):
    in_mentorships(3)
    on_day(program, 30)
    yesterday = timezone.now() - timedelta(days=1)
    open_wave(pulse, occasion="by hand", by=coordinator, now=yesterday)

    plan_waves()

    assert Wave.objects.count() == 1


def test_a_survey_that_is_retired_is_not_asked_by_the_clock(
    program, in_mentorships, pulse, coordinator
):
    in_mentorships(3)
    retire_survey(pulse, is_over=True, by=coordinator)
    on_day(program, 30)

    assert plan_waves() == 0


def test_a_new_version_does_not_ask_the_same_day_again(
    program, in_mentorships, pulse, coordinator
):
    in_mentorships(3)
    on_day(program, 30)
    plan_waves()
    save_question(pulse, pulse.questions.first(), by=coordinator)

    assert plan_waves() == 0


def test_quarters_follow_each_other_over_the_year():
    for month, name in ((1, "2026-Q1"), (6, "2026-Q2"), (12, "2026-Q4")):
        now = datetime.fromisoformat(f"2026-{month:02}-15T12:00:00+00:00")
        found, start, end = quarter(now)
        assert found == name
        assert start <= now < end
    assert quarter(end)[0] == "2027-Q1"
