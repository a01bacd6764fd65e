from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from dashboards import next_steps
from feedback.actions import (
    close_care,
    open_wave,
    pulse_of,
    snooze_care,
    take_care,
)
from feedback.models import CareItem, Confidant
from matching.actions import ask_mentor
from matching.models import Manner, Round
from mentorships.actions import certificate_of
from mentorships.models import (
    Action,
    MentoringSession,
    Mentorship,
    OfferedTime,
    SessionOffer,
)
from programs.actions import accept_guideline, invite, revise_guideline
from programs.models import Application, Invite, Participant, Program, Role
from programs.needs import needs_of
from tests import factories


@pytest.fixture(autouse=True)
def _in_english():
    """Outside a page the language is that of the house: here, the tests' own."""
    with translation.override("en"):
        yield


def titles(steps):
    return [step.title for step in steps]


def mine(user):
    return next_steps.for_participant(
        user, next_steps.my_parts(user), next_steps.my_mentorships(user)
    )


def asked_of(user):
    """What asks for whoever runs programmes."""
    return next_steps.for_coordinator(user, needs_of(next_steps.run_by(user), user))


def ask(mentee, mentor):
    return ask_mentor(
        Participant.objects.get(user=mentee),
        Participant.objects.get(user=mentor),
        goals="To lead",
        rhythm_days=14,
        months=6,
        by=mentee,
    )


def session(mentorship, hours, **fields):
    return factories.MentoringSessionFactory(
        mentorship=mentorship,
        starts_at=timezone.now() + timedelta(hours=hours),
        **fields,
    )


# --- for whoever takes part


def test_changed_guidelines_are_said_until_they_are_accepted(
    mentorship, mentee, program, hr_admin
):
    me = Participant.objects.get(user=mentee)
    accept_guideline(me)
    assert "The guidelines have changed" not in titles(mine(mentee))

    revise_guideline(program, "mentee", body_nl="Nieuw", body_en="New", by=hr_admin)

    assert titles(mine(mentee))[0] == "The guidelines have changed"
    Program.objects.update(state="archived")
    assert "The guidelines have changed" not in titles(mine(mentee))
    Program.objects.update(state="running")
    accept_guideline(me)
    assert "The guidelines have changed" not in titles(mine(mentee))


def test_nobody_completes_a_profile_where_nobody_is_matched_any_more(mentee):
    Participant.objects.filter(user=mentee).update(state="joining")
    assert titles(mine(mentee)) == ["Complete your profile"]

    Program.objects.update(state="closing")

    assert titles(mine(mentee)) == []


def test_whoever_is_not_complete_completes_first(mentorship, mentee, program):
    Participant.objects.filter(user=mentee).update(state="joining")

    [first, *_others] = mine(mentee)

    assert first.title == "Complete your profile"
    assert "Leaders" in first.detail
    assert first.url == program.get_absolute_url()


def offer_of(user, mentorship):
    by = mentorship.members.get(participant__user=user)
    offer = SessionOffer.objects.create(mentorship=mentorship, by=by)
    day = timezone.now() + timedelta(days=3)
    OfferedTime.objects.create(offer=offer, starts_at=day)
    return offer


def test_moments_that_were_offered_are_to_be_picked_not_planned_anew(
    mentorship, mentor, mentee
):
    offer_of(mentor, mentorship)

    [step] = mine(mentee)

    assert step.title == f"{mentor.name} offers moments to meet"
    assert step.url == mentorship.get_absolute_url()
    assert mine(mentor) == []


def test_a_session_to_write_down_comes_before_moments_to_pick(
    mentorship, mentor, mentee
):
    session(mentorship, -24)
    offer_of(mentor, mentorship)

    assert titles(mine(mentee)) == [
        f"Did you meet {mentor.name}?",
        f"{mentor.name} offers moments to meet",
    ]


def test_what_ended_leads_to_its_certificate_until_one_has_it(
    as_user, mentorship, mentor, mentee
):
    session(mentorship, -24, held=True)
    mentorship.end()

    [step] = next_steps.rounded_off(mentee)

    assert step.title == f"Rounded off with {mentor.name}"
    assert step.url == mentorship.get_absolute_url()
    home = as_user(mentee).get(reverse("dashboards:home"))
    assert step.title in home.content.decode()
    assert mine(mentee) == []
    certificate_of(mentorship.members.get(participant__user=mentee))
    assert next_steps.rounded_off(mentee) == []
    Mentorship.objects.update(ended_at=timezone.now() - timedelta(days=31))
    assert next_steps.rounded_off(mentor) == []


def test_who_never_met_has_nothing_to_round_off(mentorship, mentee):
    mentorship.end()

    assert next_steps.rounded_off(mentee) == []


