from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from history.models import Event
from mentorships import actions
from mentorships.models import (
    Action,
    Goal,
    MentoringSession,
    Mentorship,
    PrivateNote,
    SharedNote,
)
from outbox.models import Message
from programs.models import Participant, Role
from tests import factories

TOMORROW = timedelta(days=1)


def wall(days=1, hour=10):
    day = timezone.localdate() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour)


@pytest.fixture
def people(program, mentor, mentee):
    return [
        (Participant.objects.get(program=program, user=mentee), Role.MENTEE),
        (Participant.objects.get(program=program, user=mentor), Role.MENTOR),
    ]


@pytest.fixture
def session(mentorship):
    return factories.MentoringSessionFactory(
        mentorship=mentorship, starts_at=timezone.now() + TOMORROW
    )


def log(session, by, **changes):
    return actions.log_session(
        session,
        by=by,
        **{
            "came": session.mentorship.members.all(),
            "minutes": 60,
            "shared": "",
            "base": "",
            "private": "",
            **changes,
        },
    )


def messages(kind):
    return Message.objects.filter(kind=kind)


# --- starting and ending


def test_start_takes_a_place_of_each_and_introduces_them(program, people, coordinator):
    mentorship = actions.start_mentorship(
        program=program, people=people, by=coordinator
    )

    assert set(
        Participant.objects.filter(memberships__mentorship=mentorship).values_list(
            "user__name", "places_taken"
        )
    ) == {("Mentee Mia", 1), ("Mentor Mo", 1)}
    assert mentorship.rhythm_days == program.rhythm_days
    assert {message.to.name for message in messages("introduction")} == {
        "Mentee Mia",
        "Mentor Mo",
    }
    assert Event.objects.filter(
        about_type="mentorships.mentorship", verb="started", by=coordinator
    ).exists()


def test_start_may_have_a_rhythm_of_its_own(program, people, coordinator):
    mentorship = actions.start_mentorship(
        program=program, people=people, by=coordinator, rhythm_days=30
    )

    assert mentorship.rhythm_days == 30


def test_without_a_place_nothing_starts_and_nobody_gives_one(
    program, people, coordinator
):
    Participant.objects.filter(role=Role.MENTOR).update(capacity=0)

    with pytest.raises(ValidationError) as refused:
        actions.start_mentorship(program=program, people=people, by=coordinator)

    assert refused.value.code == "taken"
    assert not Mentorship.objects.exists()
    assert not Message.objects.exists()
    assert not Participant.objects.filter(places_taken__gt=0).exists()


def test_the_last_place_goes_to_one_of_two_who_looked_at_the_same_moment(
    program, people, coordinator
):
    (mentee, _), (mentor, _) = people
    Participant.objects.filter(pk=mentor.pk).update(capacity=1)
    other = factories.ParticipantFactory(program=program)
    seen_by_one = Participant.objects.get(pk=mentor.pk)
    seen_by_other = Participant.objects.get(pk=mentor.pk)

    actions.start_mentorship(
        program=program,
        people=[(mentee, Role.MENTEE), (seen_by_one, Role.MENTOR)],
        by=coordinator,
    )
    with pytest.raises(ValidationError, match="no free place"):
        actions.start_mentorship(
            program=program,
            people=[(other, Role.MENTEE), (seen_by_other, Role.MENTOR)],
            by=coordinator,
        )

    mentor.refresh_from_db()
    other.refresh_from_db()
    assert (mentor.places_taken, other.places_taken) == (1, 0)


def test_end_frees_places_takes_sessions_back_and_tells_everybody(
    mentorship, session, mentee
):
    actions.end_mentorship(mentorship, by=mentee)

    session.refresh_from_db()
    assert mentorship.ended_at
    assert not Participant.objects.filter(places_taken__gt=0).exists()
    assert session.state == MentoringSession.State.MISSED
    assert messages("session_cancelled").count() == 2
    assert messages("ended").count() == 2


def test_end_twice_frees_a_place_once(mentorship, mentee, mentor):
    Participant.objects.filter(user=mentor).update(places_taken=2)
    same = Mentorship.objects.get()

    actions.end_mentorship(mentorship, by=mentee)
    with pytest.raises(ValidationError):
        actions.end_mentorship(same, by=mentor)

    assert Participant.objects.get(user=mentor).places_taken == 1
    assert messages("ended").count() == 2


# --- sessions


