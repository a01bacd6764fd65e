from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentorships import actions
from mentorships.models import (
    Action,
    Goal,
    Member,
    MentoringSession,
    Mentorship,
    Milestone,
    PrivateNote,
)
from outbox.models import Message
from programs.models import Role
from tests import factories


def at(name, *args):
    return reverse(f"mentorships:{name}", args=args)


def text(response):
    return response.content.decode()


def tomorrow():
    return timezone.now() + timedelta(days=1)


@pytest.fixture
def as_mentee(as_user, mentorship, mentee):
    return as_user(mentee)


@pytest.fixture
def as_mentor(as_user, mentorship, mentor):
    return as_user(mentor)


@pytest.fixture
def past(mentorship):
    return factories.MentoringSessionFactory(mentorship=mentorship)


@pytest.fixture
def coming(mentorship):
    return factories.MentoringSessionFactory(
        mentorship=mentorship, starts_at=tomorrow()
    )


@pytest.fixture
def goal(mentorship, mentee):
    return factories.GoalFactory(
        mentorship=mentorship,
        owner=mentorship.members.get(participant__user=mentee),
        target=10,
    )


def when(days=1, hour="10:00", **fields):
    day = timezone.localdate() + timedelta(days=days)
    return {
        "on": f"{day:%Y-%m-%d}",
        "at": hour,
        "minutes": 60,
        "mode": "video",
        "place": "",
        "subject": "",
        **fields,
    }


def log(mentorship, days=0, **fields):
    day = timezone.localdate() - timedelta(days=days)
    return {
        "on": f"{day:%Y-%m-%d}",
        "minutes": 60,
        "came": [member.pk for member in mentorship.members.all()],
        "shared": "",
        "seen_version": 0,
        "private": "",
        "action": "",
        "owner": "",
        "due_on": "",
        **fields,
    }


# --- who may open what

PAGES_OF_A_PAIR = [
    ("get", "mentorship_detail", "mentorship"),
    ("get", "mentorship_end", "mentorship"),
    ("post", "mentorship_end", "mentorship"),
    ("post", "mentorship_rhythm", "mentorship"),
    ("post", "action_add", "mentorship"),
    ("get", "session_plan", "mentorship"),
    ("get", "session_log_new", "mentorship"),
    ("get", "goal_add", "mentorship"),
    ("post", "goal_review", "mentorship"),
    ("get", "session_detail", "past"),
    ("get", "session_log", "past"),
    ("post", "session_log", "past"),
    ("post", "session_miss", "past"),
    ("get", "session_move", "past"),
    ("post", "session_cancel", "past"),
    ("get", "goal_detail", "goal"),
    ("get", "goal_edit", "goal"),
    ("post", "goal_progress", "goal"),
    ("post", "goal_close", "goal"),
    ("post", "milestone_add", "goal"),
]


@pytest.mark.parametrize("role", ["coordinator", "hr_admin", "it_admin", "outsider"])
def test_the_page_of_a_pair_is_not_there_for_others(
    role, request, as_user, mentorship, past, goal
):
    things = {"mentorship": mentorship, "past": past, "goal": goal}
    client = as_user(request.getfixturevalue(role))

    for method, name, thing in PAGES_OF_A_PAIR:
        response = getattr(client, method)(at(name, things[thing].pk))
        assert response.status_code == 404, name


def test_another_mentor_of_the_programme_cannot_look_in(as_user, program, mentorship):
    other = factories.ParticipantFactory(program=program, role=Role.MENTOR).user

    response = as_user(other).get(at("mentorship_detail", mentorship.pk))

    assert response.status_code == 404


def test_an_action_of_another_pair_cannot_be_ticked(as_mentee, mentorship):
    other = factories.MemberFactory()
    action = Action.objects.create(
        mentorship=other.mentorship, owner=other, text="Theirs"
    )

    response = as_mentee.post(
        at("action_toggle", mentorship.pk, action.pk), {"done": "yes"}
    )

    assert response.status_code == 404


def test_the_goal_of_the_other_is_to_be_looked_at_only(as_mentor, goal):
    assert as_mentor.get(at("goal_detail", goal.pk)).status_code == 200
    for name in ("goal_edit", "goal_progress", "goal_close", "milestone_add"):
        assert as_mentor.post(at(name, goal.pk)).status_code == 403


# --- the list and the page of the pair


