"""Stories with two yeses, milestones, and a mentor's own year."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from mentorships import actions
from mentorships.landmarks import landmarks
from mentorships.models import Attendance, Goal, MentoringSession, Story
from outbox.models import Message
from programs.models import Role
from tests import factories
from tests.mentorships.pages import at, text

State = Story.State


@pytest.fixture
def as_coordinator(as_user, program):
    return as_user(
        factories.ParticipantFactory(program=program, role=Role.COORDINATOR).user
    )


@pytest.fixture
def as_colleague(as_user, mentorship, program):
    """Somebody who takes part in the same programme, in no pair."""
    return as_user(factories.ParticipantFactory(program=program).user)


def words(**fields):
    return {
        "once": str(uuid4()),
        "title": "I dared to ask",
        "body": "At first I said nothing.",
        "language": "en",
        **fields,
    }


@pytest.fixture
def told(as_mentee, program):
    """A story that its writer lets be shown."""
    as_mentee.post(at("story_write", program.slug), words(consent="on"))
    return Story.objects.get()


# --- stories


def test_a_story_is_shown_with_two_yeses(
    as_mentee, as_coordinator, as_colleague, program, told
):
    page = at("recognition", program.slug)
    assert "At first I said nothing." not in text(as_colleague.get(page))
    assert "At first I said nothing." in text(as_coordinator.get(page))

    as_coordinator.post(at("story_show", told.pk), {"version": told.version})

    assert "At first I said nothing." in text(as_colleague.get(page))
    [message] = Message.objects.filter(kind="story_shown")
    assert message.to == told.author.user


def test_of_many_stories_each_has_a_page(as_colleague, program, told):
    now = timezone.now()
    Story.objects.bulk_create(
        Story(
            author=told.author,
            title=f"Story {number:02}",
            body="It went well.",
            state="shown",
            consented_at=now,
            shown_at=now,
        )
        for number in range(25)
    )
    page = at("recognition", program.slug)

    first, second = (text(as_colleague.get(page, {"page": n})) for n in (1, 2))

    found = [
        sum(f"Story {n:02}" in each for n in range(25)) for each in (first, second)
    ]
    assert found == [20, 5]
    assert "Page 1 of 2" in first


def test_without_consent_it_is_the_writers_alone(as_mentee, as_coordinator, program):
    as_mentee.post(at("story_write", program.slug), words())
    story = Story.objects.get()

    page = text(as_coordinator.get(at("recognition", program.slug)))
    assert "I dared to ask" not in page
    assert as_coordinator.post(at("story_show", story.pk)).status_code == 404
    assert not Message.objects.filter(kind="story_offered").exists()


def test_its_writer_takes_it_back_at_any_time(
    as_mentee, as_coordinator, as_colleague, program, told
):
    as_coordinator.post(at("story_show", told.pk), {"version": told.version})
    as_mentee.post(at("story_withdraw", told.pk))

    page = at("recognition", program.slug)
    assert "I dared to ask" not in text(as_colleague.get(page))
    assert "I dared to ask" not in text(as_coordinator.get(page))
    told.refresh_from_db()
    assert (told.state, told.consented_at) == (State.DRAFT, None)


def test_a_changed_story_is_read_again(
    as_mentee, as_coordinator, as_colleague, program, told
):
    as_coordinator.post(at("story_show", told.pk), {"version": told.version})
    as_mentee.post(
        at("story_edit", told.pk), words(body="It is otherwise.", consent="on")
    )

    told.refresh_from_db()
    assert told.state == State.OFFERED
    page = at("recognition", program.slug)
    assert "It is otherwise." not in text(as_colleague.get(page))


def test_nobody_shows_a_text_that_they_have_not_read(
    as_mentee, as_coordinator, program, told
):
    as_mentee.post(at("story_edit", told.pk), words(body="Changed.", consent="on"))

    answer = as_coordinator.post(
        at("story_show", told.pk), {"version": told.version}, follow=True
    )

    assert "took this story back or changed it" in text(answer)
    told.refresh_from_db()
    assert told.state == State.OFFERED


def test_nobody_shows_what_was_taken_back(told, mentee):
    actions.withdraw_story(told, by=mentee)

    with pytest.raises(ValidationError):
        actions.show_story(told, seen=told.version, by=mentee)


def test_a_coordinator_gives_it_back(as_coordinator, told):
    as_coordinator.post(at("story_return", told.pk))
    as_coordinator.post(at("story_return", told.pk))

    told.refresh_from_db()
    assert told.state == State.DRAFT
    assert Message.objects.filter(kind="story_returned").count() == 1


def test_the_same_story_sent_twice_is_one(as_mentee, program):
    sent = words(consent="on")
    for _time in range(3):
        as_mentee.post(at("story_write", program.slug), sent)

    assert Story.objects.count() == 1


def test_who_tells_does_not_decide_on_their_own(as_user, mentee, program, told):
    factories.ParticipantFactory(program=program, user=mentee, role=Role.COORDINATOR)

    assert as_user(mentee).post(at("story_show", told.pk)).status_code == 404


def test_the_database_shows_nothing_without_consent(told):
    with pytest.raises(IntegrityError):
        Story.objects.filter(pk=told.pk).update(
            state=State.SHOWN, shown_at=timezone.now(), consented_at=None
        )


def test_a_story_thrown_away_is_gone(as_mentee, told):
    as_mentee.post(at("story_remove", told.pk))

    assert not Story.objects.exists()


def test_a_story_without_words_says_so_and_keeps_the_title(as_mentee, program):
    answer = as_mentee.post(at("story_write", program.slug), words(body=""))

    assert answer.status_code == 422
    assert "I dared to ask" in text(answer)


# --- milestones


def test_sessions_count_in_the_order_in_which_they_were():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    held = [start + timedelta(days=14 * number) for number in range(6)]

    found = landmarks(
        held=list(reversed(held)),
        signed_at=start + timedelta(days=1),
        goals=[("Lead a meeting", start + timedelta(days=30))],
    )

    assert [(str(each.label), each.at) for each in found] == [
        ("Five sessions", held[4]),
        ("Goal reached: Lead a meeting", start + timedelta(days=30)),
        ("Your agreement, signed by all", start + timedelta(days=1)),
        ("Your first session", held[0]),
    ]


def test_milestones_stand_on_the_page_of_the_pair(as_mentee, mentorship, past):
    MentoringSession.objects.filter(pk=past.pk).update(state="held")

    assert "Your first session" in text(
        as_mentee.get(at("mentorship_detail", mentorship.pk))
    )


# --- the year of a mentor


def test_the_year_counts_what_i_came_to(as_mentor, mentorship):
    me = mentorship.members.get(role=Role.MENTOR)
    mentee = mentorship.members.get(role=Role.MENTEE)
    with time_machine.travel("2026-06-15 12:00:00+00:00"):
        mentorship.started_at = datetime(2025, 9, 1, tzinfo=UTC)
        mentorship.save()
        for month, came in ((3, True), (4, True), (5, False)):
            session = factories.MentoringSessionFactory(
                mentorship=mentorship,
                starts_at=datetime(2026, month, 3, 10, tzinfo=UTC),
                minutes=45,
                state="held",
            )
            Attendance.objects.filter(session=session).delete()
            if came:
                Attendance.objects.create(session=session, member=me)
        # In Amsterdam it is the new year already.
        new_year = factories.MentoringSessionFactory(
            mentorship=mentorship,
            starts_at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC),
            minutes=60,
            state="held",
        )
        Attendance.objects.filter(session=new_year).delete()
        Attendance.objects.create(session=new_year, member=me)
        Goal.objects.create(
            mentorship=mentorship,
            owner=mentee,
            specific="Lead a meeting",
            measure="meetings",
            by_on=timezone.localdate(),
            state=Goal.State.REACHED,
            closed_at=timezone.now(),
        )
        answer = as_mentor.get(at("year"))

    overview = answer.context["overview"]
    assert (overview.year, overview.sessions, overview.minutes) == (2026, 3, 150)
    assert "Lead a meeting" in text(answer)
    assert "Mentee Mia" in text(answer)
    assert "2 hours 30 min" in text(answer)
    # From the first of them until now; what is still to come is not empty.
    assert [bar.label for bar in overview.months.rows] == [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June so far",
    ]


def test_an_empty_year_says_so(as_mentor, mentorship):
    assert "No session in this year yet" in text(as_mentor.get(at("year")))


def test_a_year_that_was_not_is_the_last_one(as_mentor, mentorship):
    answer = as_mentor.get(at("year"), {"year": "0001"})

    assert answer.context["overview"].year == timezone.localdate().year


def test_it_is_for_mentors_alone(as_mentee, mentorship):
    assert as_mentee.get(at("year")).status_code == 404
