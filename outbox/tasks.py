"""What the clock does for messages."""

from celery import shared_task
from django.utils import timezone

from mentoring.mail import MailServer
from outbox.delivery import deliver
from outbox.models import Heartbeat, Message

# Few: a batch is held by a lease, and a slow mail server must not keep others waiting.
BATCH = 10


@shared_task
def send_due() -> int:
    """Send what is due, batch after batch. At least once; see ``deliver``."""
    sent = 0
    line = MailServer()
    try:
        while batch := Message.objects.claim_due(limit=BATCH):
            for message in batch:
                # Another worker may have it by now, or it went along with one before.
                if message.hold():
                    deliver(message, line)
            sent += len(batch)
    finally:
        line.close()
    return sent


@shared_task
def beat() -> None:
    """Say that clock and worker live: the one asked, the other does."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})