@pytest.mark.parametrize(("days", "is_said"), [(9, True), (-9, False)])
def test_who_waits_reads_it_whatever_else_there_is_to_do(
    as_user, mentee, program, days, is_said
):
    day = timezone.localdate() + timedelta(days=days)
    Program.objects.update(matching_on=day)
    other = factories.MentorshipFactory()
    me = factories.ParticipantFactory(program=other.program, user=mentee)
    other.members.create(participant=me, role=Role.MENTEE)

    page = as_user(mentee).get(reverse("dashboards:home")).content.decode()

    assert "Plan your first session" in page
    assert "We look for your match" in page
    assert reverse("matching:waiting", args=[program.slug]) in page
    assert (f"you hear it on {date_format(day, 'j F')}" in page) is is_said


def test_who_chooses_is_not_told_to_wait(as_user, mentee, program):
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)

    page = as_user(mentee).get(reverse("dashboards:home")).content.decode()

    assert "Leaders: Three mentors who fit you" in page
    assert "We look for your match" not in page


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


def test_who_prepares_begins_at_the_page_of_the_session(mentorship, mentee):
    coming = session(mentorship, 5)

    [step] = mine(mentee)

    assert (step.button, step.url) == ("Prepare", coming.get_absolute_url())


def test_an_open_survey_is_a_step_until_it_is_answered(mentorship, program, mentee):
    for role in (Role.MENTOR, Role.MENTEE) * 2:
        member = factories.MemberFactory(
            mentorship=factories.MentorshipFactory(program=program),
            participant__role=role,
        )
        factories.EmploymentFactory(user=member.participant.user)
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
    Confidant.objects.create(user=mentor)

    assert next_steps.for_hr_admin() == []


def test_a_draft_is_to_be_finished(program, coordinator):
    Program.objects.update(state="draft")

    [step] = asked_of(coordinator)

    assert step.title == "Finish setting up and open it"
    assert step.detail.startswith("Leaders.")


def test_people_who_wait_are_matched(program, coordinator, mentee, mentor):
    [step] = asked_of(coordinator)

    assert step.title == "1 mentee waits for a match"
    assert step.detail == "Leaders. There are 2 free places."
    assert step.url == reverse("matching:round_list", args=["leaders"])


def test_where_a_round_is_ready_it_is_looked_at_first(
    program, coordinator, mentee, mentor
):
    rounds = [Round.objects.create(program=program, state="ready") for _n in range(2)]

    [step] = asked_of(coordinator)

    assert step.title == "1 mentee waits for a match"
    assert (
        step.detail
        == "Leaders. A round is ready: look at its proposals and publish it."
    )
    assert step.url == reverse("matching:round_detail", args=[rounds[1].pk])


def test_a_published_round_is_not_waited_for(program, coordinator, mentee, mentor):
    Round.objects.create(program=program, state="published")

    [step] = asked_of(coordinator)

    assert step.url == reverse("matching:round_list", args=["leaders"])


def test_peers_wait_for_a_circle(program, coordinator, outsider):
    Program.objects.update(model="peer")
    factories.ParticipantFactory(program=program, user=outsider, role="peer")

    assert titles(asked_of(coordinator)) == ["1 peer waits for a circle"]


def test_without_a_free_place_mentors_are_asked(program, coordinator, mentee):
    [step] = asked_of(coordinator)

    assert step.url == reverse("programs:invite_create", args=["leaders"])


def test_applications_come_before_matching(program, coordinator, mentee, outsider):
    Application.objects.create(program=program, user=outsider, role="mentee")

    steps = asked_of(coordinator)

    assert titles(steps) == [
        "1 person asks to take part",
        "1 mentee waits for a match",
    ]
    assert steps[0].url == reverse("programs:application_list", args=["leaders"])


def test_where_mentees_choose_nobody_is_told_to_match(
    program, coordinator, mentee, mentor
):
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)

    [step] = asked_of(coordinator)

    assert step.title == "1 mentee has asked nobody yet"
    assert step.url.endswith("?role=mentee&state=waiting")


def test_where_mentees_choose_requests_wait_for_an_answer(
    program, coordinator, mentee, mentor
):
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)
    ask(mentee, mentor)

    assert titles(asked_of(coordinator)) == ["1 request waits for an answer"]


def test_a_pair_that_somebody_took_is_theirs(mentorship, coordinator, hr_admin):
    session(mentorship, 48)
    item = CareItem.objects.create(mentorship=mentorship, score=10, reason_key="quiet")
    assert titles(asked_of(hr_admin)) == ["1 pair asks for a person"]

    take_care(item, by=coordinator)

    assert titles(asked_of(coordinator)) == ["You look after 1 pair"]
    assert asked_of(hr_admin) == []


# --- the same said everywhere


def test_three_pages_say_the_same_of_a_programme(
    program, coordinator, mentorship, outsider, as_user
):
    Application.objects.create(program=program, user=outsider, role="mentee")
    CareItem.objects.create(mentorship=mentorship, score=10, reason_key="quiet")
    factories.MentorshipFactory(program=program)
    client = as_user(coordinator)

    for name, arguments in (
        ("dashboards:home", []),
        ("programs:program_list", []),
        ("programs:program_detail", ["leaders"]),
    ):
        page = client.get(reverse(name, args=arguments)).content.decode()
        assert "1 person asks to take part" in page
        assert "1 pair asks for a person" in page
        assert "1 pair is quiet for too long" in page
        assert "Nothing now" not in page


