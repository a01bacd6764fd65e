"""What the clock does for messages."""

from celery import shared_task
from django.utils import timezone

from outbox.delivery import deliver
from outbox.models import Heartbeat, Message

BATCH = 50


@shared_task
def send_due() -> int:
    """Send what is due, batch after batch. At least once; see ``deliver``."""
    sent = 0
    while batch := Message.objects.claim_due(limit=BATCH):
        for message in batch:
            deliver(message)
        sent += len(batch)
    return sent


@shared_task
def beat() -> None:
    """Say that clock and worker live: the one asked, the other does."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})