def test_a_mentor_sees_all_mentees_in_one_list(as_mentor, mentorship, program, mentor):
    second = factories.MentorshipFactory(program=program)
    Member.objects.create(
        mentorship=second,
        participant=mentor.participations.get(),
        role=Role.MENTOR,
    )
    factories.MemberFactory(mentorship=second, participant__user__name="Second Sam")

    page = text(as_mentor.get(at("mentorship_list")))

    assert "Mentee Mia" in page
    assert "Second Sam" in page


def test_the_list_tells_who_has_nothing_what_will_happen(as_user, outsider):
    page = text(as_user(outsider).get(at("mentorship_list")))

    assert "No mentorship yet" in page


def test_ended_mentorships_stand_apart(as_mentee, mentorship):
    mentorship.end()

    page = text(as_mentee.get(at("mentorship_list")))

    assert "Ended" in page


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("nothing", "Plan your first session"),
        ("past", "Did you meet?"),
        ("coming", "Prepare"),
        ("held", "Plan the next session"),
        ("ended", "This mentorship has ended"),
    ],
)
def test_the_page_says_what_is_next(as_mentee, mentorship, what, sentence):
    if what == "past":
        factories.MentoringSessionFactory(mentorship=mentorship)
    elif what == "coming":
        factories.MentoringSessionFactory(mentorship=mentorship, starts_at=tomorrow())
    elif what == "held":
        factories.MentoringSessionFactory(mentorship=mentorship, held=True)
    elif what == "ended":
        mentorship.end()

    assert sentence in text(as_mentee.get(at("mentorship_detail", mentorship.pk)))


def fill(mentorship, number):
    owner = mentorship.members.first()
    for each in range(number):
        moment = timezone.now() - timedelta(days=40 + each)
        factories.MentoringSessionFactory(
            mentorship=mentorship, held=True, starts_at=moment
        )
        goal = factories.GoalFactory(
            mentorship=mentorship, owner=owner, specific=f"Goal {number} {each}"
        )
        goal.progress.create(value=1)
        Action.objects.create(
            mentorship=mentorship, owner=owner, text=f"Action {number} {each}"
        )


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_queries_of_the_page_do_not_grow_with_rows(as_mentee, mentorship):
    url = at("mentorship_detail", mentorship.pk)

    fill(mentorship, 1)
    few = queries(as_mentee, url)
    fill(mentorship, 8)

    assert queries(as_mentee, url) == few <= 15


def test_queries_of_the_lists_do_not_grow_with_pairs(
    as_user, as_mentor, coordinator, program, mentor
):
    client = as_user(coordinator)
    mine, overview = at("mentorship_list"), at("program_mentorships", program.slug)
    few = queries(as_mentor, mine), queries(client, overview)

    for _ in range(6):
        mentorship = factories.MentorshipFactory(program=program)
        Member.objects.create(
            mentorship=mentorship,
            participant=mentor.participations.get(),
            role=Role.MENTOR,
        )
        factories.MemberFactory(mentorship=mentorship)
        fill(mentorship, 2)

    assert (queries(as_mentor, mine), queries(client, overview)) == few
    assert max(few) <= 15


# --- what we will do


def test_an_action_is_added_and_ticked_without_javascript(as_mentee, mentorship):
    owner = mentorship.members.first()
    page = at("mentorship_detail", mentorship.pk)

    added = as_mentee.post(
        at("action_add", mentorship.pk),
        {"text": "Call Jan", "owner": owner.pk, "due_on": ""},
    )
    assert added.url == page
    assert "Call Jan" in text(as_mentee.get(page))

    url = at("action_toggle", mentorship.pk, Action.objects.get().pk)
    as_mentee.post(url, {"done": "yes"})
    assert Action.objects.get().done_at
    as_mentee.post(url, {"done": "no"})
    assert not Action.objects.get().done_at


def test_a_wrong_action_keeps_what_was_typed(as_mentee, mentorship):
    response = as_mentee.post(
        at("action_add", mentorship.pk), {"text": "Call Jan", "owner": ""}
    )

    assert response.status_code == 422
    assert "Call Jan" in text(response)
    assert "There is a problem" in text(response)


def test_the_same_action_twice_is_said_and_not_written(as_mentee, mentorship):
    data = {"text": "Call Jan", "owner": mentorship.members.first().pk}
    url = at("action_add", mentorship.pk)
    as_mentee.post(url, data)

    response = as_mentee.post(url, data)

    assert response.status_code == 422
    assert "stands on the list already" in text(response)
    assert Action.objects.count() == 1


