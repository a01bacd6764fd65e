from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback.actions import settle
from feedback.models import FreshSheet, Invitation, Wave


def text(response):
    return response.content.decode()


@pytest.fixture
def invitation(wave):
    return wave.invitations.select_related("wave__survey", "to").order_by("pk").first()


def given(invitation, **changes):
    """A whole sheet, as a browser sends it."""
    data = {}
    for question in invitation.wave.survey.questions.all():
        if question.kind != "text":
            data[f"q{question.pk}"] = "4"
    return data | changes


# --- answering


def test_survey_answer_needs_no_signing_in(invitation):
    response = Client().get(invitation.get_absolute_url())

    assert response.status_code == 200
    assert "Send answers" in text(response)


def test_survey_answer_says_that_it_is_anonymous(invitation):
    body = text(Client().get(invitation.get_absolute_url()))

    assert "anonymous" in body
    assert invitation.to.name not in body


def test_opening_a_link_answers_nothing(invitation):
    Client().get(invitation.get_absolute_url())

    invitation.refresh_from_db()
    assert not invitation.answered
    assert not FreshSheet.objects.exists()


def test_survey_answer_takes_the_answers_and_thanks(invitation):
    response = Client().post(
        invitation.get_absolute_url(), given(invitation), follow=True
    )

    assert "Thank you" in text(response)
    invitation.refresh_from_db()
    assert invitation.answered
    assert FreshSheet.objects.count() == 1


def test_survey_answer_asks_for_what_is_missing_and_keeps_the_rest(invitation):
    question = invitation.wave.survey.questions.first()
    data = given(invitation)
    del data[f"q{question.pk}"]

    response = Client().post(invitation.get_absolute_url(), data)

    assert response.status_code == 422
    assert "There is a problem" in text(response)
    assert "checked" in text(response)
    assert not FreshSheet.objects.exists()


def test_survey_answer_takes_nothing_that_is_not_an_answer(invitation):
    question = invitation.wave.survey.questions.first()

    response = Client().post(
        invitation.get_absolute_url(), given(invitation, **{f"q{question.pk}": "6"})
    )

    assert response.status_code == 422
    assert not FreshSheet.objects.exists()


def test_a_second_sheet_from_the_same_link_is_not_taken(invitation):
    Client().post(invitation.get_absolute_url(), given(invitation))

    response = Client().post(invitation.get_absolute_url(), given(invitation))

    assert response.status_code == 200
    assert FreshSheet.objects.count() == 1


def test_a_closed_survey_says_so(invitation):
    Wave.objects.update(closes_at=timezone.now())

    response = Client().get(invitation.get_absolute_url())

    assert response.status_code == 410
    assert "closed" in text(response)


def test_an_altered_link_opens_nothing(invitation):
    response = Client().get(reverse("feedback:survey_answer", args=["1:altered"]))

    assert response.status_code == 410


# --- asking


@pytest.fixture
def as_coordinator(as_user, coordinator):
    return as_user(coordinator)


def test_survey_list_shows_each_time_that_was_asked(as_coordinator, program, wave):
    body = text(as_coordinator.get(reverse("feedback:survey_list", args=["leaders"])))

    assert "Pulse" in body
    assert "0 of 20" in body


def test_survey_list_says_what_to_expect_when_nothing_was_asked(
    as_coordinator, program
):
    body = text(as_coordinator.get(reverse("feedback:survey_list", args=["leaders"])))

    assert "Nothing asked yet" in body


def test_survey_list_does_not_grow_in_queries(
    as_coordinator, program, pulse, in_mentorships
):
    in_mentorships(3)
    url = reverse("feedback:survey_list", args=["leaders"])
    now = timezone.now()

    def ask(occasion):
        Wave.objects.create(
            survey=pulse,
            occasion=occasion,
            opens_at=now,
            closes_at=now + timedelta(days=14),
        )

    ask("one")
    as_coordinator.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        as_coordinator.get(url)
    for number in range(6):
        ask(f"more {number}")
    with CaptureQueriesContext(connection) as many:
        as_coordinator.get(url)

    assert len(many) == len(few)


# --- results


def test_wave_detail_shows_nothing_below_the_floor(as_coordinator, wave, answered_by):
    answered_by(4, text="a remark")
    settle(wave)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "4 of 20 people answered" in body
    assert "Too few to show" in body
    assert "a remark" not in body
    assert '<svg class="chart"' not in body


def test_wave_detail_shows_a_chart_with_its_table(as_coordinator, wave, answered_by):
    answered_by(5)
    settle(wave)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "<svg" in body
    assert "<table" in body
    assert "mean 4.0 of 5" in body


def test_wave_detail_never_names_who_answered(as_coordinator, wave, answered_by):
    answered_by(8, text="a remark")
    settle(wave)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    for invitation in Invitation.objects.select_related("to"):
        assert invitation.to.name not in body
    assert "a remark" in body


def test_wave_detail_of_another_programme_is_not_there(as_user, outsider, wave):
    assert as_user(outsider).get(wave.get_absolute_url()).status_code == 404
