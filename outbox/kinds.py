"""The registry of every kind of message the application can send.

Apps above register theirs when they start (``AppConfig.ready``): the outbox does not
know them. What a mail says is looked up when it is sent, so it is never out of date.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mentoring.mail import Attachment

if TYPE_CHECKING:
    from outbox.models import Message


@dataclass(frozen=True)
class Content:
    """What a message says: the context of its templates, and what goes with it."""

    context: dict[str, Any]
    attachments: Sequence[Attachment] = field(default=())
    reply_to: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of message.

    ``content`` returns ``None`` when the message no longer makes sense; it is then
    dropped. ``template`` is the name under ``templates/mail/``.
    """

    key: str
    label: Any  # lazy text, shown on the page of preferences
    content: "Callable[[Message], Content | None]"
    may_switch_off: bool = True
    is_reminder: bool = False

    @property
    def template(self) -> str:
        return self.key


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known. A key is registered once."""
    assert kind.key not in KINDS, kind.key
    KINDS[kind.key] = kind
    return kind