def test_an_action_cannot_come_back_beside_its_twin(as_mentee, mentorship):
    owner = mentorship.members.first()
    done = Action.objects.create(
        mentorship=mentorship, owner=owner, text="Call Jan", done_at=timezone.now()
    )
    Action.objects.create(mentorship=mentorship, owner=owner, text="Call Jan")

    response = as_mentee.post(
        at("action_toggle", mentorship.pk, done.pk), {"done": "no"}, follow=True
    )

    assert "stands on the list already" in text(response)
    assert Action.objects.open().count() == 1


def test_htmx_gets_the_actions_alone(as_mentee, mentorship):
    response = as_mentee.get(
        at("mentorship_detail", mentorship.pk),
        headers={"HX-Request": "true", "HX-Target": "actions"},
    )

    assert text(response).lstrip().startswith('<section class="card" id="actions"')


def test_somebody_of_another_pair_cannot_own_an_action(as_mentee, mentorship):
    other = factories.MemberFactory()

    response = as_mentee.post(
        at("action_add", mentorship.pk), {"text": "Call Jan", "owner": other.pk}
    )

    assert response.status_code == 422


def test_the_rhythm_can_be_changed(as_mentee, mentorship):
    url = at("mentorship_rhythm", mentorship.pk)

    as_mentee.post(url, {"rhythm_days": 30})
    assert Mentorship.objects.get().rhythm_days == 30

    as_mentee.post(url, {"rhythm_days": 5})
    assert Mentorship.objects.get().rhythm_days == 30


# --- ending


def test_ending_says_what_it_does_and_then_does_it(as_mentee, mentorship):
    url = at("mentorship_end", mentorship.pk)

    assert "No reason is asked" in text(as_mentee.get(url))
    assert as_mentee.post(url).url == mentorship.get_absolute_url()
    assert as_mentee.post(url).status_code == 409
    assert as_mentee.get(url).status_code == 302


@pytest.mark.parametrize(
    "name", ["action_add", "session_plan", "session_log_new", "goal_add"]
)
def test_nothing_new_begins_after_the_end(as_mentee, mentorship, name):
    mentorship.end()

    response = as_mentee.post(at(name, mentorship.pk), follow=True)

    assert "This mentorship has ended." in text(response)
    assert not Action.objects.exists()


# --- sessions


def test_planning_offers_a_working_day_after_the_rhythm(as_mentee, mentorship):
    last = timezone.now() - timedelta(days=2)
    factories.MentoringSessionFactory(mentorship=mentorship, held=True, starts_at=last)

    form = as_mentee.get(at("session_plan", mentorship.pk)).context["form"]

    offered = form.initial["on"]
    assert offered.weekday() < 5
    assert timedelta(days=12) <= offered - last.date() <= timedelta(days=17)


def test_a_session_is_planned_and_everybody_invited(as_mentee, mentorship):
    response = as_mentee.post(
        at("session_plan", mentorship.pk), when(place="Room 3", hour="15:30")
    )

    session = MentoringSession.objects.get()
    assert response.url == mentorship.get_absolute_url()
    assert timezone.localtime(session.starts_at).hour == 15
    assert Message.objects.filter(kind="session_planned").count() == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (when(-1), "has passed"),
        (when(hour="25:00"), "Enter a valid time"),
        ({**when(), "on": "2027-03-28", "at": "02:30"}, "skips this hour"),
    ],
)
def test_an_impossible_moment_is_refused_in_words(
    as_mentee, mentorship, data, sentence
):
    response = as_mentee.post(at("session_plan", mentorship.pk), data)

    assert response.status_code == 422
    assert sentence in text(response)
    assert not MentoringSession.objects.exists()


def test_a_session_is_moved(as_mentor, coming):
    assert as_mentor.get(at("session_move", coming.pk)).status_code == 200

    as_mentor.post(at("session_move", coming.pk), when(5, subject="The move"))

    coming.refresh_from_db()
    assert (coming.ics_sequence, coming.subject) == (1, "The move")


def test_a_session_cannot_be_moved_to_the_past_or_once_it_is_over(as_mentor, coming):
    url = at("session_move", coming.pk)

    assert as_mentor.post(url, when(-2)).status_code == 422
    MentoringSession.objects.update(state=MentoringSession.State.MISSED)
    assert as_mentor.get(url).url == coming.get_absolute_url()


