"""One more place with a mentor: asked once, answered in two taps, found by a rerun."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from matching.actions import answer_place, ask_for_place, begin_round, run_round
from matching.models import PlaceRequest
from outbox.kinds import KINDS
from outbox.models import Message
from people.models import User
from programs.models import Participant, Program, Role
from tests.matching.conftest import page


@pytest.fixture
def full(joins, topic, weigh, program):
    """Two mentees, and one mentor with one place in a programme of at most two."""
    Program.objects.filter(pk=program.pk).update(capacity_default=1, capacity_max=2)
    program.refresh_from_db()
    return {
        "ann": joins("Ann Mentee", Role.MENTEE, topic),
        "bob": joins("Bob Mentee", Role.MENTEE, topic),
        "max": joins("Max Mentor", Role.MENTOR, topic, level=5),
    }


@pytest.fixture
def left(full, run):
    """A round that left one of the two over."""
    return run()


def ask(desk, left, full):
    return desk.post(
        reverse("matching:place_ask", args=[left.pk, full["max"].pk]), follow=True
    ).content.decode()


def test_asking_from_the_list_plans_a_message_and_shows_it(desk, left, full):
    assert "Ask for a place with Max Mentor" in page(desk, "left_over_list", left.pk)

    said = ask(desk, left, full)

    assert "Max Mentor gets the question" in said
    assert "question sent on" in said
    assert "Ask for a place with Max Mentor" not in said
    message = Message.objects.get(kind="place_request")
    assert message.to == full["max"].user


def test_nobody_is_asked_twice(desk, left, full, coordinator):
    ask(desk, left, full)

    assert "was asked already" in ask(desk, left, full)
    assert Message.objects.filter(kind="place_request").count() == 1
    answer_place(PlaceRequest.objects.get(), yes=False)
    assert "cannot, on" in page(desk, "left_over_list", left.pk)
    with pytest.raises(ValidationError, match="asked already"):
        ask_for_place(full["max"], by=coordinator)


def test_yes_is_one_place_more_and_a_rerun_finds_it(desk, left, full, coordinator):
    ask(desk, left, full)
    found = PlaceRequest.objects.get()

    answer = desk.post(found.get_absolute_url(), {"answer": "yes"}, follow=True)

    assert "You have 2 places now." in answer.content.decode()
    listed = page(desk, "left_over_list", left.pk)
    assert "yes, on" in listed
    assert "There is more room now" in listed
    again = begin_round(
        left.program,
        objective="most_matched",
        protect_weakest=False,
        by=coordinator,
        keep=left,
    )
    run_round(again)
    assert (left.matched, again.matched) == (1, 2)
    with pytest.raises(ValidationError, match="as many places"):
        ask_for_place(Participant.objects.get(pk=full["max"].pk), by=coordinator)


def test_no_changes_nothing_and_is_said_kindly(client, left, full, coordinator):
    found = ask_for_place(full["max"], by=coordinator)

    answer = client.post(found.get_absolute_url(), {"answer": "no"}, follow=True)

    assert "Thank you for your answer" in answer.content.decode()
    assert Participant.objects.get(pk=full["max"].pk).capacity == 1


def test_opening_the_link_answers_nothing(client, left, full, coordinator):
    found = ask_for_place(full["max"], by=coordinator)

    answer = client.get(found.get_absolute_url())

    assert "One more place?" in answer.content.decode()
    found.refresh_from_db()
    assert found.state == "open"
    assert str(found) == f"place request {found.pk}"


def test_a_second_answer_and_no_answer_are_refused(client, left, full, coordinator):
    found = ask_for_place(full["max"], by=coordinator)
    assert client.post(found.get_absolute_url()).status_code == 422
    client.post(found.get_absolute_url(), {"answer": "yes"})

    again = client.post(found.get_absolute_url(), {"answer": "no"})

    assert again.status_code == 409
    assert Participant.objects.get(pk=full["max"].pk).capacity == 2


def test_a_yes_never_passes_what_the_programme_allows(client, left, full, coordinator):
    found = ask_for_place(full["max"], by=coordinator)
    Participant.objects.filter(pk=full["max"].pk).update(capacity=2)

    answer = client.post(found.get_absolute_url(), {"answer": "yes"})

    assert answer.status_code == 422
    assert Participant.objects.get(pk=full["max"].pk).capacity == 2
    found.refresh_from_db()
    assert found.state == "open"
    assert "no longer open" in client.get(found.get_absolute_url()).content.decode()


@pytest.mark.parametrize("left_company", [True, False])
def test_a_link_stops_some_weeks_after_the_answer_and_when_the_mentor_goes(
    left_company, client, left, full, coordinator
):
    found = ask_for_place(full["max"], by=coordinator)
    url = found.get_absolute_url()
    assert client.get(url).status_code == 200

    if left_company:
        User.objects.filter(pk=full["max"].user_id).update(is_active=False)
    else:
        answer_place(found, yes=False)
        PlaceRequest.objects.update(answered_at=timezone.now() - timedelta(days=29))

    assert client.get(url).status_code == 410
    assert client.post(url, {"answer": "yes"}).status_code == 410


def test_a_link_that_was_altered_leads_nowhere(client, db):
    where = reverse("matching:place_answer", args=["1.altered"])

    assert client.get(where).status_code == 404


def test_the_mail_is_gone_once_it_was_answered_or_the_programme_is_over(
    left, full, coordinator
):
    found = ask_for_place(full["max"], by=coordinator)
    message = Message.objects.get(kind="place_request")
    content = KINDS["place_request"].content

    assert content(message).context["places"] == 1
    assert content(message).reply_to == coordinator.email
    Program.objects.filter(pk=left.program_id).update(state="draft")
    assert content(message) is None
    Program.objects.filter(pk=left.program_id).update(state="open")
    PlaceRequest.objects.filter(pk=found.pk).update(by=None)
    assert content(message).reply_to == ""
    answer_place(found, yes=False)
    assert content(message) is None


def test_a_mentor_with_every_place_is_not_asked(desk, left, full):
    Participant.objects.filter(pk=full["max"].pk).update(capacity=2)

    assert "has as many places as the programme allows" in page(
        desk, "left_over_list", left.pk
    )
