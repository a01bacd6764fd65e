"""The registry of every kind of message the application can send.

Apps above register theirs when they start (``AppConfig.ready``): the outbox does not
know them. What a mail says is looked up when it is sent, so it is never out of date.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from mentoring.mail import Attachment

if TYPE_CHECKING:
    from outbox.models import Message


# A mentorship without a session for so long ends by itself, without fault.
SILENCE_ENDS_AFTER = timedelta(days=97)


class Phase(models.TextChoices):
    """Where on the line of time of a programme a kind belongs."""

    JOINING = "joining", _("Joining")
    WAITING = "waiting", _("Waiting for a match")
    MEETING = "meeting", _("Working together")
    ASKING = "asking", _("Asking how it goes")
    ENDING = "ending", _("Rounding off")
    OVERVIEW = "overview", _("Overviews")


@dataclass(frozen=True)
class Content:
    """What a message says: the context of its templates, and what goes with it."""

    context: dict[str, Any]
    attachments: Sequence[Attachment] = field(default=())
    reply_to: str = ""


@dataclass(frozen=True)
class Story:
    """The days of one invented person in a programme, for a dry run."""

    role: str
    invited_on: date
    joined_on: date
    ready_on: date
    matched_on: date
    starts_on: date
    ends_on: date
    rhythm_days: int
    # Every session that the pair holds; the last ones are missing when it goes quiet.
    sessions: tuple[date, ...]

    @property
    def quiet_from(self) -> date:
        """The last day on which they met, or else that of the match."""
        return self.sessions[-1] if self.sessions else self.matched_on

    @property
    def last_day(self) -> date:
        """When they are together no more: the end of the programme, or of the patience
        with a pair that is silent.
        """
        if self.goes_quiet:
            return min(self.ends_on, self.quiet_from + SILENCE_ENDS_AFTER)
        return self.ends_on

    @property
    def goes_quiet(self) -> bool:
        """Whether they stop meeting long before the end."""
        return (self.ends_on - self.quiet_from).days > 3 * self.rhythm_days


@dataclass(frozen=True)
class Kind:
    """One kind of message.

    ``content`` returns ``None`` when the message no longer makes sense; it is then
    dropped. ``template`` is the name under ``templates/mail/``.

    ``trigger`` says in words when it is sent, ``audience`` to whom. ``is_reminder``:
    it counts for one reminder a day, and waits for working hours. ``lasts``: what could
    not be sent for so long after its time is dropped. ``days`` are those on which the
    person of a ``Story`` would get it. ``is_overview``: it is not of one programme.
    """

    key: str
    label: Any  # lazy text, shown on the page of preferences
    content: "Callable[[Message], Content | None]"
    may_switch_off: bool = True
    is_reminder: bool = False
    trigger: Any = ""
    audience: Any = ""
    phase: Phase = Phase.MEETING
    lasts: timedelta | None = None
    days: Callable[[Story], Iterable[date]] | None = None
    is_overview: bool = False

    @property
    def template(self) -> str:
        return self.key


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known. A key is registered once."""
    assert kind.key not in KINDS, kind.key
    KINDS[kind.key] = kind
    return kind


def reminders() -> list[str]:
    """The keys of what counts for one reminder a day."""
    return [kind.key for kind in KINDS.values() if kind.is_reminder]
