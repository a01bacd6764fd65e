from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from mentorships import actions
from mentorships.models import (
    GoalComment,
    PeerFeedback,
    Reflection,
    SelfRating,
    ThankYou,
)
from mentorships.prompts import prompts, prompts_for
from mentorships.stages import Stage
from outbox.models import Message
from outbox.tasks import send_due
from people.models import Wish
from programs.models import Role
from tests import factories
from tests.mentorships.pages import at, text


def member_of(mentorship, user):
    return mentorship.members.get(participant__user=user)


@pytest.fixture
def third(mentorship):
    """Somebody else of the same group."""
    return factories.MemberFactory(
        mentorship=mentorship, participant__user__name="Third Thea", role=Role.MENTEE
    ).participant.user


# --- feedback


@pytest.fixture
def feedback(mentorship, mentee):
    return {
        "once": str(uuid4()),
        "to": member_of(mentorship, mentee).pk,
        "situation": "Last Tuesday, in the stand-up",
        "behavior": "You asked each of us",
        "impact": "I felt heard",
        "next_step": "Do it again",
    }


def test_feedback_is_between_two_also_in_a_group(
    as_mentor, as_mentee, as_user, third, mentorship, feedback
):
    url = at("feedback_give", mentorship.pk)
    as_mentor.post(url, feedback)

    assert "You asked each of us" in text(as_mentor.get(url))
    assert "You asked each of us" in text(as_mentee.get(url))
    assert "You asked each of us" not in text(as_user(third).get(url))
    [message] = Message.objects.filter(kind="feedback_given")
    assert message.to.name == "Mentee Mia"


def test_the_mail_leads_to_what_was_written_and_not_to_the_form(
    as_mentor, as_mentee, mentorship, goal, feedback
):
    as_mentor.post(at("feedback_give", mentorship.pk), feedback)
    comment = {"once": str(uuid4()), "body": "What makes it hard?"}
    as_mentor.post(at("goal_comment", goal.pk), comment)
    Message.objects.update(not_before=timezone.now())
    send_due()

    for page, place in (
        (at("feedback_give", mentorship.pk), "received"),
        (goal.get_absolute_url(), "comments"),
    ):
        assert any(f"{page}#{place}" in each.body for each in mail.outbox)
        assert f'id="{place}"' in text(as_mentee.get(page))


def test_the_same_feedback_sent_twenty_times_is_one(as_mentor, mentorship, feedback):
    for _time in range(20):
        as_mentor.post(at("feedback_give", mentorship.pk), feedback)

    assert PeerFeedback.objects.count() == 1
    assert Message.objects.filter(kind="feedback_given").count() == 1


def test_feedback_says_what_and_not_only_how(as_mentor, mentorship, feedback):
    response = as_mentor.post(
        at("feedback_give", mentorship.pk), {**feedback, "behavior": ""}
    )

    assert response.status_code == 422
    assert "I felt heard" in text(response)


def test_feedback_is_for_somebody_of_this_mentorship(as_mentor, mentorship, feedback):
    stranger = factories.MemberFactory()

    response = as_mentor.post(
        at("feedback_give", mentorship.pk), {**feedback, "to": stranger.pk}
    )

    assert response.status_code == 422
    assert not PeerFeedback.objects.exists()


# --- thanks


@pytest.fixture
def thanks(mentorship, mentor, mentee):
    return ThankYou.objects.create(
        by=member_of(mentorship, mentee),
        to=member_of(mentorship, mentor),
        body="You listened.",
    )


def test_thanks_reach_the_other(as_mentee, as_mentor, mentorship, mentor):
    data = {
        "once": str(uuid4()),
        "to": member_of(mentorship, mentor).pk,
        "body": "You listened.",
    }
    for _time in range(20):
        as_mentee.post(at("thank_you", mentorship.pk), data)

    assert ThankYou.objects.count() == 1
    assert "You listened." in text(as_mentor.get(mentorship.get_absolute_url()))
    assert [each.to for each in Message.objects.filter(kind="thanked")] == [mentor]


