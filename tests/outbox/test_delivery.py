from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from outbox.delivery import deliver, read_unsubscribe, unsubscribe_path
from outbox.kinds import KINDS, Content, Kind, register
from outbox.models import Message, Preference
from outbox.tasks import forget_facts, send_due

State = Message.State
NOW = timezone.now().replace(microsecond=0)
NEXT_MONTH = NOW + timedelta(days=30)


def fail(*_args):
    raise ConnectionRefusedError("no mail server today")


def test_a_message_becomes_a_mail_in_both_forms(letter, mentee):
    message = letter()

    send_due()

    [found] = mail.outbox
    message.refresh_from_db()
    assert found.to == [mentee.email]
    assert found.extra_headers["Message-ID"] == message.message_id
    assert [kind for _content, kind in found.alternatives] == ["text/html"]
    assert "http://127.0.0.1:8000/programs/" in found.body
    assert message.state == State.SENT
    assert message.sent_at
    assert message.lease_until is None


def test_a_sent_message_forgets_what_only_the_mail_needed_when_it_comes_back_no_more(
    letter, time_machine
):
    message = letter(facts={"nonce": "secret"})
    waiting = letter(facts={"nonce": "later"}, not_before=NEXT_MONTH)

    send_due()
    forget_facts()
    message.refresh_from_db()
    assert message.facts == {"nonce": "secret"}

    time_machine.move_to(message.sent_at + timedelta(days=7))
    forget_facts()

    message.refresh_from_db()
    waiting.refresh_from_db()
    assert (message.facts, waiting.facts) == ({}, {"nonce": "later"})


def test_a_dropped_message_forgets_what_only_the_mail_needed(letter, kind):
    message = letter(facts={"nonce": "secret"})
    kind(content=lambda _message: None)

    send_due()

    message.refresh_from_db()
    assert message.facts == {}


def test_a_message_that_no_longer_makes_sense_is_dropped(letter, kind):
    message = letter()
    kind(content=lambda _message: None)

    send_due()

    message.refresh_from_db()
    assert (message.state, message.sent_at) == (State.DROPPED, None)
    assert mail.outbox == []


def test_a_message_of_a_kind_that_is_gone_is_dropped(letter):
    message = letter(kind="of_an_older_release")

    send_due()

    message.refresh_from_db()
    assert message.state == State.DROPPED


def test_a_message_that_is_not_wanted_is_dropped(letter, mentee):
    Preference.objects.create(user=mentee, kind="joined", wanted=False)
    message = letter()

    send_due()

    message.refresh_from_db()
    assert message.state == State.DROPPED


def test_mail_that_may_be_switched_off_says_how_with_one_click(letter, client):
    letter()

    send_due()

    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = headers["List-Unsubscribe"].strip("<>")
    assert link in mail.outbox[0].body
    client.post(link.removeprefix("http://127.0.0.1:8000"))
    assert Preference.objects.get().wanted is False


def test_mail_that_one_needs_has_no_switch(letter, kind):
    kind(may_switch_off=False)
    letter()

    send_due()

    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers


def test_replies_go_to_a_person(letter, kind, settings):
    settings.REPLY_TO_EMAIL = "hr@example.org"
    letter()
    send_due()
    kind(content=lambda _message: Content({}, reply_to="mentor@example.org"))
    letter()
    send_due()

    assert [each.reply_to for each in mail.outbox] == [
        ["hr@example.org"],
        ["mentor@example.org"],
    ]


def test_one_that_fails_holds_up_no_other(letter, kind, mentor):
    def only_the_mentor(message):
        return Content({}) if message.to == mentor else fail()

    kind(content=only_the_mentor)
    first, second = letter(), letter(to=mentor)

    send_due()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.attempts) == (State.PLANNED, 1)
    assert second.state == State.SENT


def test_retries_come_after_1_5_30_and_120_minutes_then_it_is_given_up(letter, kind):
    kind(content=fail)
    with time_machine.travel(NOW, tick=False) as clock:
        message = letter(not_before=NOW)
        waits = []
        for _ in range(5):
            send_due()
            message.refresh_from_db()
            waits.append((message.not_before - timezone.now()).total_seconds() / 60)
            if message.state == State.PLANNED:
                clock.move_to(message.not_before - timedelta(seconds=1))
                assert send_due() == 0
                clock.move_to(message.not_before)

    assert waits[:4] == [1, 5, 30, 120]
    assert message.state == State.FAILED
    assert message.attempts == 5
    assert message.last_error == "ConnectionRefusedError: no mail server today"


def test_an_error_is_kept_no_longer_than_its_place(letter, kind):
    def fail_at_length(_message):
        raise OSError("long " * 200)

    kind(content=fail_at_length)
    message = letter()

    send_due()

    message.refresh_from_db()
    assert len(message.last_error) == 200


def test_whoever_lost_the_claim_does_not_change_the_row(letter):
    letter()
    [slow] = Message.objects.claim_due(limit=1)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        [quick] = Message.objects.claim_due(limit=1)
        deliver(quick)
    sent_at = Message.objects.get().sent_at

    deliver(slow)

    assert Message.objects.get().sent_at == sent_at


def test_an_unsubscribe_link_is_of_one_person_and_one_kind(mentee):
    token = unsubscribe_path(mentee.pk, "digest").rstrip("/").rsplit("/", 1)[-1]

    assert read_unsubscribe(token) == (mentee, ["digest"])


@pytest.mark.parametrize("token", ["", "altered", "e30:altered"])
def test_an_altered_unsubscribe_link_is_nobodys(token):
    assert read_unsubscribe(token) is None


def test_an_unsubscribe_link_of_somebody_who_was_erased_is_nobodys(mentee):
    token = unsubscribe_path(mentee.pk + 1000, "digest").rstrip("/").rsplit("/", 1)[-1]

    assert read_unsubscribe(token) is None


def test_a_kind_is_registered_once():
    with pytest.raises(AssertionError):
        register(Kind("digest", "Twice", fail, tells=False))


def test_every_kind_has_its_three_templates():
    from django.template.loader import get_template

    for kind in KINDS.values():
        for ending in ("subject.txt", "txt", "html"):
            get_template(f"mail/{kind.template}.{ending}")
