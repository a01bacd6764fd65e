"""In a trial there is no mail server: every mail is kept, to be read in the browser."""

import email
import email.policy
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage as ParsedMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

KEEP = 2000
LONGEST_NAME = 255  # of a file, wherever it lies


class MailboxBackend(BaseEmailBackend):
    """Writes each mail to a file of its own, newest names last."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{time.time_ns()}-{uuid.uuid4().hex[:6]}"
            path = folder / f"{name}.part"
            path.write_bytes(message.message().as_bytes())
            # Whoever lists the folder never sees half a mail.
            path.rename(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Mail:
    """A mail as its receiver has it."""

    name: str
    parsed: ParsedMessage

    @property
    def subject(self) -> str:
        return str(self.parsed["Subject"])

    @property
    def to(self) -> str:
        return str(self.parsed["To"])

    @property
    def sent_at(self) -> datetime:
        found = parsedate_to_datetime(str(self.parsed["Date"]))
        # "-0000" is universal time as well; the parser leaves its zone open.
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    def _body(self, kind: str) -> str:
        part = self.parsed.get_body((kind,))
        return str(part.get_content()) if part else ""

    @property
    def attachments(self) -> list[str]:
        return [str(part.get_filename()) for part in self._attached()]

    def attachment(self, number: int) -> tuple[str, str, bytes] | None:
        """One of them, from 0 on: its name, type and content."""
        found = self._attached()[number : number + 1]
        for part in found:
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return str(part.get_filename()), part.get_content_type(), content
        return None

    def _attached(self) -> list[ParsedMessage]:
        return [part for part in self.parsed.iter_attachments() if part.get_filename()]


def read(name: str) -> Mail | None:
    """One mail by the name of its file."""
    path = Path(settings.MAILBOX_DIR) / f"{Path(name).name}.eml"
    # No mail of ours has so long a name, and no file can have it.
    if len(path.name) > LONGEST_NAME or not path.is_file():
        return None
    parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(parsed, ParsedMessage)
    return Mail(path.stem, parsed)


def newest(limit: int, to: str = "") -> list[Mail]:
    """The newest mails, of one receiver or of all."""
    found: list[Mail] = []
    folder = Path(settings.MAILBOX_DIR)
    for path in sorted(folder.glob("*.eml"), reverse=True)[:KEEP]:
        mail = read(path.stem)
        if mail and (not to or to.lower() in mail.to.lower()):
            found.append(mail)
        if len(found) == limit:
            break
    return found
