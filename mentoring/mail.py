"""One templated mail."""

import contextlib
import zoneinfo
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

if TYPE_CHECKING:
    from people.models import User

# A calendar invitation or another part of a mail: name, content, MIME type.
Attachment = tuple[str, bytes, str]


@contextlib.contextmanager
def spoken_to(to: "User") -> Iterator[None]:
    """In the person's language, on the person's clock."""
    with (
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
) -> EmailMultiAlternatives:
    """``templates/mail/<name>.{subject.txt,txt,html}`` in the person's language."""
    context = {
        "to": to,
        "site_url": settings.SITE_URL,
        "organisation_name": settings.ORGANISATION_NAME,
        **context,
    }
    with spoken_to(to):
        subject = " ".join(
            render_to_string(f"mail/{name}.subject.txt", context).split()
        )
        text = render_to_string(f"mail/{name}.txt", context).strip() + "\n"
        html = render_to_string(f"mail/{name}.html", {**context, "subject": subject})
    reply_to = reply_to or settings.REPLY_TO_EMAIL
    mail = EmailMultiAlternatives(
        subject,
        text,
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