def test_plan_keeps_the_wall_time_and_its_zone(mentorship, mentee):
    mentee.time_zone = "America/Paramaribo"

    session = actions.plan_session(mentorship, wall=wall(hour=15), by=mentee)

    session.refresh_from_db()
    assert session.wall_time == f"{wall(hour=15):%Y-%m-%dT%H:%M}"
    assert session.zone == "America/Paramaribo"
    assert session.starts_at.hour == 18
    assert messages("session_planned").count() == 2


def test_plan_refuses_a_moment_that_has_passed(mentorship, mentee):
    with pytest.raises(ValidationError, match="has passed"):
        actions.plan_session(mentorship, wall=wall(days=-1), by=mentee)


def test_plan_refuses_when_it_has_ended(mentorship, mentee):
    mentorship.end()

    with pytest.raises(ValidationError, match="has ended"):
        actions.plan_session(mentorship, wall=wall(), by=mentee)


def test_plan_twice_at_the_same_moment_is_one_session(mentorship, mentee, mentor):
    actions.plan_session(mentorship, wall=wall(), by=mentee)

    with pytest.raises(ValidationError, match="at this moment already"):
        actions.plan_session(mentorship, wall=wall(), by=mentor)

    assert mentorship.sessions.count() == 1
    assert messages("session_planned").count() == 2


def test_move_tells_everybody_each_time(session, mentee):
    actions.move_session(session, wall=wall(3), by=mentee)
    actions.move_session(session, wall=wall(4), by=mentee, place="Room 2")

    assert session.ics_sequence == 2
    assert session.place == "Room 2"
    assert messages("session_moved").count() == 4


def test_move_to_the_past_or_of_what_is_over_is_refused(session, mentee):
    with pytest.raises(ValidationError, match="still to come"):
        actions.move_session(session, wall=wall(-1), by=mentee)

    actions.cancel_session(session, by=mentee)
    with pytest.raises(ValidationError, match="no longer planned"):
        actions.move_session(session, wall=wall(2), by=mentee)


def test_taking_back_twice_tells_once(session, mentee, mentor):
    same = MentoringSession.objects.get()

    actions.cancel_session(session, by=mentee)
    with pytest.raises(ValidationError):
        actions.cancel_session(same, by=mentor)

    assert messages("session_cancelled").count() == 2


def test_what_did_not_happen_is_noted_without_mail(mentorship, mentee):
    session = factories.MentoringSessionFactory(mentorship=mentorship)

    actions.miss_session(session, by=mentee)

    session.refresh_from_db()
    assert session.state == MentoringSession.State.MISSED
    assert not Message.objects.exists()


def test_a_session_to_come_cannot_have_been_missed(session, mentee):
    with pytest.raises(ValidationError):
        actions.miss_session(session, by=mentee)


# --- the log


def test_log_keeps_who_was_there_the_notes_and_what_is_next(mentorship, mentor, mentee):
    session = factories.MentoringSessionFactory(mentorship=mentorship)
    me = mentorship.members.get(participant__user=mentee)

    log(
        session,
        mentee,
        came=[me],
        minutes=45,
        shared="We talked about the move.",
        private="I was nervous.",
        next_actions=[(me, "Call Jan", None)],
    )

    session.refresh_from_db()
    assert (session.state, session.minutes) == (MentoringSession.State.HELD, 45)
    assert [each.member for each in session.attendances.all()] == [me]
    assert [note.body for note in session.notes.all()] == ["We talked about the move."]
    assert PrivateNote.objects.visible_to(mentee).get().read() == "I was nervous."
    assert not PrivateNote.objects.visible_to(mentor).exists()
    assert Action.objects.open().get().text == "Call Jan"


def test_each_change_of_the_notes_is_a_version(mentorship, mentor, mentee):
    session = factories.MentoringSessionFactory(mentorship=mentorship)

    log(session, mentee, shared="One.")
    log(session, mentor, shared="One and two.", base="One.")
    log(session, mentee, shared="", base="One and two.")

    assert [(note.version, note.body, note.by) for note in session.notes.all()] == [
        (3, "", mentee),
        (2, "One and two.", mentor),
        (1, "One.", mentee),
    ]


