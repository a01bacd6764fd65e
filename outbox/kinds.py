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
    from people.models import Absence, User


# A mentorship without a session for so long ends by itself, without fault.
SILENCE_ENDS_AFTER = timedelta(days=97)


# In a dry run a session stands on the calendar so many days before it.
PLANNED_AHEAD = 7


class Phase(models.TextChoices):
    """Where on the line of time of a programme a kind belongs."""

    JOINING = "joining", _("Joining")
    WAITING = "waiting", _("Waiting for a match")
    MEETING = "meeting", _("Working together")
    ASKING = "asking", _("Asking how it goes")
    ENDING = "ending", _("Rounding off")
    OVERVIEW = "overview", _("Overviews")
    ACCOUNT = "account", _("Signing in")


@dataclass(frozen=True)
class Content:
    """What a message says: the context of its templates, and what goes with it.

    ``address`` is where it goes when that is not the address of its reader.
    """

    context: dict[str, Any]
    attachments: Sequence[Attachment] = field(default=())
    reply_to: str = ""
    address: str = ""


@dataclass(frozen=True)
class Walk:
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
    # Whether mentees choose their mentor themselves.
    chooses: bool = False

    @property
    def quiet_from(self) -> date:
        """The last day on which they met, or else that of the match."""
        return self.sessions[-1] if self.sessions else self.matched_on

    def planned_on(self, session: date) -> date:
        """When a session is put on the calendar: not before there is a match."""
        return max(self.matched_on, session - timedelta(days=PLANNED_AHEAD))

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
    person of a ``Walk`` would get it. ``is_overview``: it is not of one programme.
    ``only``: somebody needs one of these roles to get it; empty is everybody.

    ``tells``: that somebody gets it says something about them that is not for who runs
    the programme or keeps the mail going: that they did not answer, what was said of
    them. Where it fails, it is shown without to whom, or which it is.
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
    days: Callable[[Walk], Iterable[date]] | None = None
    is_overview: bool = False
    only: tuple[str, ...] = ()
    # Whoever makes a kind decides.
    tells: bool = field(kw_only=True)

    def is_for(self, roles: set[str]) -> bool:
        """Whether somebody with these roles can get it."""
        return not self.only or bool(roles & {*self.only})

    @property
    def to_team(self) -> bool:
        """Whether it goes to who runs a programme, and not to who takes part."""
        return self.only == ("coordinator",)

    @property
    def template(self) -> str:
        return self.key


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known. A key is registered once."""
    assert kind.key not in KINDS, kind.key
    KINDS[kind.key] = kind
    return kind


# Who answers when a message has nobody of its own; apps above say it.
ANSWERS: "list[Callable[[Message], str]]" = []


def who_answers(message: "Message") -> str:
    """The address of whoever answers for what the message is about; may be empty."""
    return next(filter(None, (ask(message) for ask in ANSWERS)), "")


# Which roles somebody has, in programmes and in the organisation; apps above say it.
ROLES: "list[Callable[[User], set[str]]]" = []


def roles_of(user: "User") -> set[str]:
    """Every role that somebody has anywhere."""
    return set().union(*(ask(user) for ask in ROLES))


# When somebody is away from what a message is about, besides when they are away from
# everything; apps above say it.
AWAY: "list[Callable[[Message], Iterable[Absence]]]" = []


def times_away(message: "Message") -> "list[Absence]":
    """The times in which its reader is not to be reminded of it."""
    return [
        *message.to.absences.ahead(),
        *(each for ask in AWAY for each in ask(message)),
    ]


def reminders() -> list[str]:
    """The keys of what counts for one reminder a day."""
    return [kind.key for kind in KINDS.values() if kind.is_reminder]
