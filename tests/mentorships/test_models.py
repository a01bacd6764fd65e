from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.sealing import CannotOpen
from mentorships.models import (
    Action,
    Goal,
    Member,
    MentoringSession,
    Mentorship,
    PrivateNote,
)
from programs.models import Program
from tests import factories


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def test_members_see_a_mentorship_and_nobody_else(
    mentorship, mentor, mentee, coordinator, hr_admin, outsider
):
    def sees(user):
        return Mentorship.objects.visible_to(user).exists()

    assert [sees(user) for user in (mentor, mentee)] == [True, True]
    assert [sees(user) for user in (coordinator, hr_admin, outsider)] == [False] * 3


def test_those_who_run_the_programme_oversee_it(
    mentorship, coordinator, hr_admin, mentor, outsider
):
    def oversees(user):
        return Mentorship.objects.overseen_by(user).exists()

    assert [oversees(user) for user in (coordinator, hr_admin)] == [True, True]
    assert [oversees(user) for user in (mentor, outsider)] == [False, False]


def test_end_refuses_to_end_twice(mentorship):
    mentorship.end()

    with pytest.raises(ValidationError, match="already ended"):
        Mentorship.objects.get().end()


@pytest.mark.parametrize(
    ("rhythm", "days", "is_quiet"),
    [(7, 10, False), (7, 11, True), (14, 20, False), (14, 22, True), (30, 44, False)],
)
def test_quiet_is_one_and_a_half_times_the_own_rhythm(
    mentorship, rhythm, days, is_quiet
):
    Mentorship.objects.update(rhythm_days=rhythm)
    factories.MentoringSessionFactory(
        mentorship=mentorship, held=True, starts_at=days_ago(days)
    )

    found = Mentorship.objects.quiet_at(timezone.now())

    assert found.exists() is is_quiet


def test_before_the_first_session_it_counts_from_the_start(mentorship):
    found = Mentorship.objects.quiet_at(timezone.now()).get()

    assert found.last_held_at is None
    assert found.quiet_from == mentorship.started_at


def test_a_session_on_the_calendar_is_not_quiet(mentorship):
    factories.MentoringSessionFactory(
        mentorship=mentorship, starts_at=timezone.now() + timedelta(days=9)
    )

    assert not Mentorship.objects.quiet_at(timezone.now()).exists()


def test_a_session_that_did_not_happen_does_not_break_the_silence(mentorship):
    factories.MentoringSessionFactory(
        mentorship=mentorship, state=MentoringSession.State.MISSED
    )

    assert Mentorship.objects.quiet_at(timezone.now()).exists()


def test_only_running_programmes_are_asked_how_it_goes(mentorship):
    Program.objects.update(state=Program.State.CLOSING)

    assert not Mentorship.objects.quiet_at(timezone.now()).exists()
    assert Mentorship.objects.off_rhythm_at(timezone.now()).exists()


def test_an_ended_mentorship_is_never_quiet(mentorship):
    mentorship.end()

    assert not Mentorship.objects.off_rhythm_at(timezone.now()).exists()


def test_a_private_note_is_sealed_in_the_database(mentorship, mentee):
    session = factories.MentoringSessionFactory(mentorship=mentorship)
    note = PrivateNote(session=session, author=mentee)
    note.write("I was nervous.")
    note.save()

    kept = PrivateNote.objects.get()

    assert b"nervous" not in bytes(kept.sealed)
    assert kept.read() == "I was nervous."


def test_a_private_note_moved_to_another_session_does_not_open(mentorship, mentee):
    first = factories.MentoringSessionFactory(mentorship=mentorship)
    second = factories.MentoringSessionFactory(mentorship=mentorship)
    note = PrivateNote(session=first, author=mentee)
    note.write("I was nervous.")
    note.save()

    PrivateNote.objects.update(session=second)

    with pytest.raises(CannotOpen):
        PrivateNote.objects.get().read()


def test_a_private_note_given_to_another_author_does_not_open(
    mentorship, mentor, mentee
):
    session = factories.MentoringSessionFactory(mentorship=mentorship)
    note = PrivateNote(session=session, author=mentee)
    note.write("I was nervous.")
    note.save()

    PrivateNote.objects.update(author=mentor)

    with pytest.raises(CannotOpen):
        PrivateNote.objects.get().read()


def test_a_private_note_does_not_open_with_another_key(mentorship, mentee, settings):
    note = PrivateNote(
        session=factories.MentoringSessionFactory(mentorship=mentorship), author=mentee
    )
    note.write("I was nervous.")

    settings.NOTES_KEY = "another"

    with pytest.raises(CannotOpen):
        note.read()


def test_another_secret_key_leaves_private_notes_readable(mentorship, mentee, settings):
    note = PrivateNote(
        session=factories.MentoringSessionFactory(mentorship=mentorship), author=mentee
    )
    note.write("I was nervous.")

    settings.SECRET_KEY = "another"

    assert note.read() == "I was nervous."


def test_the_same_words_are_never_sealed_the_same_way(mentorship, mentee):
    note = PrivateNote(
        session=factories.MentoringSessionFactory(mentorship=mentorship), author=mentee
    )
    note.write("Yes.")
    first = note.sealed
    note.write("Yes.")

    assert note.sealed != first


def test_there_is_one_session_at_a_moment_unless_it_was_taken_back(mentorship):
    moment = timezone.now()
    factories.MentoringSessionFactory(
        mentorship=mentorship, starts_at=moment, state="missed"
    )
    factories.MentoringSessionFactory(mentorship=mentorship, starts_at=moment)

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.MentoringSessionFactory(mentorship=mentorship, starts_at=moment)


@pytest.mark.parametrize(
    ("start", "target", "entries", "percent"),
    [
        (0, 10, [], 0),
        (0, 10, [4], 40),
        (0, 10, [4, 12], 100),
        (10, 2, [6], 50),
        (10, 2, [11], 0),
    ],
)
def test_a_goal_counts_in_either_direction(
    mentee, mentorship, start, target, entries, percent
):
    goal = factories.GoalFactory(
        mentorship=mentorship,
        owner=Member.objects.get(participant__user=mentee),
        start=start,
        target=target,
    )
    for value in entries:
        goal.progress.create(value=value)

    assert goal.percent == percent


def test_a_goal_aims_at_another_value_than_it_begins_with(mentorship):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.GoalFactory(mentorship=mentorship, start=5, target=5)


def test_open_actions_come_first_and_the_soonest_before(mentorship):
    owner = mentorship.members.first()
    today = timezone.localdate()
    for text, due_on, done_at in [
        ("done", today, timezone.now()),
        ("some day", None, None),
        ("later", today + timedelta(days=9), None),
        ("soon", today + timedelta(days=1), None),
    ]:
        Action.objects.create(
            mentorship=mentorship,
            owner=owner,
            text=text,
            due_on=due_on,
            done_at=done_at,
        )

    assert [str(action) for action in mentorship.actions.all()] == [
        "soon",
        "later",
        "some day",
        "done",
    ]


def test_things_say_who_and_what_they_are(mentorship, mentor, mentee):
    session = factories.MentoringSessionFactory(mentorship=mentorship)

    assert str(mentorship) == "Mentee Mia & Mentor Mo"
    assert str(mentorship.members.first()) == "Mentee Mia"
    assert str(session).startswith(f"{mentorship.pk} ")
    assert str(PrivateNote(pk=7)) == "private note 7"
    assert str(Goal(specific="Chair a meeting")) == "Chair a meeting"
    assert mentorship.member_for(mentor).role == "mentor"
    assert mentorship.member_for(factories.UserFactory()) is None
