from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from history.models import Event
from mentorships.links import MAX_AGE, log_path
from mentorships.models import MentoringSession
from people.models import User
from tests import factories
from tests.mentorships.pages import text


def member_of(mentorship, user):
    return mentorship.members.get(participant__user=user)


@pytest.fixture
def link(past, mentorship, mentee):
    return log_path(past, member_of(mentorship, mentee))


@pytest.fixture
def phone():
    """Somebody who opens the mail, and has not signed in."""
    return Client()


def state():
    return MentoringSession.objects.get().state


def test_opening_the_link_notes_nothing(phone, link):
    with CaptureQueriesContext(connection) as queries:
        page = text(phone.get(link))

    assert "We met" in page
    assert not [each for each in queries if each["sql"].startswith(("UPD", "INS"))]
    assert state() == MentoringSession.State.PLANNED


def test_one_tap_notes_that_they_met(phone, link, past, mentee):
    response = phone.post(link, {"outcome": "met", "minutes": "45", "rating": "4"})

    assert response.status_code == 302
    past.refresh_from_db()
    assert (past.state, past.minutes, past.logged_by) == ("held", 45, mentee)
    assert past.attendances.count() == 2
    assert past.attendances.get(rating=4).member.participant.user == mentee


def test_without_a_length_the_planned_one_counts(phone, link, past):
    phone.post(link, {"outcome": "met"})

    past.refresh_from_db()
    assert past.minutes == 60


def test_twenty_taps_are_one_session_logged_once(phone, link):
    for _time in range(20):
        phone.post(link, {"outcome": "met"})

    assert MentoringSession.objects.count() == 1
    assert Event.objects.filter(verb="logged").count() == 1


def test_either_of_them_counts_and_the_other_can_correct(
    phone, link, past, mentorship, mentor
):
    phone.post(link, {"outcome": "missed"})
    assert state() == MentoringSession.State.MISSED

    theirs = log_path(past, member_of(mentorship, mentor))
    assert "It did not happen" in text(phone.get(theirs))
    phone.post(theirs, {"outcome": "met", "minutes": "30"})

    past.refresh_from_db()
    assert (past.state, past.minutes) == ("held", 30)
    assert "Noted by Mentor Mo" in text(phone.get(link))


def test_moved_asks_for_a_moment_and_moves_it(phone, link, past):
    day = timezone.localdate() + timedelta(days=5)

    assert 'name="on"' in text(phone.get(link + "?moved=yes"))
    assert phone.post(link, {"outcome": "moved"}).status_code == 422
    phone.post(link, {"outcome": "moved", "on": f"{day}", "at": "10:00"})

    past.refresh_from_db()
    assert past.is_planned
    assert timezone.localtime(past.starts_at).date() == day
    assert past.ics_sequence == 1


def test_what_was_moved_is_not_asked_about_but_can_be_moved_again(phone, link):
    day = timezone.localdate() + timedelta(days=5)
    phone.post(link, {"outcome": "moved", "on": f"{day}", "at": "10:00"})

    page = text(phone.get(link))

    assert "When is it now?" in page
    assert "We met" not in page


def test_moved_twice_to_the_same_moment_is_one_move(phone, link, past):
    day = timezone.localdate() + timedelta(days=5)

    for _time in range(2):
        phone.post(link, {"outcome": "moved", "on": f"{day}", "at": "10:00"})

    past.refresh_from_db()
    assert past.ics_sequence == 1


def test_a_move_that_somebody_made_meanwhile_is_not_undone(
    phone, link, past, mentorship, mentor
):
    seen = phone.get(link + "?moved=yes").context["form"]["seen"].value()
    theirs = log_path(past, member_of(mentorship, mentor))
    day = timezone.localdate() + timedelta(days=5)
    phone.post(theirs, {"outcome": "moved", "on": f"{day}", "at": "10:00"})
    later = {"outcome": "moved", "on": f"{day + timedelta(days=1)}", "at": "11:00"}

    response = phone.post(link, {**later, "seen": seen})

    assert response.status_code == 422
    assert "changed this in the meantime" in text(response)
    past.refresh_from_db()
    assert timezone.localtime(past.starts_at).hour == 10
    seen = response.context["form"]["seen"].value()
    assert phone.post(link, {**later, "seen": seen}).status_code == 302


def test_moved_to_the_past_is_refused_in_words(phone, link):
    gone = timezone.localdate() - timedelta(days=9)

    response = phone.post(link, {"outcome": "moved", "on": f"{gone}", "at": "10:00"})

    assert response.status_code == 422
    assert "still to come" in text(response)


def test_what_is_still_to_come_cannot_be_logged(phone, mentorship, mentee, coming):
    link = log_path(coming, member_of(mentorship, mentee))

    response = phone.post(link, {"outcome": "met"})

    assert response.status_code == 422
    assert "still to come cannot be logged" in text(response)
    assert state() == MentoringSession.State.PLANNED


def test_the_next_session_is_suggested(phone, link, mentorship):
    page = text(phone.post(link, {"outcome": "met"}, follow=True))
    assert "Plan the next session" in page

    factories.MentoringSessionFactory(
        mentorship=mentorship, starts_at=timezone.now() + timedelta(days=9)
    )
    assert "Your next session is on" in text(phone.get(link + "?done=yes"))


@pytest.mark.parametrize("outcome", ["", "nonsense"])
def test_an_outcome_that_is_none_notes_nothing(phone, link, outcome):
    assert phone.post(link, {"outcome": outcome}).status_code == 422
    assert state() == MentoringSession.State.PLANNED


def test_a_link_ends_after_thirty_days(phone, link):
    with time_machine.travel(timezone.now() + MAX_AGE + timedelta(minutes=1)):
        assert phone.get(link).status_code == 410
        assert phone.post(link, {"outcome": "met"}).status_code == 410


def test_a_link_that_was_altered_opens_nothing(phone, link):
    assert phone.get(link[:-4] + "xyz/").status_code == 410


def test_the_link_of_a_leaver_ends(phone, link, mentee):
    User.objects.filter(pk=mentee.pk).update(is_active=False)

    assert phone.post(link, {"outcome": "met"}).status_code == 410


def test_whoever_has_the_link_reads_nothing_that_was_said(phone, link, past):
    MentoringSession.objects.update(subject="My doubts", place="Room 3")
    past.notes.create(body="We talked about the move.")

    page = text(phone.get(link))

    assert "My doubts" not in page
    assert "Room 3" not in page
    assert "the move" not in page


def test_the_page_speaks_the_language_of_its_reader(phone, link, mentee):
    User.objects.filter(pk=mentee.pk).update(language="nl")

    assert "We spraken elkaar" in text(phone.get(link))
