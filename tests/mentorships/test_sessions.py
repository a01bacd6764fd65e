from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from mentorships.models import (
    MentoringSession,
)
from outbox.models import Message
from tests import factories
from tests.mentorships.pages import at, text, when


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
