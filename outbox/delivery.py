"""From a row to a mail."""

import logging
import re
import smtplib
import zoneinfo
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from anymail.exceptions import AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone

from mentoring.mail import MailServer, Wording, compose, compose_together, spoken_to
from outbox.kinds import KINDS, Content, Kind, times_away, who_answers
from outbox.models import BOUNCED, RETRY_AFTER, Bounce, Message, ReminderDay
from outbox.wording import filled, wording_of
from outbox.workhours import next_working_morning, tomorrow_morning
from people.models import User

logger = logging.getLogger(__name__)
SALT = "outbox.unsubscribe"
ADDRESS = re.compile(r"[^\s<>(]+@[^\s<>)]+")


def unsubscribe_path(user_id: int, *kinds: str) -> str:
    """The link that switches these kinds of mail off for one person, and no more."""
    token = Signer(salt=SALT).sign_object({"user": user_id, "kind": ",".join(kinds)})
    return reverse("outbox:unsubscribe", args=[token])


def read_unsubscribe(token: str) -> tuple[User, list[str]] | None:
    """Whom and what a link is about; ``None`` when it was altered."""
    try:
        found = Signer(salt=SALT).unsign_object(token)
        user = User.objects.get(pk=found["user"])
        return user, str(found["kind"]).split(",")
    except (BadSignature, User.DoesNotExist, KeyError, ValueError):
        return None


def deliver(
    message: Message, line: MailServer | None = None, *, alone: bool = False
) -> None:
    """Send one claimed message, or note why not. One that fails holds up no other.

    At least once: a process killed between the server's OK and our UPDATE leaves the
    row claimed, and one identical copy follows when the lease has run out. ``alone``
    sends a reminder at once and in a mail of its own, for a story of the past.
    """
    kind = KINDS.get(message.kind)
    with spoken_to(message.to):
        if kind and kind.is_reminder and not alone:
            _remind(message, line or MailServer())
        else:
            _tell(message, line or MailServer())


Part = tuple[Message, Kind, Content]


def _part(message: Message) -> Part | None:
    """What to say, if there still is something; else the row is done with."""
    kind = KINDS.get(message.kind)
    try:
        content = kind.content(message) if kind and message.is_wanted else None
    except Exception as error:  # noqa: BLE001
        # Whatever a text throws: the others go out.
        _note(message, error)
        _retry(message, _words(error))
        return None
    if kind is None or content is None:
        _finish([message], Message.State.DROPPED)
        return None
    return message, kind, content


def _tell(message: Message, line: MailServer) -> None:
    """Something that happened: at once, in a mail of its own."""
    if not (part := _part(message)):
        return
    if not part[2].address and Bounce.objects.of(message.to.email).exists():
        _give_up(message, BOUNCED)
    elif _send([part], line):
        _finish([message], Message.State.SENT)


def _remind(message: Message, line: MailServer) -> None:
    """A reminder: in working hours, one a day with what falls due besides, and not to
    who is away: it waits until they are back.
    """
    now = timezone.now()
    zone = message.to.time_zone
    if _waits(message, now):
        return
    place = zoneinfo.ZoneInfo(zone)
    today = now.astimezone(place).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), tzinfo=place)
    beside = [
        each
        for each in Message.objects.claim_beside(message, until=midnight)
        if not _waits(each, now)
    ]
    parts = [part for each in _newest([message, *beside]) if (part := _part(each))]
    # Whatever was tried already goes on with the day and the name it has.
    parts.sort(key=lambda part: (-part[0].attempts, part[0].pk))
    if not parts:
        return
    messages = [each for each, *_rest in parts]
    first, others = messages[0], messages[1:]
    if Bounce.objects.of(message.to.email).exists():
        _finish(messages, Message.State.DROPPED)
    elif not ReminderDay.take(first, today):
        for each in messages:
            each.put_off(tomorrow_morning(now, zone))
    elif (first == message or first.hold()) and _send(parts, line):
        _finish(messages, Message.State.SENT, first=first)
    else:
        # The first carries the news; the others wait for its next attempt.
        for each in others:
            each.put_off(now + RETRY_AFTER[0])


def _waits(message: Message, now: datetime) -> bool:
    """Whether its reader does not work now, or is away; then it waits for them."""
    zone = message.to.time_zone
    morning = next_working_morning(now, zone, absences=times_away(message))
    if morning > now:
        message.put_off(morning)
    return morning > now


def _send(parts: Sequence[Part], line: MailServer) -> bool:
    """Hand the mail over; else note what came of it on the first row."""
    message, _kind, content = parts[0]
    try:
        line.send(_together(parts) if len(parts) > 1 else letter(*parts[0]))
    except smtplib.SMTPRecipientsRefused as error:
        _refused(message, content, error)
    except AnymailRecipientsRefused:
        # A mail service says it of an address that it does not take.
        _bounce(message, content)
    except Exception as error:  # noqa: BLE001
        # Whatever a mail server throws: note it, and try again later.
        _note(message, error)
        _retry(message, _words(error))
    else:
        return True
    return False


def _note(message: Message, error: Exception) -> None:
    """In the log stands which row and what kind of error: a text could be personal."""
    logger.warning(
        "message not sent", extra={"row": message.pk, "error": type(error).__name__}
    )