def test_calling_off_asks_first(as_mentor, coming):
    url = at("session_cancel", coming.pk)

    assert "Call the session off?" in text(as_mentor.get(url))
    as_mentor.post(url)
    assert MentoringSession.objects.get().state == MentoringSession.State.MISSED
    assert "no longer planned" in text(as_mentor.post(url, follow=True))
    assert as_mentor.get(url).url == coming.get_absolute_url()


def test_a_session_that_did_not_happen_is_noted(as_mentor, past):
    url = at("session_miss", past.pk)

    as_mentor.post(url)
    assert MentoringSession.objects.get().state == MentoringSession.State.MISSED
    assert "no longer planned" in text(as_mentor.post(url, follow=True))


@pytest.mark.parametrize("state", ["planned", "held", "missed"])
def test_a_session_has_a_page_in_each_state(as_mentor, past, state):
    MentoringSession.objects.update(state=state)

    assert as_mentor.get(past.get_absolute_url()).status_code == 200


# --- writing a session down


def test_a_log_needs_a_date_and_a_length(as_mentee, mentorship, past):
    response = as_mentee.post(at("session_log", past.pk), log(mentorship, 2))

    past.refresh_from_db()
    assert response.url == mentorship.get_absolute_url()
    assert past.is_held
    assert timezone.localtime(past.starts_at).date() == (
        timezone.localdate() - timedelta(days=2)
    )


def test_what_was_never_planned_can_be_logged_once(as_mentee, mentorship):
    url = at("session_log_new", mentorship.pk)

    assert as_mentee.get(url).status_code == 200
    assert as_mentee.post(url, log(mentorship, 3)).status_code == 302
    again = as_mentee.post(url, log(mentorship, 3))

    assert again.status_code == 422
    assert "at this moment already" in text(again)
    assert MentoringSession.objects.held().count() == 1


def test_what_is_still_to_come_cannot_be_logged(as_mentee, mentorship, coming):
    response = as_mentee.get(at("session_log", coming.pk))
    assert response.url == coming.get_absolute_url()

    response = as_mentee.post(
        at("session_log_new", mentorship.pk), log(mentorship, days=-2)
    )
    assert response.status_code == 422


def test_an_action_of_the_log_has_an_owner(as_mentee, mentorship, past):
    url = at("session_log", past.pk)

    response = as_mentee.post(url, log(mentorship, 3, action="Call Jan"))
    assert response.status_code == 422
    assert "Say who does it." in text(response)

    owner = mentorship.members.first().pk
    as_mentee.post(url, log(mentorship, 3, action="Call Jan", owner=owner))
    assert Action.objects.get().text == "Call Jan"


def test_two_who_write_at_once_both_see_both(
    as_mentee, as_mentor, mentorship, past, mentee
):
    url = at("session_log", past.pk)
    as_mentor.post(url, log(mentorship, 3, shared="What Mo wrote."))

    response = as_mentee.post(
        url, log(mentorship, 3, shared="What Mia wrote.", private="Only mine.")
    )

    page = text(response)
    assert response.status_code == 422
    assert "What Mo wrote." in page
    assert "What Mia wrote." in page
    assert "Only mine." in page
    assert 'name="seen_version" value="1"' in page

    both = log(mentorship, 3, shared="What Mo wrote. What Mia wrote.", seen_version=1)
    assert as_mentee.post(url, both).status_code == 302
    assert past.notes.first().by == mentee
    assert past.notes.count() == 2


def test_earlier_versions_stay_readable(as_mentee, as_mentor, mentorship, past):
    url = at("session_log", past.pk)
    as_mentor.post(url, log(mentorship, 3, shared="First words."))
    as_mentee.post(url, log(mentorship, 3, shared="Second words.", seen_version=1))

    page = text(as_mentee.get(past.get_absolute_url()))

    assert "Second words." in page
    assert "First words." in page


def test_ends_of_lines_of_a_browser_are_not_a_change(
    as_mentee, as_mentor, mentorship, past
):
    url = at("session_log", past.pk)
    as_mentor.post(url, log(mentorship, 3, shared="One\r\nTwo"))

    as_mentee.post(url, log(mentorship, 3, shared="One\r\nTwo", seen_version=1))

    assert past.notes.get().body == "One\nTwo"


def test_a_private_note_is_on_no_page_of_the_other(
    as_mentee, as_mentor, mentorship, past
):
    url = at("session_log", past.pk)
    as_mentee.post(url, log(mentorship, 3, private="I was nervous."))

    assert "I was nervous." in text(as_mentee.get(url))
    assert "I was nervous." in text(as_mentee.get(past.get_absolute_url()))
    for page in (url, past.get_absolute_url(), mentorship.get_absolute_url()):
        assert "I was nervous." not in text(as_mentor.get(page))


