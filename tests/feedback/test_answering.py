"""A sheet as somebody gets it by a link: filled in, kept, sent."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.models import FreshSheet, Survey, Wave


def visitor() -> Client:
    """Somebody who has not signed in, with a browser in English."""
    return Client(headers={"Accept-Language": "en"})


def text(response):
    return response.content.decode()


def given(invitation, **changes):
    """A whole sheet, as a browser sends it."""
    data = {}
    for question in invitation.wave.survey.questions.all():
        if question.kind != "text":
            data[f"q{question.pk}"] = "4"
    return data | changes


def test_survey_answer_needs_no_signing_in(invitation):
    response = visitor().get(invitation.get_absolute_url())

    assert response.status_code == 200
    assert "Send answers" in text(response)


def test_survey_answer_says_that_it_is_anonymous(invitation):
    body = text(visitor().get(invitation.get_absolute_url()))

    assert "anonymous" in body
    assert invitation.to.name not in body


def test_opening_a_link_answers_nothing(invitation):
    visitor().get(invitation.get_absolute_url())

    invitation.refresh_from_db()
    assert not invitation.answered
    assert not FreshSheet.objects.exists()


def test_survey_answer_takes_the_answers_and_thanks(invitation):
    response = visitor().post(
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

    response = visitor().post(invitation.get_absolute_url(), data)

    assert response.status_code == 422
    assert "There is a problem" in text(response)
    assert "checked" in text(response)
    assert not FreshSheet.objects.exists()


def test_survey_answer_takes_nothing_that_is_not_an_answer(invitation):
    question = invitation.wave.survey.questions.first()

    response = visitor().post(
        invitation.get_absolute_url(), given(invitation, **{f"q{question.pk}": "6"})
    )

    assert response.status_code == 422
    assert not FreshSheet.objects.exists()


def test_a_second_sheet_from_the_same_link_is_not_taken(invitation):
    visitor().post(invitation.get_absolute_url(), given(invitation))

    response = visitor().post(invitation.get_absolute_url(), given(invitation))

    assert response.status_code == 409
    assert "Your first answers count" in text(response)
    assert FreshSheet.objects.count() == 1


def test_answers_that_come_too_late_are_said_not_to_be_added(invitation):
    Wave.objects.update(closes_at=timezone.now())

    response = visitor().post(invitation.get_absolute_url(), given(invitation))

    assert response.status_code == 410
    assert "it was not added" in text(response)


def test_survey_answer_says_before_sending_that_it_is_for_good(invitation):
    body = text(visitor().get(invitation.get_absolute_url()))

    assert "after that they cannot be changed" in body


def test_a_closed_survey_says_so(invitation):
    Wave.objects.update(closes_at=timezone.now())

    response = visitor().get(invitation.get_absolute_url())

    assert response.status_code == 410
    assert "closed" in text(response)


def test_an_altered_link_opens_nothing(invitation):
    response = visitor().get(reverse("feedback:survey_answer", args=["1:altered"]))

    assert response.status_code == 410


# --- follow-ups, and going on later


@pytest.fixture
def trust(invitation):
    return invitation.wave.survey.questions.get(key="trust")


@pytest.fixture
def why(invitation):
    return invitation.wave.survey.questions.get(key="trust-why")


def is_hidden(question, response):
    """Whether a question stands on the page without being seen."""
    [start] = re.findall(
        rf'<div [^>]*data-question="{question.pk}"[^>]*>', text(response)
    )
    return " hidden" in start


def seen(response):
    """What the browser sends of the questions that are to be seen."""
    return [str(each.pk) for each in response.context["form"].asked]


def test_a_follow_up_is_shown_before_anything_is_sent(invitation, trust, why):
    page = visitor().get(invitation.get_absolute_url())
    data = given(invitation, **{f"q{trust.pk}": "1", "seen": seen(page)})
    data.pop(f"q{why.pk}")

    response = visitor().post(invitation.get_absolute_url(), data)

    assert is_hidden(why, page)
    assert response.status_code == 422
    assert not is_hidden(why, response)
    assert "One more question" in text(response)
    data |= {"seen": seen(response), f"q{why.pk}": ["0"]}
    assert visitor().post(invitation.get_absolute_url(), data).status_code == 302


def test_a_follow_up_of_a_follow_up_that_is_not_asked_is_not_asked(
    invitation, trust, why
):
    why.follow_ups.create(
        survey=why.survey,
        key="more",
        place=99,
        kind="text",
        text_en="What more?",
        shown_values=["0"],
    )
    data = given(invitation, **{f"q{trust.pk}": "5", f"q{why.pk}": ["0"]})

    response = visitor().post(invitation.get_absolute_url(), data)

    assert response.status_code == 302


def test_an_answer_to_a_follow_up_that_does_not_follow_is_left_out(
    invitation, trust, why
):
    data = given(invitation, **{f"q{trust.pk}": "5", f"q{why.pk}": ["0"]})

    visitor().post(invitation.get_absolute_url(), data)

    answers = FreshSheet.objects.get().open().answers
    assert why.pk not in answers


def test_answer_keep_keeps_what_is_filled_in(invitation, trust):
    url = reverse("feedback:answer_keep", args=[invitation.token])

    response = visitor().post(url, {f"q{trust.pk}": "2"}, follow=True)

    body = text(response)
    assert "Kept." in body
    assert f'name="q{trust.pk}" value="2"' in body
    assert "checked" in body
    assert not FreshSheet.objects.exists()


def test_answer_keep_changes_nothing_on_the_page_that_asks_by_itself(invitation, trust):
    url = reverse("feedback:answer_keep", args=[invitation.token])

    response = visitor().post(
        url, {f"q{trust.pk}": "1"}, headers={"HX-Request": "true"}
    )

    assert (response.status_code, response.content) == (204, b"")
    assert invitation.draft.read() == {trust.pk: "1"}


def test_answer_keep_keeps_a_follow_up_whose_answer_before_it_has_changed(
    invitation, trust, why
):
    url = reverse("feedback:answer_keep", args=[invitation.token])

    page = visitor().post(url, {f"q{trust.pk}": "3", f"q{why.pk}": ["0"]}, follow=True)

    assert invitation.draft.read() == {trust.pk: "3", why.pk: ["0"]}
    assert is_hidden(why, page)


def test_answer_keep_after_sending_keeps_nothing_and_says_so(invitation, trust):
    visitor().post(invitation.get_absolute_url(), given(invitation))
    url = reverse("feedback:answer_keep", args=[invitation.token])

    response = visitor().post(url, {f"q{trust.pk}": "1"})

    assert response.status_code == 409
    assert "was not added" in text(response)


def test_answer_keep_of_a_closed_survey_keeps_nothing(invitation, trust):
    Wave.objects.update(closes_at=timezone.now())
    url = reverse("feedback:answer_keep", args=[invitation.token])

    assert visitor().post(url, {f"q{trust.pk}": "1"}).status_code == 410


def test_a_named_survey_says_so_on_top(invitation):
    Survey.objects.update(is_named=True)

    body = text(visitor().get(invitation.get_absolute_url()))

    assert "This survey is not anonymous" in body
    assert "kept without your name" not in body


def test_a_named_survey_says_as_whom_one_answers(invitation):
    Survey.objects.update(is_named=True)

    body = text(visitor().get(invitation.get_absolute_url()))

    assert f"You answer as <strong>{invitation.to.name}</strong>" in body


def test_a_named_survey_is_not_answered_by_somebody_else(
    as_user, outsider, invitation, trust
):
    Survey.objects.update(is_named=True)
    browser = as_user(outsider)
    keep = reverse("feedback:answer_keep", args=[invitation.token])

    page = browser.get(invitation.get_absolute_url())
    sent = browser.post(invitation.get_absolute_url(), given(invitation))
    kept = browser.post(keep, {f"q{trust.pk}": "1"})

    assert {each.status_code for each in (page, sent, kept)} == {403}
    assert f"This survey is for {invitation.to.name}" in text(page)
    invitation.refresh_from_db()
    assert not invitation.answered
    own = as_user(invitation.to).get(invitation.get_absolute_url())
    assert own.status_code == 200
