from datetime import date

import pytest
from django.test import Client

from mentoring.paper import drawable
from mentorships import actions
from mentorships.models import Certificate, MentoringSession
from mentorships.papers import Hours, hours_words, in_hours, statement
from tests import factories
from tests.mentorships.pages import at, text


@pytest.fixture
def finished(mentorship, mentor, mentee):
    """Two sessions of which the mentee missed one, and the end."""
    for minutes, came in ((60, [mentor, mentee]), (45, [mentor])):
        session = factories.MentoringSessionFactory(
            mentorship=mentorship,
            held=True,
            minutes=minutes,
            starts_at=mentorship.started_at.replace(minute=minutes % 60),
        )
        for user in came:
            session.attendances.create(
                member=mentorship.members.get(participant__user=user)
            )
    actions.end_mentorship(mentorship, by=mentee)
    return mentorship


def test_a_certificate_is_made_once_and_can_be_checked(as_mentee, finished):
    for _time in range(20):
        as_mentee.post(at("certificate_get", finished.pk))

    found = Certificate.objects.get()
    page = text(Client().get(found.get_absolute_url()))
    assert "This certificate is real" in page
    assert "Mentee Mia" in page
    assert "Leaders" in page
    assert "1 hour<" in page


def test_a_certificate_is_a_pdf_in_both_languages_that_leads_to_its_proof(
    as_mentee, finished, settings
):
    as_mentee.post(at("certificate_get", finished.pk))

    response = as_mentee.get(at("certificate", finished.pk))

    link = settings.SITE_URL + Certificate.objects.get().get_absolute_url()
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert response.content.count(b"/Type /Page\n") == 2
    assert response.content.count(f"({link})".encode()) == 2


def test_there_is_no_certificate_before_the_end(as_mentee, mentorship):
    response = as_mentee.post(at("certificate_get", mentorship.pk), follow=True)

    assert "when it is finished" in text(response)
    assert as_mentee.get(at("certificate", mentorship.pk)).status_code == 404


def test_without_a_session_there_is_no_certificate(as_mentee, mentorship):
    mentorship.end()

    as_mentee.post(at("certificate_get", mentorship.pk))

    assert not Certificate.objects.exists()


def test_a_code_that_is_not_ours_is_said_to_be_none():
    response = Client().get(at("certificate_check", "ABCDEFGH2345"))

    assert response.status_code == 404
    assert "no certificate with this code" in text(response)


def test_a_certificate_does_not_tell_with_whom(as_mentee, finished, mentor):
    as_mentee.post(at("certificate_get", finished.pk))

    page = text(Client().get(Certificate.objects.get().get_absolute_url()))

    assert mentor.name not in page


def test_hours_are_for_the_mentor_alone(
    as_mentor, as_mentee, as_user, coordinator, finished
):
    url = at("hours_statement", finished.pk)

    assert as_mentor.get(url).content.startswith(b"%PDF-")
    assert as_mentee.get(url).status_code == 404
    assert as_user(coordinator).get(url).status_code == 404


def test_hours_count_what_was_held_and_break_over_pages():
    hours = Hours("Mo", "Leaders", "", [(date(2026, 1, 5), 50)] * 70, date(2026, 2, 1))

    assert in_hours(hours.minutes) == "58:20"
    assert statement(hours).count(b"/Type /Page\n") == 3


@pytest.mark.parametrize(
    ("name", "drawn"),
    [("Aïsha Łukasz Yıldız", "Aïsha Łukasz Yıldız"), ("Őrs", "Ors"), ("明", "·")],
)
def test_a_name_is_drawn_as_far_as_the_letters_go(name, drawn):
    assert drawable(name) == drawn


def test_a_session_that_was_missed_is_no_hour(as_mentor, finished):
    MentoringSession.objects.update(state="missed")

    assert as_mentor.get(at("hours_statement", finished.pk)).status_code == 200


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1095, "18 hours 15 min"),
        (60, "1 hour"),
        (45, "45 min"),
        (0, "0 hours"),
    ],
)
def test_hours_in_words_are_no_time_of_day(minutes, words):
    assert hours_words(minutes) == words