def test_a_note_that_does_not_open_is_kept_until_a_new_one_is_written(
    as_mentee, mentorship, past, settings
):
    url = at("session_log", past.pk)
    as_mentee.post(url, log(mentorship, 3, private="I was nervous."))
    settings.NOTES_KEY = "another"

    assert "cannot be opened" in text(as_mentee.get(past.get_absolute_url()))
    assert "cannot be opened" in text(as_mentee.get(url))
    as_mentee.post(url, log(mentorship, 3))
    assert PrivateNote.objects.exists()

    as_mentee.post(url, log(mentorship, 3, private="A new one."))
    assert PrivateNote.objects.get().read() == "A new one."


def test_an_unusual_length_stays_as_it_is(as_mentee, past):
    MentoringSession.objects.update(minutes=50)

    assert '<option value="50" selected>' in text(
        as_mentee.get(at("session_log", past.pk))
    )


# --- goals


def goal_data(**fields):
    return {
        "specific": "I chair the weekly stand-up",
        "measure": "stand-ups chaired",
        "start": "0",
        "target": "5",
        "relevance": "I want to be heard",
        "by_on": f"{timezone.localdate() + timedelta(days=40):%Y-%m-%d}",
        "steps": "Watch one\n\nPrepare one",
        **fields,
    }


def test_a_goal_is_set_with_its_steps(as_mentee, mentorship, mentee):
    url = at("goal_add", mentorship.pk)

    assert as_mentee.get(url).status_code == 200
    response = as_mentee.post(url, goal_data())

    goal = Goal.objects.get()
    assert response.url == goal.get_absolute_url()
    assert goal.owner.participant.user == mentee
    assert [step.text for step in goal.milestones.all()] == ["Watch one", "Prepare one"]
    again = as_mentee.post(url, goal_data())
    assert again.status_code == 422
    assert "You work on this goal already." in text(again)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"target": "0"}, "not the value that you have now"),
        ({"by_on": "2020-01-01"}, "still to come"),
        ({"specific": ""}, "This field is required"),
    ],
)
def test_a_goal_that_cannot_be_is_refused_in_words(
    as_mentee, mentorship, fields, sentence
):
    response = as_mentee.post(at("goal_add", mentorship.pk), goal_data(**fields))

    assert response.status_code == 422
    assert sentence in text(response)


def test_a_goal_can_be_said_better(as_mentee, goal):
    url = at("goal_edit", goal.pk)

    assert "steps" not in as_mentee.get(url).context["form"].fields
    response = as_mentee.post(url, goal_data(specific="I chair two stand-ups"))

    goal.refresh_from_db()
    assert response.url == goal.get_absolute_url()
    assert goal.specific == "I chair two stand-ups"


def test_a_goal_cannot_become_another_one(as_mentee, mentorship, goal):
    as_mentee.post(at("goal_add", mentorship.pk), goal_data())

    response = as_mentee.post(at("goal_edit", goal.pk), goal_data())

    assert response.status_code == 422


def test_the_helper_answers_as_one_types_and_keeps_nothing(as_mentee, mentorship):
    response = as_mentee.post(
        at("goal_review", mentorship.pk),
        {"specific": "Better", "start": "x", "by_on": "2027-02-31"},
        headers={"HX-Request": "true", "HX-Target": "hints"},
    )

    assert "“better” can mean many things" in text(response)
    assert not Goal.objects.exists()
    assert as_mentee.post(at("goal_review", mentorship.pk)).status_code == 200


def test_progress_moves_the_bar_and_draws_the_line(as_mentee, goal):
    url = at("goal_progress", goal.pk)

    as_mentee.post(url, {"value": "4"})
    as_mentee.post(url, {"value": "7"})
    page = text(as_mentee.get(goal.get_absolute_url()))

    assert 'value="70"' in page
    assert "<polyline" in page
    assert page.count("<circle") == 3
    assert as_mentee.post(url, {"value": "much"}).status_code == 422


def test_steps_are_added_and_ticked(as_mentee, goal):
    for _ in range(2):
        as_mentee.post(at("milestone_add", goal.pk), {"text": "Watch one"})
    step = Milestone.objects.get()
    url = at("milestone_toggle", goal.pk, step.pk)

    as_mentee.post(url, {"done": "yes"})
    assert Milestone.objects.get().done_at
    as_mentee.post(url, {"done": "no"})
    assert not Milestone.objects.get().done_at
    assert as_mentee.post(at("milestone_add", goal.pk)).status_code == 422


