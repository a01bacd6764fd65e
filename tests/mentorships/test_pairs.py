from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mentorships.models import (
    Action,
    Agreement,
    Member,
    MentoringSession,
    Mentorship,
)
from programs.models import Role
from tests import factories
from tests.mentorships.pages import at, text, tomorrow

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


@pytest.mark.parametrize(
    ("minutes_ago", "is_over"), [(10, False), (59, False), (61, True)]
)
def test_a_session_is_to_be_written_down_once_it_is_over(
    as_mentee, mentorship, minutes_ago, is_over
):
    begun = timezone.now() - timedelta(minutes=minutes_ago)
    factories.MentoringSessionFactory(mentorship=mentorship, starts_at=begun)

    in_list = text(as_mentee.get(at("mentorship_list")))
    page = text(as_mentee.get(mentorship.get_absolute_url()))
    home = text(as_mentee.get("/"))

    assert ("a session to write down" in in_list) is is_over
    assert ("Did you meet?" in page) is is_over
    assert ("Did you meet Mentor Mo?" in home) is is_over


def test_ended_mentorships_stand_apart(as_mentee, mentorship):
    mentorship.end()

    page = text(as_mentee.get(at("mentorship_list")))

    assert "Ended" in page
    assert "No mentorship at the moment" in page
    assert "No mentorship yet" not in page


def test_after_the_end_what_was_agreed_on_stays_to_be_read(as_mentee, mentorship):
    Agreement.objects.create(mentorship=mentorship, minutes=60, channel="On the roof")
    mentorship.end()

    page = text(as_mentee.get(mentorship.get_absolute_url()))

    assert at("agreement", mentorship.pk) in page
    agreement = text(as_mentee.get(at("agreement", mentorship.pk)))
    assert "On the roof" in agreement
    assert "Change it" not in agreement


def test_what_was_called_off_beforehand_is_no_history(as_mentee, mentorship):
    missed = factories.MentoringSessionFactory(
        mentorship=mentorship, state=MentoringSession.State.MISSED
    )
    called_off = factories.MentoringSessionFactory(
        mentorship=mentorship,
        starts_at=tomorrow(),
        state=MentoringSession.State.MISSED,
    )

    page = text(as_mentee.get(mentorship.get_absolute_url()))

    assert missed.get_absolute_url() in page
    assert called_off.get_absolute_url() not in page


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


def test_ending_says_what_it_does_and_then_does_it(as_mentee, mentorship):
    url = at("mentorship_end", mentorship.pk)

    assert "No reason is given" in text(as_mentee.get(url))
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


def test_a_new_action_is_not_due_before_today(as_mentee, mentorship):
    url = at("action_add", mentorship.pk)
    data = {"text": "Call Jan", "owner": mentorship.members.first().pk}
    day = timezone.localdate()

    response = as_mentee.post(url, {**data, "due_on": day - timedelta(days=1)})
    assert response.status_code == 422
    assert "Choose today or a day that is still to come." in text(response)

    assert as_mentee.post(url, {**data, "due_on": day}).status_code == 302


def test_a_day_of_another_year_says_which(as_mentee, mentorship):
    this = timezone.localdate().year
    for year in (this, this + 1):
        Action.objects.create(
            mentorship=mentorship,
            owner=mentorship.members.first(),
            text=f"Call {year}",
            due_on=date(year, 12, 24),
        )

    page = text(as_mentee.get(mentorship.get_absolute_url()))

    assert "24 December</small>" in page
    assert f"24 December {this + 1}</small>" in page
