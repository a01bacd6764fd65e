"""What the clock does for messages."""

from celery import shared_task

from mentoring.mail import MailServer
from outbox.actions import say_alive
from outbox.delivery import deliver
from outbox.models import Message

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
def forget_facts() -> None:
    """What only a mail needed goes once it comes back no more."""
    Message.objects.forget_facts()


@shared_task
def beat() -> None:
    """Say that the clock lives: it asked for this. A worker speaks for itself."""
    say_alive("clock")