@pytest.mark.parametrize("state", ["reached", "let_go"])
def test_a_goal_is_closed_with_a_look_back(as_mentee, goal, state):
    url = at("goal_close", goal.pk)

    assert as_mentee.post(url).status_code == 422
    as_mentee.post(url, {"state": state, "reflection": "It helped to practise."})
    page = text(as_mentee.get(goal.get_absolute_url()))

    assert "It helped to practise." in page
    again = as_mentee.post(url, {"state": "reached"})
    assert again.status_code == 422
    assert "has been closed" in text(again)


@pytest.mark.parametrize("name", ["goal_edit", "goal_progress", "milestone_add"])
def test_a_closed_goal_stays_as_it_was(as_mentee, goal, mentee, name):
    actions.close_goal(goal, Goal.State.REACHED, reflection="", by=mentee)

    response = as_mentee.post(at(name, goal.pk), follow=True)

    assert "This goal has been closed." in text(response)
    step = goal.milestones.create(text="Watch one")
    as_mentee.post(at("milestone_toggle", goal.pk, step.pk), {"done": "yes"})
    assert not Milestone.objects.get().done_at


# --- guides


def test_guides_are_there_for_everybody(as_user, outsider):
    client = as_user(outsider)

    assert "The first meeting" in text(client.get(at("guide_list")))
    assert "Agenda" in text(client.get(at("guide_detail", "first-meeting")))
    assert client.get(at("guide_detail", "no-such-guide")).status_code == 404


# --- for those who run the programme


def test_a_coordinator_sees_that_they_met_and_never_what_was_said(
    as_user, coordinator, program, mentorship, mentee, mentor
):
    session = factories.MentoringSessionFactory(
        mentorship=mentorship, subject="Secret subject", place="Secret room"
    )
    actions.log_session(
        session,
        by=mentee,
        came=[],
        minutes=60,
        shared="Secret words",
        seen_version=0,
        private="Secret thoughts",
        next_actions=[(mentorship.members.first(), "Secret action", None)],
    )
    factories.GoalFactory(
        mentorship=mentorship, owner=mentorship.members.first(), specific="Secret goal"
    )

    page = text(as_user(coordinator).get(at("program_mentorships", program.slug)))

    assert "Mentee Mia" in page
    assert "on rhythm" in page
    assert "Secret" not in page


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("", {"quiet", "met", "ended"}),
        ("quiet", {"quiet"}),
        ("active", {"quiet", "met"}),
        ("ended", {"ended"}),
        ("nonsense", {"quiet", "met", "ended"}),
    ],
)
def test_the_overview_can_show_a_part(as_user, coordinator, program, show, names):
    for name in ("quiet", "met", "ended"):
        mentorship = factories.MentorshipFactory(
            program=program, ended_at=timezone.now() if name == "ended" else None
        )
        factories.MemberFactory(mentorship=mentorship, participant__user__name=name)
        if name == "met":
            factories.MentoringSessionFactory(mentorship=mentorship, held=True)

    response = as_user(coordinator).get(
        at("program_mentorships", program.slug), {"show": show}
    )

    assert {str(each) for each in response.context["page"]} == names


def test_the_overview_is_for_those_who_run_it(
    as_user, program, mentor, outsider, it_admin, hr_admin
):
    url = at("program_mentorships", program.slug)

    statuses = [
        as_user(user).get(url).status_code
        for user in (hr_admin, mentor, outsider, it_admin)
    ]

    assert statuses == [200, 404, 404, 404]


def test_an_empty_overview_says_what_to_do_next(as_user, coordinator, program):
    page = text(as_user(coordinator).get(at("program_mentorships", program.slug)))

    assert "They appear when you publish a matching round." in page


def test_wall_time_is_that_of_the_person(as_user, mentorship, mentor):
    mentor.time_zone = "Asia/Tokyo"
    mentor.save()

    as_user(mentor).post(
        at("session_plan", mentorship.pk),
        {**when(), "on": "2027-07-01", "at": "09:00"},
    )

    session = MentoringSession.objects.get()
    assert session.starts_at == datetime.fromisoformat("2027-07-01T00:00:00+00:00")
    assert (session.wall_time, session.zone) == ("2027-07-01T09:00", "Asia/Tokyo")
