from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from outbox.models import LEASE, Message, Preference, new_message_id

State = Message.State


def test_a_message_is_due_when_its_time_has_come(letter):
    now = timezone.now()
    due = letter(not_before=now)
    letter(not_before=now + timedelta(seconds=1))

    assert list(Message.objects.due(now)) == [due]


@pytest.mark.parametrize("state", [State.SENT, State.DROPPED, State.FAILED])
def test_what_is_done_is_not_due(letter, state):
    letter(state=state)

    assert not Message.objects.due(timezone.now()).exists()


def test_claim_takes_the_oldest_first_and_no_more_than_asked(letter):
    now = timezone.now()
    late, later, latest = (
        letter(not_before=now - timedelta(minutes=minutes)) for minutes in (3, 2, 1)
    )

    assert Message.objects.claim_due(limit=2) == [late, later]
    assert Message.objects.claim_due(limit=2) == [latest]


def test_no_two_workers_claim_the_same_message(letter):
    letter()

    assert len(Message.objects.claim_due(limit=10)) == 1
    assert Message.objects.claim_due(limit=10) == []


def test_a_claim_that_nobody_finished_can_be_taken_over(letter):
    letter()
    [first] = Message.objects.claim_due(limit=10)

    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        [second] = Message.objects.claim_due(limit=10)

    assert first == second
    assert first.claim != second.claim


def test_the_headers_are_the_same_at_every_attempt(letter):
    letter()
    [message] = Message.objects.claim_due(limit=1)
    message.hold()
    first = message.headers
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        [message] = Message.objects.claim_due(limit=1)
        message.hold()
        again = Message.objects.get().headers

    assert first == again
    sent = parsedate_to_datetime(first["Date"])
    assert timezone.now() - sent < timedelta(minutes=1)
    assert first["Auto-Submitted"] == "auto-generated"


def test_a_mail_is_dated_when_it_is_sent_not_when_it_was_planned(letter):
    with time_machine.travel(timezone.now() - timedelta(days=11)):
        letter(not_before=timezone.now() + timedelta(days=11))
    [message] = Message.objects.claim_due(limit=1)

    assert message.hold()

    assert timezone.now() - message.dated_at < timedelta(minutes=1)


def test_whoever_lost_the_claim_does_not_hold_it(letter):
    letter()
    [slow] = Message.objects.claim_due(limit=1)
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        [quick] = Message.objects.claim_due(limit=1)

        assert quick.hold()
        assert not slow.hold()


def test_a_message_id_belongs_to_our_host_and_to_one_message(settings):
    settings.SITE_URL = "https://mentoring.example.org:8443/wegwijs"

    first, second = new_message_id(), new_message_id()

    assert first != second
    assert first.startswith("<")
    assert first.endswith("@mentoring.example.org>")


def test_a_message_exists_once_for_each_occasion(letter, mentor):
    letter(occasion="2027-W03")
    letter(occasion="2027-W04")
    letter(occasion="2027-W03", to=mentor)

    with pytest.raises(IntegrityError), transaction.atomic():
        letter(occasion="2027-W03")


def test_a_message_is_wanted_until_its_kind_is_switched_off(letter, kind, mentee):
    message = letter()
    assert message.is_wanted

    Preference.objects.create(user=mentee, kind="joined", wanted=False)

    assert not message.is_wanted


def test_a_kind_that_one_needs_cannot_be_switched_off(letter, kind, mentee):
    message = letter()
    kind(may_switch_off=False)
    Preference.objects.create(user=mentee, kind="joined", wanted=False)

    assert message.is_wanted


def test_whoever_left_wants_no_mail(letter, leaver):
    assert not letter(to=leaver).is_wanted


def test_a_person_has_one_preference_for_each_kind(mentee):
    Preference.objects.create(user=mentee, kind="digest")

    with pytest.raises(IntegrityError), transaction.atomic():
        Preference.objects.create(user=mentee, kind="digest", wanted=False)


def test_a_message_says_what_and_to_whom_without_a_name(letter, mentee):
    assert str(letter()) == f"joined to {mentee.pk}"
