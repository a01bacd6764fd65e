from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from mentorships.models import Goal, Mentorship
from programs.measures import measure
from programs.models import Program
from tests import factories


def ago(days):
    return timezone.now() - timedelta(days=days)


def pair(program, **fields):
    return factories.MentorshipFactory(program=program, **fields)


def held(mentorship, days):
    factories.MentoringSessionFactory(
        mentorship=mentorship, held=True, starts_at=ago(days)
    )


def test_it_is_too_early_to_say_anything_of_a_new_programme(program):
    keys = ["on_rhythm", "sessions_held", "goals_reached", "days_to_first_session"]

    assert [measure(program, key) for key in keys] == [None] * 4


def test_on_rhythm_counts_pairs_that_are_old_enough(program):
    held(pair(program), 3)
    held(pair(program), 15)
    pair(program)
    pair(program, started_at=ago(2))

    assert measure(program, "on_rhythm") == Decimal("66.7")


def test_on_rhythm_stays_true_when_the_programme_closes(program):
    pair(program)
    Program.objects.update(state=Program.State.CLOSING)

    assert measure(program, "on_rhythm") == 0


def test_sessions_held_leaves_out_what_was_planned(program):
    mentorship = pair(program)
    held(mentorship, 3)
    held(mentorship, 9)
    factories.MentoringSessionFactory(mentorship=mentorship, starts_at=ago(-3))

    assert measure(program, "sessions_held") == 2


def test_goals_reached_leaves_out_those_that_were_let_go(mentorship, program):
    owner = mentorship.members.first()
    for number, state in enumerate(["active", "reached", "reached", "let_go"]):
        factories.GoalFactory(
            mentorship=mentorship,
            owner=owner,
            specific=f"Goal {number}",
            state=state,
            closed_at=None if state == Goal.State.ACTIVE else timezone.now(),
        )

    assert measure(program, "goals_reached") == Decimal("66.7")


def test_days_to_the_first_session_is_the_median(program):
    for days in (30, 35, 10):
        mentorship = pair(program)
        held(mentorship, days)
        held(mentorship, 1)

    assert measure(program, "days_to_first_session") == 10


def test_another_programme_counts_for_nothing(program):
    other = factories.MentorshipFactory()
    held(other, 3)

    assert measure(program, "sessions_held") is None
    assert Mentorship.objects.count() == 1
