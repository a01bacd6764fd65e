"""What a mail server writes back when a mail could not be delivered after all."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.utils import parseaddr


@dataclass(frozen=True)
class Returned:
    """An address that a mail cannot reach, and which mail of ours it was, if said."""

    email: str
    message_id: str


def read_report(content: bytes) -> list[Returned]:
    """The addresses that a delivery report (RFC 3464) gives up for good.

    One that is only late, or full for now, is not in it. What is no report has none.
    """
    mail = email.message_from_bytes(content, policy=email.policy.default)
    message_id = _message_id(mail)
    return [
        Returned(address, message_id)
        for part in mail.walk()
        if part.get_content_type() == "message/delivery-status"
        for address in _gone(part)
    ]


def _gone(report: Message) -> Iterator[str]:
    """A report has a block for the mail, and one for each receiver."""
    blocks = report.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        assert isinstance(block, EmailMessage)
        failed = str(block.get("Action", "")).strip().lower() == "failed"
        if failed and str(block.get("Status", "")).strip().startswith("5"):
            told = block.get("Original-Recipient") or block.get("Final-Recipient", "")
            _kind, _semicolon, address = str(told).partition(";")
            if found := parseaddr(address.strip())[1]:
                yield found


def _message_id(mail: EmailMessage) -> str:
    """That of the mail that came back: it, or its headers, are enclosed."""
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            inner = part.get_payload()
            head = inner[0] if isinstance(inner, list) and inner else str(inner)
            if isinstance(head, str):
                head = email.message_from_string(head, policy=email.policy.default)
            return str(head.get("Message-ID", "")).strip()
    return ""