def test_the_programme_sees_thanks_only_if_both_wish(
    as_mentee, as_mentor, as_user, thanks, program, coordinator
):
    wall = at("recognition", program.slug)
    show = at("thanks_show", thanks.pk)

    def seen():
        return "You listened." in text(as_user(coordinator).get(wall))

    assert not seen()
    as_mentee.post(show, {"public": "yes"})
    assert not seen()
    as_mentor.post(show, {"public": "yes"})
    assert seen()
    as_mentee.post(show, {"public": "no"})
    assert not seen()


def test_both_see_where_their_consent_stands(as_mentee, as_mentor, mentorship, thanks):
    show = at("thanks_show", thanks.pk)
    page = at("thank_you", mentorship.pk)

    assert "Between the two of you" in text(as_mentor.get(page))
    answer = text(as_mentee.post(show, {"public": "yes"}, follow=True))
    assert f"The programme sees it once {thanks.to} agrees as well" in answer
    assert f"It waits for {thanks.to}" in answer
    assert "It waits for you" in text(as_mentor.get(page))
    answer = text(as_mentor.post(show, {"public": "yes"}, follow=True))
    assert "It stands on the page of the programme now" in answer
    assert "On the page of the programme since" in answer
    assert "On the page of the programme since" in text(as_mentee.get(page))
    answer = text(as_mentor.post(show, {"public": "no"}, follow=True))
    assert "It stays between the two of you" in answer


# --- journal


def write(client, mentorship, words="I was nervous.", **fields):
    return client.post(
        at("journal", mentorship.pk),
        {"text": words, "prompt_key": "hope", **fields},
    )


def test_a_page_of_the_journal_is_sealed_and_mine(as_mentee, as_mentor, mentorship):
    write(as_mentee, mentorship)
    url = at("journal", mentorship.pk)

    page = Reflection.objects.get()
    assert page.read() == "I was nervous."
    assert b"nervous" not in bytes(page.sealed)
    assert "I was nervous." in text(as_mentee.get(url))
    assert str(prompts()["hope"]) in text(as_mentee.get(url))
    assert "I was nervous." not in text(as_mentor.get(url))


def test_a_page_is_shared_and_taken_back(as_mentee, as_mentor, mentorship):
    write(as_mentee, mentorship)
    page = Reflection.objects.get()
    share, url = at("reflection_share", page.pk), at("journal", mentorship.pk)

    as_mentee.post(share, {"share": "yes"})
    assert "I was nervous." in text(as_mentor.get(url))
    as_mentee.post(share, {"share": "no"})
    assert "I was nervous." not in text(as_mentor.get(url))


def test_a_page_is_deleted_by_its_writer_alone_after_a_look(
    as_mentee, as_mentor, mentorship
):
    write(as_mentee, mentorship)
    remove = at("reflection_remove", Reflection.objects.get().pk)

    assert as_mentor.get(remove).status_code == 404
    assert as_mentor.post(remove).status_code == 404
    assert remove in text(as_mentee.get(at("journal", mentorship.pk)))
    page = text(as_mentee.get(remove))
    assert "Delete this page?" in page
    assert "I was nervous." in page
    assert Reflection.objects.exists()
    as_mentee.post(remove)
    assert not Reflection.objects.exists()


def test_the_same_page_sent_twice_is_one(as_mentee, mentorship):
    once = str(uuid4())

    for _time in range(2):
        write(as_mentee, mentorship, once=once)

    assert Reflection.objects.count() == 1


def test_a_page_that_does_not_open_says_so(as_mentee, mentorship, settings):
    write(as_mentee, mentorship)
    settings.NOTES_KEY = "another"

    assert "cannot be opened" in text(as_mentee.get(at("journal", mentorship.pk)))


@pytest.mark.parametrize("stage", list(Stage))
def test_each_stage_has_questions_in_both_languages(stage):
    found = prompts_for(stage.key)

    assert len(found) >= 3
    assert all(each.nl and each.en for each in found)


