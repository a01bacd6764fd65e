"""One templated mail."""

import contextlib
import re
import zoneinfo
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.template.loader_tags import ExtendsNode
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe

from mentoring import branding

if TYPE_CHECKING:
    from people.models import User

# A calendar invitation or another part of a mail: name, content, MIME type.
Attachment = tuple[str, bytes, str]
# The subject and the text that a programme gave a mail; empty is as shipped.
Wording = tuple[str, str]


class MailServer:
    """One connection for many mails: opened at the first, and anew after a mishap."""

    def __init__(self) -> None:
        self.connection: BaseEmailBackend | None = None

    def send(self, mail: EmailMessage) -> None:
        """Hand one mail over. Raises whatever the server answers."""
        if self.connection is None:
            connection = get_connection()
            connection.open()
            self.connection = connection
        mail.connection = self.connection
        try:
            mail.send()
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        """Say goodbye; a server that is gone does not mind."""
        connection, self.connection = self.connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.close()


@contextlib.contextmanager
def spoken_to(to: "User") -> Iterator[None]:
    """In the person's language and time, with the words of the organisation."""
    with (
        branding.kept(),
        translation.override(to.language or settings.LANGUAGE_CODE),
        timezone.override(zoneinfo.ZoneInfo(to.time_zone)),
    ):
        yield


def compose(
    name: str,
    to: "User",
    context: dict[str, Any],
    *,
    headers: dict[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
    reply_to: str = "",
    wording: Wording = ("", ""),
) -> EmailMultiAlternatives:
    """``templates/mail/<name>.{subject.txt,txt,html}`` in the person's language.

    ``wording`` takes the place of the subject and of the text, where it is not empty.
    What only this mail says (the block ``facts``: a day, a reason) stays below.
    """
    context = {**_everywhere(to), **context}
    with spoken_to(to):
        subject = _subject(name, context, wording)
        context["subject"] = subject
        if wording[1]:
            context |= {
                "worded": wording[1],
                "facts": _block(name, "facts", context),
                "facts_text": _block(name, "facts", context, ending="txt"),
                "label": _block(name, "action", context),
            }
            name = "worded"
        text = render_to_string(f"mail/{name}.txt", context)
        html = render_to_string(f"mail/{name}.html", context)
    return _mail(to, subject, text, html, headers, attachments, reply_to)


def compose_together(
    parts: Sequence[tuple[str, dict[str, Any], Wording]],
    to: "User",
    context: dict[str, Any],
    *,
    headers: dict[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
    reply_to: str = "",
) -> EmailMultiAlternatives:
    """Several as one: each with its subject as a heading, and its own button."""
    context = {**_everywhere(to), **context}
    sections = []
    with spoken_to(to):
        for name, own, wording in parts:
            own = {**context, **own}
            part = "facts" if wording[1] else "content"
            sections.append(
                {
                    "heading": _subject(name, own, wording),
                    "worded": wording[1],
                    "text": _block(name, part, own, ending="txt"),
                    "html": _block(name, part, own),
                    "action_url": own.get("action_url", ""),
                    "label": _block(name, "action", own),
                }
            )
        context |= {"sections": sections, "more": len(sections) - 1}
        subject = _line_of("together", context)
        context["subject"] = subject
        text = render_to_string("mail/together.txt", context)
        html = render_to_string("mail/together.html", context)
    return _mail(to, subject, text, html, headers, attachments, reply_to)


def _everywhere(to: "User") -> dict[str, Any]:
    """What every mail can say."""
    return {
        "to": to,
        "site_url": settings.SITE_URL,
        "brand": SimpleLazyObject(branding.brand),
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _subject(name: str, context: dict[str, Any], wording: Wording) -> str:
    return wording[0] or _line_of(name, context)


def _line_of(name: str, context: dict[str, Any]) -> str:
    """A subject in one line; it is no HTML, so nothing in it is escaped."""
    template = get_template(f"mail/{name}.subject.txt").template  # type: ignore[attr-defined]
    return _one_line(template.render(Context(context, autoescape=False)))


def _block(
    name: str, block: str, context: dict[str, Any], *, ending: str = "html"
) -> SafeString:
    """One block of a mail without the page around it: its own, or that of the mail it
    extends. Empty where there is none.
    """
    template = get_template(f"mail/{name}.{ending}").template  # type: ignore[attr-defined]
    inside = Context(context, autoescape=ending == "html")
    with inside.bind_template(template):
        while extends := template.nodelist.get_nodes_by_type(ExtendsNode):
            if found := extends[0].blocks.get(block):
                text = str(found.nodelist.render(inside)).strip()
                return mark_safe(text)  # noqa: S308 - it was escaped just now
            template = extends[0].get_parent(inside)
    return mark_safe("")


def _mail(
    to: "User",
    subject: str,
    text: str,
    html: str,
    headers: dict[str, str] | None,
    attachments: Sequence[Attachment],
    reply_to: str,
) -> EmailMultiAlternatives:
    reply_to = reply_to or settings.REPLY_TO_EMAIL
    mail = EmailMultiAlternatives(
        subject,
        # A template leaves lines open for what is not said.
        re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n",
        to=[to.email],
        headers=headers or {},
        reply_to=[reply_to] if reply_to else None,
    )
    mail.attach_alternative(html, "text/html")
    for attachment in attachments:
        mail.attach(*attachment)
        if attachment[2].startswith("text/calendar"):
            # Outlook looks for an invitation beside the text, others at the files.
            mail.attach_alternative(attachment[1].decode(), attachment[2])
    return mail