def test_needs_ask_the_database_as_often_for_many(program, coordinator, mentee):
    def times():
        found = next_steps.run_by(coordinator)
        with CaptureQueriesContext(connection) as captured:
            needs_of(found, coordinator)
        return len(captured)

    few = times()
    for _ in range(5):
        more = factories.ProgramFactory(running=True)
        factories.ParticipantFactory(program=more, user=coordinator, role="coordinator")
        factories.ParticipantFactory(program=more, role="mentee")

    assert times() == few


# --- who is asked, and who chooses


def test_who_was_asked_and_has_not_decided_is_asked_at_home(
    program, outsider, coordinator, as_user
):
    invite(program, [outsider.email], "mentor", by=coordinator)

    [step] = next_steps.for_invited(outsider)
    assert step.title == "You are asked for Leaders"
    assert step.url == reverse("programs:program_join", args=["leaders", "mentor"])
    page = as_user(outsider).get(reverse("dashboards:home")).content.decode()
    assert "You are asked for Leaders" in page

    factories.ParticipantFactory(program=program, user=outsider, role="mentor")
    assert next_steps.for_invited(outsider) == []


def test_what_was_asked_and_is_over_is_not_asked_any_more(
    program, outsider, coordinator
):
    invite(program, [outsider.email], "mentor", by=coordinator)
    Invite.objects.update(expires_at=timezone.now() - timedelta(days=1))

    assert next_steps.for_invited(outsider) == []


def test_who_asked_a_mentor_sees_until_when_the_answer_comes(
    program, mentee, mentor, as_user
):
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)
    mine_url = reverse("programs:participation", args=["leaders"])
    client = as_user(mentee)
    page = client.get(mine_url).content.decode()
    assert "Choose your mentor" in page
    assert "as soon as there is a match" not in page

    found = ask(mentee, mentor)

    day = date_format(timezone.localtime(found.expires_at), "j F")
    for url in (mine_url, reverse("dashboards:home")):
        assert f"Mentor answers before {day}" in client.get(url).content.decode()


def test_who_looks_along_does_not_see_whom_somebody_asked(
    program, mentee, mentor, coordinator, as_user
):
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)
    ask(mentee, mentor)
    client = as_user(coordinator)
    me = Participant.objects.get(user=mentee)
    client.post(reverse("programs:viewing_start", args=["leaders", me.pk]))

    page = client.get(reverse("programs:participation", args=["leaders"]))

    assert "answers before" not in page.content.decode()
    assert "Choose your mentor" in page.content.decode()


def test_quiet_pairs_are_counted(mentorship, coordinator):
    [step] = asked_of(coordinator)

    assert step.title == "1 pair is quiet for too long"
    assert step.url.endswith("?show=quiet")


@pytest.mark.parametrize("what", ["taken", "put off", "closed"])
def test_a_quiet_pair_with_which_somebody_is_busy_is_not_asked_for(
    mentorship, coordinator, hr_admin, what
):
    item = CareItem.objects.create(mentorship=mentorship, score=10, reason_key="quiet")
    later = timezone.localdate() + timedelta(days=7)
    {
        "taken": lambda: take_care(item, by=coordinator),
        "put off": lambda: snooze_care(item, later, by=coordinator),
        "closed": lambda: close_care(item, "helped", reason="", by=coordinator),
    }[what]()

    assert asked_of(hr_admin) == []


def test_a_quiet_pair_in_the_care_queue_is_told_of_once(mentorship, coordinator):
    CareItem.objects.create(mentorship=mentorship, score=10, reason_key="quiet")

    assert [each.title for each in asked_of(coordinator)] == [
        "1 pair asks for a person"
    ]


def test_a_pair_with_a_plan_is_not_quiet(mentorship, coordinator):
    session(mentorship, 48)

    assert asked_of(coordinator) == []


def test_another_ones_programme_is_no_business_of_mine(mentorship, outsider):
    assert asked_of(outsider) == []


@pytest.mark.parametrize("state", ["draft", "closing", "archived"])
def test_nobody_waits_in_a_programme_that_matches_nobody(
    program, coordinator, mentee, state
):
    Program.objects.update(state=state)

    assert not next_steps.who_waits(coordinator).exists()
    assert "1 mentee waits for a match" not in titles(asked_of(coordinator))


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
    with django_assert_max_num_queries(9):
        mine(mentor)
    pairs(6)
    with django_assert_max_num_queries(9):
        assert len(mine(mentor)) == 7


def test_an_open_programme_whose_day_has_come_is_to_be_started(
    program, coordinator, mentorship
):
    Program.objects.filter(pk=program.pk).update(state=Program.State.OPEN)
    [found] = next_steps.run_by(coordinator)

    assert "start" in {need.key for need in needs_of([found], coordinator)[program.pk]}

    Program.objects.filter(pk=program.pk).update(
        starts_on=timezone.localdate() + timedelta(days=5)
    )
    [found] = next_steps.run_by(coordinator)
    assert "start" not in {
        need.key for need in needs_of([found], coordinator)[program.pk]
    }
