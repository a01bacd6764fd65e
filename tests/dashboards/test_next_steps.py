from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from dashboards import next_steps
from feedback.actions import open_wave, pulse_of
from mentorships.models import Action, MentoringSession
from programs.models import Participant, Program, Role
from tests import factories


@pytest.fixture(autouse=True)
def _in_english():
    """Outside a page the language is that of the house: here, the tests' own."""
    with translation.override("en"):
        yield


def titles(steps):
    return [step.title for step in steps]


def mine(user):
    return next_steps.for_participant(user, next_steps.my_mentorships(user))


def session(mentorship, hours, **fields):
    return factories.MentoringSessionFactory(
        mentorship=mentorship,
        starts_at=timezone.now() + timedelta(hours=hours),
        **fields,
    )


# --- for whoever takes part


def test_whoever_is_not_complete_completes_first(mentorship, mentee, program):
    Participant.objects.filter(user=mentee).update(state="joining")

    [first, *_others] = mine(mentee)

    assert first.title == "Complete your profile"
    assert "Leaders" in first.detail
    assert first.url == program.get_absolute_url()


def test_a_new_pair_plans_its_first_session(mentorship, mentee):
    [step] = mine(mentee)

    assert step.title == "Plan your first session with Mentor Mo"
    assert step.url == reverse("mentorships:session_plan", args=[mentorship.pk])


def test_after_a_session_comes_the_next(mentorship, mentor):
    session(mentorship, -48, held=True)

    assert titles(mine(mentor)) == ["Plan the next session with Mentee Mia"]


def test_what_is_soon_is_prepared(mentorship, mentee):
    session(mentorship, 48)

    assert titles(mine(mentee)) == ["Session with Mentor Mo"]


def test_what_is_far_away_asks_for_nothing_yet(mentorship, mentee):
    session(mentorship, 24 * 8)

    assert mine(mentee) == []


def test_what_has_passed_is_written_down_before_anything_else(mentorship, mentee):
    passed = session(mentorship, -3)
    session(mentorship, 48)

    [step] = mine(mentee)

    assert step.title == "Did you meet Mentor Mo?"
    assert step.url == reverse("mentorships:session_log", args=[passed.pk])


def test_a_session_that_goes_on_now_is_not_over(mentorship, mentee):
    session(mentorship, -0.5, minutes=60)

    assert titles(mine(mentee)) == ["Session with Mentor Mo"]


def test_an_open_survey_is_a_step_until_it_is_answered(mentorship, program, mentee):
    for role in (Role.MENTOR, Role.MENTEE) * 2:
        factories.MemberFactory(
            mentorship=factories.MentorshipFactory(program=program),
            participant__role=role,
        )
    wave = open_wave(pulse_of(program), occasion="day-30", by=None)

    assert "Pulse" in titles(mine(mentee))

    wave.invitations.update(answered=True)

    assert "Pulse" not in titles(mine(mentee))


def test_what_ended_asks_for_nothing(mentorship, mentee):
    mentorship.end()

    assert mine(mentee) == []


def test_actions_and_goals_are_those_of_the_person(mentorship, mentor, mentee):
    owner = mentorship.members.get(participant__user=mentee)
    Action.objects.create(mentorship=mentorship, owner=owner, text="Read")
    Action.objects.create(
        mentorship=mentorship, owner=owner, text="Done", done_at=timezone.now()
    )
    goal = factories.GoalFactory(mentorship=mentorship, owner=owner)

    assert [each.text for each in next_steps.open_actions(mentee)] == ["Read"]
    assert next_steps.my_goals(mentee) == [goal]
    assert next_steps.open_actions(mentor) == []
    assert next_steps.my_goals(mentor) == []


# --- for whoever runs programmes


def test_an_empty_house_begins_with_people_and_a_programme():
    assert titles(next_steps.for_hr_admin()) == [
        "Bring in your colleagues",
        "Set up your first programme",
    ]


def test_a_house_with_people_and_programmes_begins_with_neither(program, mentor):
    assert next_steps.for_hr_admin() == []


def test_a_draft_is_to_be_finished(program, coordinator):
    Program.objects.update(state="draft")

    assert titles(next_steps.for_coordinator(coordinator)) == [
        "Finish the draft of Leaders"
    ]


def test_people_who_wait_are_matched(program, coordinator, mentee):
    [step] = next_steps.for_coordinator(coordinator)

    assert step.title == "Match people in Leaders"
    assert step.detail == "1 mentee waits for a mentor."


def test_quiet_pairs_are_counted(mentorship, coordinator):
    [step] = next_steps.for_coordinator(coordinator)

    assert step.title == "1 pair is quiet for too long"
    assert step.url.endswith("?show=quiet")


def test_a_pair_with_a_plan_is_not_quiet(mentorship, coordinator):
    session(mentorship, 48)

    assert next_steps.for_coordinator(coordinator) == []


def test_another_ones_programme_is_no_business_of_mine(mentorship, outsider):
    assert next_steps.for_coordinator(outsider) == []


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_nobody_waits_in_a_programme_that_is_not_live(
    program, coordinator, mentee, state
):
    Program.objects.update(state=state)

    assert next_steps.waiting_by_program(coordinator) == {}


def test_a_moment_is_said_on_the_clock_of_the_reader():
    moment = timezone.datetime.fromisoformat("2027-07-01T08:00:00+00:00")

    with timezone.override("Asia/Tokyo"):
        assert "17:00" in next_steps.moment_words(moment)


def test_queries_do_not_grow_with_mentorships(
    program, mentor, django_assert_max_num_queries
):
    me = Participant.objects.get(user=mentor)

    def pairs(number):
        for _ in range(number):
            mentorship = factories.MentorshipFactory(program=program)
            factories.MemberFactory(mentorship=mentorship, participant=me)
            factories.MemberFactory(mentorship=mentorship)
            session(mentorship, 48, state=MentoringSession.State.PLANNED)

    pairs(1)
    with django_assert_max_num_queries(8):
        mine(mentor)
    pairs(6)
    with django_assert_max_num_queries(8):
        assert len(mine(mentor)) == 7