# --- where I stand


def test_topics_are_rated_at_three_moments(as_mentee, mentorship, mentee):
    topic = factories.TopicFactory()
    Wish.objects.create(profile=mentee.profile, topic=topic, priority=1)
    url = at("self_rating", mentorship.pk)

    for moment, value in (("start", 2), ("half_way", 3), ("end", 5), ("end", 4)):
        as_mentee.post(url, {"moment": moment, f"topic{topic.pk}": value})

    rows = SelfRating.objects.filter(topic=topic)
    assert {each.moment: each.value for each in rows} == {
        "start": 2,
        "half_way": 3,
        "end": 4,
    }
    assert topic.name_en in text(as_mentee.get(url))


def test_a_rating_can_be_corrected_for_a_day(as_mentee, mentorship, mentee):
    topic = factories.TopicFactory()
    Wish.objects.create(profile=mentee.profile, topic=topic, priority=1)
    url = at("self_rating", mentorship.pk)
    as_mentee.post(url, {"moment": "start", f"topic{topic.pk}": 2})
    SelfRating.objects.update(at=timezone.now() - timedelta(days=1))

    answer = as_mentee.post(url, {"moment": "start", f"topic{topic.pk}": 5})

    assert answer.status_code == 422
    assert "more than a day ago" in text(answer)
    assert SelfRating.objects.get().value == 2


def test_without_topics_it_leads_to_the_profile(as_mentee, mentorship):
    assert "To my profile" in text(as_mentee.get(at("self_rating", mentorship.pk)))


# --- comments on a goal


def test_a_mentor_says_something_of_a_goal(as_mentor, as_mentee, goal, mentee):
    data = {"once": str(uuid4()), "body": "What makes it hard?"}

    for _time in range(20):
        as_mentor.post(at("goal_comment", goal.pk), data)

    assert GoalComment.objects.count() == 1
    assert "What makes it hard?" in text(as_mentee.get(goal.get_absolute_url()))
    assert [each.to for each in Message.objects.filter(kind="goal_comment")] == [mentee]


def test_nobody_is_told_of_their_own_comment(as_mentee, goal):
    as_mentee.post(at("goal_comment", goal.pk), {"body": "It is hard."})

    assert not Message.objects.filter(kind="goal_comment").exists()


def test_an_empty_comment_is_given_back(as_mentor, goal):
    assert as_mentor.post(at("goal_comment", goal.pk)).status_code == 422


# --- groups


def test_a_group_of_five_has_one_page_with_a_name(
    as_mentor, as_user, third, mentorship
):
    for number in range(2):
        factories.MemberFactory(
            mentorship=mentorship, participant__user__name=f"Member {number}"
        )
    as_mentor.post(at("mentorship_name", mentorship.pk), {"name": "The Tuesday five"})
    page = text(as_user(third).get(mentorship.get_absolute_url()))

    assert "The Tuesday five" in page
    assert page.count('class="avatar"') >= 5
    tomorrow = timezone.localtime().replace(tzinfo=None) + timedelta(days=1)
    actions.plan_session(mentorship, wall=tomorrow, by=third)
    assert Message.objects.filter(kind="session_planned").count() == 5


def test_the_end_is_rated_when_the_end_is_near(as_mentee, mentorship, mentee):
    topic = factories.TopicFactory()
    Wish.objects.create(profile=mentee.profile, topic=topic, priority=1)
    url = at("self_rating", mentorship.pk)
    asked = 'value="{}" selected'

    for moment, following in (("start", "half_way"), ("half_way", "half_way")):
        assert asked.format(moment) in text(as_mentee.get(url))
        as_mentee.post(url, {"moment": moment, f"topic{topic.pk}": 3})
        assert asked.format(following) in text(as_mentee.get(url))

    actions.end_mentorship(mentorship, by=mentee)
    assert asked.format("end") in text(as_mentee.get(url))
