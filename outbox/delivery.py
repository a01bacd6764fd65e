"""From a row to a mail."""

import logging

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone

from mentoring.mail import compose, spoken_to
from outbox.kinds import KINDS, Kind
from outbox.models import RETRY_AFTER, Message
from people.models import User

logger = logging.getLogger(__name__)
SALT = "outbox.unsubscribe"


def unsubscribe_path(user_id: int, kind: str) -> str:
    """The link that switches one kind of mail off for one person, and no more."""
    token = Signer(salt=SALT).sign_object({"user": user_id, "kind": kind})
    return reverse("outbox:unsubscribe", args=[token])


def read_unsubscribe(token: str) -> tuple[User, str] | None:
    """Whom and what a link is about; ``None`` when it was altered."""
    try:
        found = Signer(salt=SALT).unsign_object(token)
        return User.objects.get(pk=found["user"]), str(found["kind"])
    except (BadSignature, User.DoesNotExist, KeyError, ValueError):
        return None


def deliver(message: Message) -> None:
    """Send one claimed message, or note why not. One that fails holds up no other.

    At least once: a process killed between the server's OK and our UPDATE leaves the
    row claimed, and one identical copy follows when the lease has run out.
    """
    with spoken_to(message.to):
        _deliver(message, KINDS.get(message.kind))


def _deliver(message: Message, kind: Kind | None) -> None:
    try:
        content = kind.content(message) if kind and message.is_wanted else None
        if kind is None or content is None:
            _finish(message, Message.State.DROPPED)
            return
        headers = message.headers
        context = {
            **content.context,
            "preferences_url": settings.SITE_URL + reverse("outbox:preferences"),
        }
        if path := context.pop("action_path", ""):
            context["action_url"] = settings.SITE_URL + path
        if kind.may_switch_off:
            url = settings.SITE_URL + unsubscribe_path(message.to_id, kind.key)
            context["unsubscribe_url"] = url
            headers["List-Unsubscribe"] = f"<{url}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        compose(
            kind.template,
            message.to,
            context,
            headers=headers,
            attachments=content.attachments,
            reply_to=content.reply_to,
        ).send()
    except Exception as error:
        # Whatever a mail server or a text throws: note it, and try again later.
        logger.exception("message %s", message.pk)
        _retry(message, f"{type(error).__name__}: {error}")
    else:
        _finish(message, Message.State.SENT)


def _finish(message: Message, state: str) -> None:
    """Sent or dropped. What only the mail needed is not kept."""
    Message.objects.filter(pk=message.pk, claim=message.claim).update(
        state=state,
        sent_at=timezone.now() if state == Message.State.SENT else None,
        lease_until=None,
        facts={},
        last_error="",
    )


def _retry(message: Message, error: str) -> None:
    """Later, and later still; then give up where a person sees it."""
    number = message.attempts
    state = Message.State.PLANNED
    not_before = message.not_before
    if number < len(RETRY_AFTER):
        not_before = timezone.now() + RETRY_AFTER[number]
    else:
        state = Message.State.FAILED
    Message.objects.filter(pk=message.pk, claim=message.claim).update(
        attempts=number + 1,
        state=state,
        not_before=not_before,
        lease_until=None,
        last_error=error[:200],
    )
