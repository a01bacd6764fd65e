from datetime import timedelta

import time_machine
from django.core import mail
from django.utils import timezone

from outbox.models import Heartbeat, Message
from outbox.tasks import BATCH, beat, send_due


def test_all_that_is_due_is_sent_also_when_it_is_more_than_a_batch(letter):
    for _ in range(BATCH + 1):
        letter()

    assert send_due() == BATCH + 1
    assert len(mail.outbox) == BATCH + 1


def test_sending_twice_sends_once(letter):
    letter()

    send_due()
    send_due()

    assert len(mail.outbox) == 1


def test_what_is_not_due_waits(letter):
    message = letter(not_before=timezone.now() + timedelta(hours=1))

    send_due()

    message.refresh_from_db()
    assert message.state == Message.State.PLANNED
    assert mail.outbox == []


def test_the_heartbeat_is_one_row_that_moves():
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        beat()
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        beat()

    assert Heartbeat.objects.get(name="clock").at == now + timedelta(minutes=1)


def test_the_schedule_names_tasks_that_there_are(settings):
    from mentoring.celery import app

    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled
    assert scheduled <= app.tasks.keys()


def test_a_database_that_is_away_does_not_end_a_worker(monkeypatch, caplog):
    from django.db import OperationalError

    from outbox.actions import say_alive

    def fail(*_args, **_options):
        raise OperationalError

    monkeypatch.setattr(Heartbeat.objects, "update_or_create", fail)

    say_alive("worker")

    assert "not noted" in caplog.text
