from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from feedback.models import Wave
from feedback.tasks import plan_waves
from outbox.delivery import deliver
from outbox.models import Message


@pytest.fixture
def message(wave):
    return Message.objects.filter(kind="pulse").select_related("to").first()


def test_the_mail_has_a_link_of_ones_own(message, wave):
    deliver(message)

    [sent] = mail.outbox
    invitation = wave.invitations.get(to=message.to)
    assert sent.to == [message.to.email]
    assert invitation.get_absolute_url() in sent.body


def test_the_mail_is_in_the_language_of_the_person(message):
    message.to.language = "nl"
    message.to.save()

    deliver(message)

    assert "Vijf korte vragen" in mail.outbox[0].body


def test_a_reminder_stops_once_answered(wave, fill_in):
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        plan_waves()
        reminder = Message.objects.filter(occasion="reminder").first()
        fill_in(wave.invitations.select_related("wave").get(to=reminder.to))
        deliver(reminder)

    reminder.refresh_from_db()
    assert reminder.state == Message.State.DROPPED
    assert mail.outbox == []


def test_a_closed_survey_is_not_mailed(message):
    now = timezone.now()
    Wave.objects.update(opens_at=now - timedelta(days=2), closes_at=now)

    deliver(message)

    assert mail.outbox == []
