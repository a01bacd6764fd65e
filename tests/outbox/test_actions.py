import contextlib
from datetime import timedelta

import pytest
from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from outbox.actions import compose, plan, plan_all, poke
from outbox.models import Message


@pytest.fixture
def pokes(monkeypatch):
    """The names of the tasks that a broker was asked for."""
    asked = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, *_args, **_options: asked.append(name)
    )
    return asked


def test_planning_twice_for_one_occasion_changes_nothing(mentee, mentorship):
    for _ in range(2):
        plan("check_in", mentee, about=mentorship, occasion="2027-01-12")

    [message] = Message.objects.all()
    assert (message.about_type, message.about_id) == (
        "mentorships.mentorship",
        mentorship.pk,
    )


def test_planning_keeps_what_only_the_mail_needs_and_when(mentee, program):
    later = timezone.now() + timedelta(days=4)

    plan(
        "invitation",
        mentee,
        facts={"nonce": "n"},
        not_before=later,
        program_id=program.pk,
    )

    message = Message.objects.get()
    assert message.facts == {"nonce": "n"}
    assert message.not_before == later
    assert message.program_id == program.pk
    assert message.state == Message.State.PLANNED


def test_planning_refuses_a_kind_that_is_not_registered(mentee):
    with pytest.raises(AssertionError):
        plan("gossip", mentee)


def test_a_worker_hears_of_it_once_it_is_certain(
    mentee, pokes, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        plan("digest", mentee)
        assert pokes == []

    assert pokes == ["outbox.tasks.send_due"]


def test_a_worker_hears_once_of_all_that_a_transaction_planned(
    mentee, mentor, pokes, django_capture_on_commit_callbacks
):
    for number in (1, 2):
        with django_capture_on_commit_callbacks(execute=True):
            for user in (mentee, mentor):
                plan("digest", user, occasion=str(number))

        assert len(pokes) == number


@pytest.mark.parametrize("kept", ["before", "after", "neither"])
def test_a_worker_hears_of_what_stays_when_a_part_is_rolled_back(
    mentee, mentor, pokes, django_capture_on_commit_callbacks, kept
):
    with django_capture_on_commit_callbacks(execute=True):
        if kept == "before":
            plan("digest", mentor)
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            plan("digest", mentee)
            raise ZeroDivisionError
        if kept == "after":
            plan("digest", mentor)

    assert len(pokes) == (kept != "neither")


def test_what_is_rolled_back_is_not_sent(mentee, pokes):
    def plan_and_fail():
        with transaction.atomic():
            plan("digest", mentee)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        plan_and_fail()

    assert pokes == []
    assert not Message.objects.exists()


def test_many_are_planned_at_once_and_twice_changes_nothing(
    mentee, mentor, django_assert_max_num_queries
):
    def rows():
        return [compose("digest", user, occasion="w") for user in (mentee, mentor)]

    with django_assert_max_num_queries(4):
        plan_all(rows())
    plan_all(rows())

    assert Message.objects.count() == 2


def test_without_a_broker_the_message_waits_for_the_clock(monkeypatch, caplog, mentee):
    def refuse(*_args, **_options):
        raise OperationalError("connection refused")

    monkeypatch.setattr(current_app, "send_task", refuse)

    poke()

    assert "wait for the clock" in caplog.text
