"""What of taking part is in the file of a person."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from history.models import Event
from people.data_file import Part, call, made, mine, of_nobody, tell
from people.visibility import Circle
from programs.actions.viewing import LOOKED
from programs.models import (
    Acceptance,
    Application,
    Completion,
    EligibilityRule,
    GoalReading,
    Guideline,
    Invite,
    JoinAnswer,
    JoinQuestion,
    Module,
    Participant,
    Program,
    ProgramGoal,
)

call(Participant, lambda participant: str(participant.user), "user")

tell(
    Part.TAKING_PART,
    Invite,
    _("invitations to take part"),
    lambda user: mine(Invite, Q(email__iexact=user.email)),
    {Circle.TEAM: ["program", "role", "by", "at", "expires_at", "used_at"]},
    # The address is theirs; of the link there is a hash.
    untold=["email", "token_hash"],
)
tell(
    Part.TAKING_PART,
    Application,
    _("requests to take part"),
    ["user"],
    {
        Circle.TEAM: [
            "program",
            "role",
            "state",
            "capacity",
            "motivation",
            "accepted_version",
            "at",
            "decided_at",
            "decided_by",
            "reason",
        ]
    },
    untold=["user"],
)
tell(
    Part.TAKING_PART,
    Participant,
    _("programmes"),
    ["user"],
    {
        Circle.TEAM: [
            "program",
            "role",
            "state",
            "capacity",
            "motivation",
            "joined_at",
            "ready_at",
            "left_at",
            "paused_until",
        ],
        Circle.ME: ["shown_to"],
    },
    # How many places are taken is counted from their mentorships.
    untold=["user", "places_taken"],
)
tell(
    Part.TAKING_PART,
    Acceptance,
    _("guidelines accepted"),
    ["participant__user"],
    {Circle.ME: ["guideline__program", "guideline__version", "at"]},
    untold=["participant"],
)
tell(
    Part.TAKING_PART,
    JoinAnswer,
    _("answers when joining"),
    ["user"],
    {Circle.TEAM: ["question__program", "question"]},
    more=[
        made(
            "words",
            Circle.TEAM,
            lambda answer: answer.words,
            covers="value",
            needs=["question"],
        )
    ],
    untold=["user"],
)
tell(
    Part.TAKING_PART,
    Completion,
    _("training done"),
    ["participant__user"],
    {Circle.TEAM: ["module__program", "module", "at"]},
    untold=["participant"],
)
tell(
    Part.TAKING_PART,
    Event,
    _("who viewed along"),
    lambda user: mine(
        Event,
        Q(
            verb=LOOKED,
            about_type="programs.participant",
            about_id__in=Participant.objects.filter(user=user).values("pk"),
        ),
    ),
    {Circle.ME: ["at", "by"]},
    untold=["verb", "about_type", "about_id", "program_id"],
    key="programs.viewed_as",
)
of_nobody(
    "is of a programme; who made it or entered it is an event",
    EligibilityRule,
    GoalReading,
    Guideline,
    JoinQuestion,
    Module,
    Program,
    ProgramGoal,
)
