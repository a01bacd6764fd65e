"""Who asks to be called stands first in the care queue, until somebody looked."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from feedback.actions import (
    close_care,
    snooze_care,
    take_care,
)
from feedback.models import CareItem
from feedback.tasks import review_mentorships
from mentorships.actions import note_concern
from mentorships.models import Concern, Mentorship
from outbox.kinds import KINDS
from outbox.models import Message
from tests import factories


def at(name, *args):
    return reverse(f"feedback:{name}", args=args)


def text(response):
    return response.content.decode()


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def ask_to_be_called(mentorship, user):
    concern = Concern(
        member=mentorship.members.get(participant__user=user), author=user
    )
    concern.write("SECRET")
    note_concern(concern, ask=True)


def pause(days):
    Mentorship.objects.update(back_at=timezone.now() + timedelta(days=days))


def test_whoever_asks_to_be_called_stands_first_at_once(mentorship, mentee):
    Mentorship.objects.update(started_at=timezone.now() - timedelta(days=2))
    concern = Concern(
        member=mentorship.members.get(role="mentee"),
        author=mentee,
        asked_at=timezone.now(),
    )
    concern.write("SECRET")
    concern.save()

    assert review_mentorships() == 1

    item = CareItem.objects.get()
    assert item.reason_key == "asked"
    assert item.score > 0  # it says nothing about how they are doing
    assert "SECRET" not in str(item.facts)


def test_a_call_that_was_made_is_not_asked_for_again(mentorship, mentee, coordinator):
    concern = Concern(
        member=mentorship.members.get(role="mentee"),
        author=mentee,
        asked_at=timezone.now() - timedelta(hours=1),
    )
    concern.write("SECRET")
    concern.save()
    review_mentorships()
    close_care(CareItem.objects.get(), "helped", reason="", by=coordinator)

    assert review_mentorships() == 0


@pytest.fixture
def asked(mentorship, mentee):
    """One of a young pair asked to be called, and the clock has seen it."""
    Mentorship.objects.update(started_at=timezone.now() - timedelta(days=2))
    concern = Concern(
        member=mentorship.members.get(role="mentee"),
        author=mentee,
        asked_at=timezone.now(),
    )
    concern.write("SECRET")
    concern.save()
    review_mentorships()
    return CareItem.objects.get()


def test_who_asks_to_be_called_is_in_the_queue_at_once(mentorship, mentee):
    ask_to_be_called(mentorship, mentee)

    item = CareItem.objects.to_do().get()
    assert item.reason_key == "asked"
    assert [fact["part"] for fact in item.facts].count("asked") == 1


def test_who_asks_to_be_called_brings_back_what_was_put_off(
    item, mentorship, mentee, coordinator
):
    take_care(item, by=coordinator)
    snooze_care(item, in_days(30), by=coordinator)

    ask_to_be_called(mentorship, mentee)

    item.refresh_from_db()
    assert item.reason_key == "asked"
    assert not item.is_snoozed
    assert item.owner == coordinator


def test_nobody_is_in_the_queue_of_a_mentorship_that_ended(mentorship, mentee):
    mentorship.end()

    ask_to_be_called(mentorship, mentee)

    assert not CareItem.objects.exists()


def test_who_asked_has_a_letter_and_the_other_has_none(
    as_coordinator, mentorship, mentee, mentor
):
    ask_to_be_called(mentorship, mentee)

    page = as_coordinator.get(CareItem.objects.get().get_absolute_url())

    assert "Mentee Mia asked to be called." in text(page)
    assert "Write to Mentee Mia" in text(page)
    assert "Write to Mentor Mo" not in text(page)


def test_the_mail_leads_to_the_item(as_coordinator, mentorship, mentee):
    ask_to_be_called(mentorship, mentee)

    content = KINDS["help_wanted"].content(Message.objects.get(kind="help_wanted"))

    response = as_coordinator.get(content.context["action_path"])
    assert response.url == CareItem.objects.get().get_absolute_url()


def meeting(mentorship, days):
    """They meet every ten days from now on, for so many days."""
    for day in range(0, days, 10):
        factories.MentoringSessionFactory(
            mentorship=mentorship,
            held=True,
            starts_at=timezone.now() + timedelta(days=day),
        )


def test_who_asked_to_be_called_waits_until_somebody_looked(
    asked, mentorship, coordinator
):
    meeting(mentorship, 60)

    with time_machine.travel(timezone.now() + timedelta(days=60)):
        review_mentorships()
        asked.refresh_from_db()
        assert asked.is_open
        assert asked.reason_key == "asked"

        close_care(asked, "back", reason="", by=coordinator)
        assert review_mentorships() == 0


def test_what_the_clock_took_out_does_not_answer_who_asked(asked, mentorship):
    meeting(mentorship, 60)
    CareItem.objects.update(outcome="back", closed_at=timezone.now())

    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert review_mentorships() == 1


def test_who_asks_to_be_called_is_heard_while_the_programme_closes(
    asked, program, coordinator
):
    CareItem.objects.all().delete()
    type(program).objects.update(state="closing")

    assert review_mentorships() == 1


def test_who_asked_to_be_called_waits_through_a_pause(asked):
    pause(10)

    review_mentorships()

    asked.refresh_from_db()
    assert asked.is_open


def test_care_queue_begins_with_who_asked_to_be_called(
    as_coordinator, program, in_mentorships
):
    asking, bad = in_mentorships(2)
    CareItem.objects.create(mentorship=asking, score=90, reason_key="asked")
    CareItem.objects.create(mentorship=bad, score=10, reason_key="never-met")

    body = text(as_coordinator.get(at("care_queue")))

    assert "asks to be called" in body
    assert body.index("90 of 100") < body.index("10 of 100")