def _words(error: Exception) -> str:
    """An error as IT may read it: whom it was about is left out."""
    return ADDRESS.sub("…@…", f"{type(error).__name__}: {error}")


def _newest(messages: Sequence[Message]) -> list[Message]:
    """Of one kind about one thing the newest; the older ones are dropped.

    After a stop a person hears once what would have been said on several days.
    """
    newest: dict[tuple[str, str, int], Message] = {}
    for each in sorted(messages, key=lambda each: (each.not_before, each.pk)):
        newest[each.kind, each.about_type, each.about_id] = each
    kept = {each.pk for each in newest.values()}
    _finish([each for each in messages if each.pk not in kept], Message.State.DROPPED)
    return [each for each in messages if each.pk in kept]


def context_of(message: Message, kinds: Sequence[Kind]) -> dict[str, Any]:
    """What every mail has at its foot."""
    context = {"preferences_url": settings.SITE_URL + reverse("outbox:preferences")}
    if keys := [kind.key for kind in kinds if kind.may_switch_off]:
        path = unsubscribe_path(message.to_id, *keys)
        context["unsubscribe_url"] = settings.SITE_URL + path
    return context


def with_address(context: dict[str, Any]) -> dict[str, Any]:
    """The path of the button as a whole address."""
    context = dict(context)
    if path := context.pop("action_path", ""):
        context["action_url"] = settings.SITE_URL + path
    return context


def _headers(message: Message, context: dict[str, Any]) -> dict[str, str]:
    headers = message.headers
    if url := context.get("unsubscribe_url"):
        headers["List-Unsubscribe"] = f"<{url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def letter(
    message: Message, kind: Kind, content: Content, own: Wording | None = None
) -> EmailMultiAlternatives:
    """The mail of one message, as its reader gets it. ``own``: the programme's words,
    where they are at hand.
    """
    context = {**with_address(content.context), **context_of(message, [kind])}
    mail = compose(
        kind.template,
        message.to,
        context,
        headers=_headers(message, context),
        attachments=content.attachments,
        reply_to=content.reply_to or who_answers(message),
        wording=filled(own, message, content) if own else wording_of(message, content),
    )
    if content.address:
        mail.to = [content.address]
    return mail


def _together(found: Sequence[Part]) -> EmailMultiAlternatives:
    """One mail for all of them."""
    first = found[0][0]
    context = context_of(first, [kind for _message, kind, _content in found])
    return compose_together(
        [
            (kind.template, with_address(content.context), wording_of(message, content))
            for message, kind, content in found
        ],
        first.to,
        context,
        headers=_headers(first, context),
        attachments=[each for *_, content in found for each in content.attachments],
        reply_to=next(
            filter(None, (content.reply_to for *_, content in found)),
            who_answers(first),
        ),
    )


def _ours(messages: Sequence[Message]) -> Any:
    """The rows as far as nobody else has taken them since."""
    return Message.objects.filter(
        pk__in=[each.pk for each in messages],
        claim=messages[0].claim,
        state=Message.State.PLANNED,
    )


def _finish(
    messages: Sequence[Message], state: str, *, first: Message | None = None
) -> None:
    """Sent or dropped. What only the mail needs is kept while it may come back."""
    if not messages:
        return
    now = timezone.now()
    found = _ours(messages)
    if state == Message.State.SENT:
        found.update(state=state, sent_at=now, lease_until=None, last_error="")
    else:
        found.update(
            state=state, sent_at=None, lease_until=None, facts={}, last_error=""
        )
    if first and len(messages) > 1:
        others = [each.pk for each in messages if each != first]
        Message.objects.filter(pk__in=others).update(sent_with=first, dated_at=now)


def _refused(
    message: Message, content: Content, error: smtplib.SMTPRecipientsRefused
) -> None:
    """The server does not take the address: for good, or for now."""
    codes = {code for code, _text in error.recipients.values()}
    if codes and all(500 <= code < 600 for code in codes):
        _bounce(message, content)
    else:
        _retry(message, "SMTPRecipientsRefused: " + ", ".join(map(str, sorted(codes))))


def _bounce(message: Message, content: Content) -> None:
    """The address is refused for good: nothing more is sent to it. One that is not its
    reader's needs nobody's attention.
    """
    if content.address:
        _finish([message], Message.State.DROPPED)
        return
    Bounce.objects.bulk_create(
        [Bounce(email=message.to.email.lower())], ignore_conflicts=True
    )
    _give_up(message, BOUNCED)


def _give_up(message: Message, reason: str) -> None:
    """Not to be tried again unless a person says so."""
    _ours([message]).update(
        state=Message.State.FAILED,
        attempts=message.attempts + 1,
        lease_until=None,
        last_error=reason[:200],
    )


def _retry(message: Message, error: str) -> None:
    """Later, and later still; then give up where a person sees it."""
    number = message.attempts
    if number >= len(RETRY_AFTER):
        _give_up(message, error)
        return
    _ours([message]).update(
        attempts=number + 1,
        not_before=timezone.now() + RETRY_AFTER[number],
        lease_until=None,
        last_error=error[:200],
    )