def test_two_writers_at_once_lose_nothing(mentorship, mentor, mentee):
    session = factories.MentoringSessionFactory(mentorship=mentorship)
    began = "First.\nMiddle.\nLast."
    log(session, mentee, shared=began)
    log(session, mentor, shared="First, says Mo.\nMiddle.\nLast.", base=began)

    both = log(
        session,
        mentee,
        shared="First.\nMiddle.\nLast, says Mia.",
        base=began,
        private="Hm.",
    )

    assert both
    assert session.notes.first().body == "First, says Mo.\nMiddle.\nLast, says Mia."
    assert PrivateNote.objects.get().read() == "Hm."


def test_who_changed_no_note_is_never_in_the_way(mentorship, mentor, mentee):
    session = factories.MentoringSessionFactory(mentorship=mentorship)
    log(session, mentee, shared="First.")
    log(session, mentor, shared="Second.", base="First.")

    log(session, mentee, shared="First.", base="First.", private="Mine.")

    assert session.notes.first().body == "Second."
    assert PrivateNote.objects.visible_to(mentee).get().read() == "Mine."


def test_who_looked_before_the_other_wrote_keeps_both(mentorship, mentor, mentee):
    session = factories.MentoringSessionFactory(mentorship=mentorship)
    looked_before = MentoringSession.objects.prefetch_related("notes").get()
    log(session, mentor, shared="Theirs.")

    log(looked_before, mentee, shared="Mine.")

    assert session.notes.first().body == "Theirs.\nMine."
    assert SharedNote.objects.count() == 2


def test_a_note_left_out_stays_and_an_empty_one_goes(mentorship, mentee):
    session = factories.MentoringSessionFactory(mentorship=mentorship)
    log(session, mentee, private="Mine.")

    log(session, mentee, private=None)
    assert PrivateNote.objects.exists()

    log(session, mentee, private="")
    assert not PrivateNote.objects.exists()


def test_an_action_written_twice_stands_there_once(mentorship, mentee):
    session = factories.MentoringSessionFactory(mentorship=mentorship)
    me = mentorship.members.get(participant__user=mentee)

    for _ in range(2):
        log(session, mentee, next_actions=[(me, "Call Jan", None)])

    assert Action.objects.count() == 1


def test_a_session_logged_before_its_hour_was_held_now(session, mentee):
    log(session, mentee)

    session.refresh_from_db()
    assert session.starts_at <= timezone.now()


def test_two_who_press_at_the_same_moment_get_the_sentence_of_the_rule(
    mentorship, monkeypatch
):
    def action():
        return Action(
            mentorship=mentorship, owner=mentorship.members.first(), text="Call Jan"
        )

    late, check = action(), Action.full_clean
    checked_before = iter([lambda: None])

    def full_clean(self):
        # What the late one checked was true before the other one wrote.
        next(checked_before, lambda: check(self))()

    actions.add_action(action())
    monkeypatch.setattr(Action, "full_clean", full_clean)

    with pytest.raises(ValidationError, match="on the list already"):
        actions.add_action(late)


# --- goals


def test_a_goal_is_set_with_its_steps(mentorship, mentee):
    me = mentorship.members.get(participant__user=mentee)
    goal = Goal(
        mentorship=mentorship,
        owner=me,
        specific="Chair the stand-up",
        measure="times",
        target=5,
        by_on=timezone.localdate() + timedelta(days=30),
    )

    actions.set_goal(goal, steps=["Watch", "Try"], by=mentee)

    assert [step.text for step in goal.milestones.all()] == ["Watch", "Try"]
    with pytest.raises(ValidationError, match="work on this goal already"):
        actions.set_goal(
            Goal(
                mentorship=mentorship,
                owner=me,
                specific="Chair the stand-up",
                measure="times",
                by_on=goal.by_on,
            ),
            steps=[],
            by=mentee,
        )


def test_a_goal_is_closed_once(mentorship, mentee):
    goal = factories.GoalFactory(
        mentorship=mentorship,
        owner=mentorship.members.get(participant__user=mentee),
    )

    actions.close_goal(goal, Goal.State.REACHED, reflection="It helped.", by=mentee)
    with pytest.raises(ValidationError, match="has been closed"):
        actions.close_goal(goal, Goal.State.LET_GO, reflection="", by=mentee)

    goal.refresh_from_db()
    assert (goal.state, goal.reflection) == (Goal.State.REACHED, "It helped.")
    assert goal.closed_at


def test_the_rhythm_of_a_pair_can_change(mentorship, mentee):
    actions.change_rhythm(mentorship, 30, by=mentee)

    mentorship.refresh_from_db()
    assert mentorship.rhythm_days == 30
