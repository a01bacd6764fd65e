"""What of messages is in the file of a person."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outbox.kinds import KINDS
from outbox.models import (
    Bounce,
    Heartbeat,
    Message,
    Preference,
    ReminderDay,
    SwitchedOff,
    Wording,
)
from people.data_file import Column, Part, made, mine, of_nobody, tell
from people.visibility import Circle


def kind_told() -> Column:
    """Which kind of mail: its key, and what the page of preferences calls it."""

    def called(key: str) -> Any:
        return KINDS[key].label if key in KINDS else key

    return made("kind", Circle.ME, lambda row: row.kind, show=called)


tell(
    Part.MAIL,
    Message,
    _("mails sent and planned"),
    ["to"],
    {Circle.ME: ["state", "not_before", "sent_at"]},
    more=[kind_told()],
    # How it is sent, by numbers; who gets it is the person.
    untold=[
        "to",
        "about_type",
        "about_id",
        "occasion",
        "program_id",
        "facts",
        "claim",
        "lease_until",
        "attempts",
        "message_id",
        "dated_at",
        "sent_with",
        "last_error",
    ],
)
tell(
    Part.MAIL,
    Preference,
    _("which mails are wanted"),
    ["user"],
    {Circle.ME: ["wanted"]},
    more=[kind_told()],
    untold=["user"],
)
tell(
    Part.MAIL,
    ReminderDay,
    _("days with a reminder"),
    ["to"],
    {Circle.ME: ["on"]},
    untold=["to", "message"],
)
tell(
    Part.MAIL,
    Bounce,
    _("mail that came back"),
    lambda user: mine(Bounce, Q(email__iexact=user.email)),
    {Circle.TEAM: ["at"]},
    untold=["email"],
)
of_nobody("is of a programme or of the machine", Heartbeat, SwitchedOff, Wording)
