from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from feedback.actions import answer, open_wave, pulse_of, settle
from feedback.models import FreshSheet, Invitation, Survey, Wave
from feedback.results import results
from history.models import Event
from outbox.models import Message
from people.models import User
from programs.models import Program


def test_pulse_of_is_made_once_with_its_questions(program):
    first, second = pulse_of(program), pulse_of(program)

    assert first == second
    assert Survey.objects.count() == 1
    assert [each.kind for each in first.questions.all()] == [
        "scale",
        "scale",
        "many",
        "scale",
        "nps",
        "text",
    ]


def test_every_shipped_question_is_in_both_languages(pulse):
    for question in pulse.questions.all():
        assert question.text_nl
        assert question.text_en
        assert question.text_nl != question.text_en


def test_open_wave_asks_everybody_in_a_mentorship_once(pulse, in_mentorships, program):
    pairs = in_mentorships(3)
    expected = set(
        User.objects.filter(participations__memberships__mentorship__in=pairs)
    )

    wave = open_wave(pulse, occasion="day-30", by=None)

    assert {each.to for each in wave.invitations.select_related("to")} == expected
    assert sorted(wave.invitations.values_list("role", flat=True)) == [
        *["mentee"] * 3,
        *["mentor"] * 3,
    ]
    assert Message.objects.filter(kind="pulse").count() == len(expected)


def test_open_wave_twice_asks_nobody_again(pulse, in_mentorships):
    in_mentorships(3)

    first = open_wave(pulse, occasion="day-30", by=None)
    second = open_wave(pulse, occasion="day-30", by=None)

    assert first == second
    assert Invitation.objects.count() == 6
    assert Message.objects.count() == 6


def test_open_wave_asks_somebody_with_two_mentees_once(
    pulse, mentorship, in_mentorships, program
):
    in_mentorships(3)
    mentor = mentorship.members.get(role="mentor").participant
    for member in mentorship.members.filter(role="mentee"):
        other = program.mentorships.exclude(pk=mentorship.pk).first()
        other.members.filter(role="mentor").update(participant=mentor)
        assert member

    wave = open_wave(pulse, occasion="day-30", by=None)

    assert wave.invitations.filter(to=mentor.user).count() == 1


def test_open_wave_leaves_out_leavers_and_ended_mentorships(pulse, in_mentorships):
    pairs = in_mentorships(5)
    left = pairs[0].members.get(role="mentee").participant.user
    User.objects.filter(pk=left.pk).update(is_active=False)
    pairs[1].end()

    wave = open_wave(pulse, occasion="day-30", by=None)

    asked = {each.to_id for each in wave.invitations.all()}
    assert len(asked) == 7
    assert left.pk not in asked


def test_open_wave_refuses_what_could_never_be_shown(pulse, in_mentorships):
    in_mentorships(2)

    with pytest.raises(ValidationError):
        open_wave(pulse, occasion="day-30", by=None)

    assert not Wave.objects.exists()
    assert not Message.objects.exists()


def test_open_wave_writes_down_who_did_it(pulse, in_mentorships, coordinator):
    in_mentorships(3)

    open_wave(pulse, occasion="by hand", by=coordinator)

    assert Event.objects.filter(verb="opened", by=coordinator).count() == 1


def test_answering_leaves_no_trace_of_who_it_was(wave, fill_in):
    invitation = wave.invitations.first()
    before = Event.objects.count()

    fill_in(invitation, text="only I would say this")

    invitation.refresh_from_db()
    assert invitation.answered
    assert Event.objects.count() == before
    assert FreshSheet.objects.count() == 1


def test_answering_twice_is_refused(wave, fill_in):
    invitation = wave.invitations.first()
    fill_in(invitation)

    with pytest.raises(ValidationError) as refusal:
        fill_in(invitation)

    assert refusal.value.code == "again"
    assert FreshSheet.objects.count() == 1


def test_answering_a_closed_survey_is_refused(wave):
    Wave.objects.update(closes_at=timezone.now())
    invitation = wave.invitations.select_related("wave").first()

    with pytest.raises(ValidationError) as refusal:
        answer(invitation, {})

    assert refusal.value.code == "closed"
    invitation.refresh_from_db()
    assert not invitation.answered


def test_settle_keeps_sheets_while_there_are_fewer_than_the_floor(wave, answered_by):
    answered_by(4)

    assert settle(wave) == 0
    assert FreshSheet.objects.count() == 4
    assert results(wave)[0] == 0


def test_settle_lets_five_out_at_once(wave, answered_by):
    answered_by(5)

    assert settle(wave) == 5
    assert not FreshSheet.objects.exists()
    assert results(wave)[0] == 5


def test_settle_twice_changes_nothing(wave, answered_by):
    answered_by(5)
    settle(wave)

    assert settle(wave) == 0
    assert results(wave)[0] == 5


def test_one_more_answer_changes_nothing_that_is_shown(wave, answered_by):
    answered_by(6, scale=5)
    settle(wave)
    shown = [(each.answered, each.mean) for each in results(wave)[1]]

    answered_by(1, scale=1)
    settle(wave)

    assert [(each.answered, each.mean) for each in results(wave)[1]] == shown


def test_the_rest_joins_when_enough_more_have_answered(wave, answered_by):
    answered_by(5, scale=5)
    settle(wave)
    answered_by(4, scale=1)
    settle(wave)
    answered_by(1, scale=1)
    settle(wave)

    sheets, found = results(wave)

    assert sheets == 10
    assert found[0].mean == 3


def test_a_survey_of_another_programme_is_another_survey(program):
    other = Program.objects.create(slug="other", name_en="Other")

    assert pulse_of(program) != pulse_of(other)


def test_a_wave_is_two_weeks_long(pulse, in_mentorships):
    in_mentorships(3)

    wave = open_wave(pulse, occasion="day-30", by=None)

    assert wave.closes_at - wave.opens_at == timedelta(days=14)
