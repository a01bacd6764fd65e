from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from mentorships import actions
from mentorships.models import (
    Goal,
    Milestone,
)
from tests.mentorships.pages import at, text


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
        ({"target": "-5"}, "never less than 0"),
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


def test_what_is_counted_is_never_less_than_nothing(as_mentee, goal):
    response = as_mentee.post(at("goal_progress", goal.pk), {"value": "-4"})

    assert response.status_code == 422
    assert "never less than 0" in text(response)
    assert not goal.progress.exists()


def test_who_goes_down_and_a_scale_below_zero_may_be(as_mentee, mentorship):
    url = at("goal_add", mentorship.pk)
    for name, start, target in (("down", 5, 0), ("scale", -5, -2)):
        data = goal_data(specific=name, start=start, target=target)
        assert as_mentee.post(url, data).status_code == 302

    scale = Goal.objects.get(specific="scale")
    as_mentee.post(at("goal_progress", scale.pk), {"value": "-3.5"})
    assert scale.percent == 50


def test_further_than_the_target_is_asked_about(as_mentee, goal):
    url = at("goal_progress", goal.pk)

    assert "slip" in text(as_mentee.post(url, {"value": "99"}, follow=True))
    assert "slip" not in text(as_mentee.post(url, {"value": "10"}, follow=True))


def test_a_goal_that_ran_late_keeps_its_day_and_gets_no_other_past_one(as_mentee, goal):
    url = at("goal_edit", goal.pk)
    late = timezone.localdate() - timedelta(days=9)
    Goal.objects.update(by_on=late)

    assert as_mentee.post(url, goal_data(by_on=f"{late}")).status_code == 302
    earlier = late - timedelta(days=1)
    response = as_mentee.post(url, goal_data(by_on=f"{earlier}"))
    assert response.status_code == 422
    assert "still to come" in text(response)


def test_the_line_of_a_goal_says_from_what_to_what_and_when(as_mentee, goal):
    Goal.objects.update(created_at=datetime(2025, 3, 4, 12, tzinfo=UTC))
    goal.progress.create(value=4, at=datetime(2025, 6, 7, 12, tzinfo=UTC))

    page = text(as_mentee.get(goal.get_absolute_url()))

    chart = page[
        page.index('<svg class="chart"') : page.index(
            "</svg>", page.index('<svg class="chart"')
        )
    ]
    for words in (">10</text>", ">0</text>", ">4 March 2025<", ">7 June 2025<"):
        assert words in chart
