"""What of a mentorship is in the file of a person.

What one wrote or got oneself, and what all of them wrote together. What another puts
down as theirs (a goal, an action, preparation) is in the file of that other.
"""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from mentorships.forms.pairs import ConcernForm, FitForm
from mentorships.models import (
    Action,
    Agreement,
    Attendance,
    CalendarFeed,
    Certificate,
    Concern,
    EndReason,
    FitCheck,
    Goal,
    GoalComment,
    Member,
    MentoringSession,
    Mentorship,
    Milestone,
    OfferedTime,
    PeerFeedback,
    Preparation,
    PrivateNote,
    Progress,
    Reflection,
    SelfRating,
    SessionOffer,
    SharedNote,
    Signature,
    Story,
    ThankYou,
)
from people.data_file import (
    Part,
    call,
    leave_out,
    made,
    mine,
    of_nobody,
    tell,
    unsealed,
)
from people.models import User
from people.visibility import Circle


def together(
    model: type[models.Model], way: str, *own: str
) -> Callable[[User], models.QuerySet[Any]]:
    """Rows of the mentorships that somebody is in, and of one they stepped out of those
    that are their own.
    """

    def rows(user: User) -> models.QuerySet[Any]:
        found = Q(**{f"{way}__in": Mentorship.objects.visible_to(user)})
        for each in own:
            found |= Q(**{each: user})
        return mine(model, found)

    return rows


def sessions(user: User) -> models.QuerySet[Any]:
    """Those of their mentorships, and any that they were at, as they were held."""
    found = together(
        MentoringSession, "mentorship", "attendances__member__participant__user"
    )
    return found(user).order_by("starts_at", "pk")


def moment(session: MentoringSession) -> str:
    return date_format(timezone.localtime(session.starts_at), "DATETIME_FORMAT")


def concern_words(text: str | None) -> str:
    """What is off, as the form calls it, and in their own words."""
    matter, _newline, words = (text or "").partition("\n")
    label = dict(ConcernForm.MATTERS).get(matter, matter)
    return f"{label}\n{words}".strip()


IN_IT = "members__participant__user"

call(Member, lambda member: str(member.participant.user), "participant__user")
call(Mentorship, str, IN_IT)
call(MentoringSession, moment)

tell(
    Part.TOGETHER,
    Mentorship,
    _("mentorships"),
    [IN_IT],
    {
        Circle.TEAM: [
            "program",
            "name",
            "rhythm_days",
            "started_at",
            "back_at",
            "ends_on",
            "ended_at",
        ]
    },
    more=[
        made(
            "people",
            Circle.TEAM,
            lambda mentorship: [str(each) for each in mentorship.members.all()],
            label=_("who is in it"),
            needs=[IN_IT],
        )
    ],
)
tell(
    Part.TOGETHER,
    Member,
    _("role in each mentorship"),
    lambda user: Member.ever.filter(participant__user=user).order_by("pk"),
    {Circle.TEAM: ["mentorship", "role", "left_at"]},
    untold=["participant"],
)
tell(
    Part.TOGETHER,
    Agreement,
    _("agreements"),
    together(Agreement, "mentorship"),
    {
        Circle.PAIR: [
            "mentorship",
            "version",
            "minutes",
            "channel",
            "confidentiality",
            "expectations",
            "first_goal",
            "changed_at",
            "changed_by",
        ]
    },
)
tell(
    Part.TOGETHER,
    Signature,
    _("agreements signed"),
    ["member__participant__user"],
    {Circle.PAIR: ["agreement__mentorship", "version", "at"]},
    untold=["member"],
)
tell(
    Part.TOGETHER,
    MentoringSession,
    _("sessions"),
    sessions,
    {
        Circle.TEAM: ["mentorship", "starts_at", "minutes", "state"],
        Circle.PAIR: [
            "mode",
            "place",
            "subject",
            "guide_key",
            "logged_at",
            "logged_by",
        ],
    },
    # The same moment once more, and marks for calendars.
    untold=["wall_time", "zone", "ics_uid", "ics_sequence", "series"],
)
tell(
    Part.TOGETHER,
    Attendance,
    _("sessions attended"),
    ["member__participant__user"],
    {Circle.TEAM: ["session__mentorship", "session"], Circle.ME: ["rating"]},
    untold=["member"],
)
tell(
    Part.TOGETHER,
    SessionOffer,
    _("moments proposed"),
    ["by__participant__user"],
    {
        Circle.PAIR: [
            "mentorship",
            "minutes",
            "mode",
            "place",
            "subject",
            "created_at",
            "settled_at",
        ]
    },
    more=[
        made(
            "times",
            Circle.PAIR,
            lambda offer: [each.starts_at for each in offer.times.all()],
            label=_("moments"),
            needs=["times"],
        )
    ],
    untold=["by", "guide_key"],
)
tell(
    Part.TOGETHER,
    Preparation,
    _("what to talk about"),
    ["member__participant__user"],
    {Circle.PAIR: ["session__mentorship", "session", "body", "at"]},
    untold=["member"],
)
tell(
    Part.TOGETHER,
    SharedNote,
    _("shared notes"),
    together(SharedNote, "session__mentorship", "by"),
    {Circle.PAIR: ["session__mentorship", "session", "version", "body", "by", "at"]},
)
tell(
    Part.TOGETHER,
    Action,
    _("actions"),
    ["owner__participant__user"],
    {Circle.PAIR: ["mentorship", "text", "due_on", "done_at", "created_at"]},
    untold=["owner"],
)
tell(
    Part.TOGETHER,
    Goal,
    _("goals"),
    ["owner__participant__user"],
    {
        Circle.PAIR: [
            "mentorship",
            "specific",
            "measure",
            "start",
            "target",
            "relevance",
            "by_on",
            "state",
            "closed_at",
            "reflection",
            "created_at",
        ]
    },
    untold=["owner"],
)
tell(
    Part.TOGETHER,
    Milestone,
    _("steps to goals"),
    ["goal__owner__participant__user"],
    {Circle.PAIR: ["goal", "text", "done_at"]},
)
tell(
    Part.TOGETHER,
    Progress,
    _("where goals stood"),
    ["goal__owner__participant__user"],
    {Circle.PAIR: ["goal", "value", "at"]},
)
tell(
    Part.TOGETHER,
    GoalComment,
    _("what was said of goals"),
    ["by__participant__user", "goal__owner__participant__user"],
    {Circle.PAIR: ["goal", "by", "body", "at"]},
)
tell(
    Part.TOGETHER,
    PeerFeedback,
    _("feedback, given and received"),
    ["by__participant__user", "to__participant__user"],
    {Circle.PAIR: ["by", "to", "situation", "behavior", "impact", "next_step", "at"]},
)
tell(
    Part.TOGETHER,
    ThankYou,
    _("thanks, given and received"),
    ["by__participant__user", "to__participant__user"],
    {Circle.PAIR: ["by", "to", "body", "at", "offered_at", "accepted_at"]},
)
tell(
    Part.TOGETHER,
    Story,
    _("stories"),
    ["author__user"],
    {
        Circle.ME: [
            "title",
            "body",
            "language",
            "state",
            "version",
            "written_at",
            "consented_at",
            "shown_at",
        ]
    },
    untold=["author"],
)
tell(
    Part.TOGETHER,
    Certificate,
    _("certificates"),
    ["member__participant__user"],
    {Circle.ME: ["member__mentorship", "code", "issued_at"]},
)
tell(
    Part.TOGETHER,
    CalendarFeed,
    _("feed for a calendar"),
    ["user"],
    {Circle.ME: ["created_at"]},
    # With it anybody reads their sessions.
    untold=["user", "mark"],
)
tell(
    Part.ALONE,
    PrivateNote,
    _("private notes"),
    ["author"],
    {Circle.ME: ["session__mentorship", "session"]},
    more=[unsealed(_("note"))],
    untold=["author"],
)
tell(
    Part.ALONE,
    Reflection,
    _("journal"),
    ["author"],
    {Circle.ME: ["mentorship", "at", "shared_at"]},
    more=[unsealed(_("text"))],
    untold=["author", "prompt_key", "mark"],
)
tell(
    Part.ALONE,
    SelfRating,
    _("own ratings of topics"),
    ["member__participant__user"],
    {Circle.ME: ["topic", "moment", "value", "at"]},
    untold=["member"],
)
tell(
    Part.ALONE,
    FitCheck,
    _("whether it clicks"),
    ["author"],
    {Circle.ME: ["member__mentorship", "at"]},
    more=[
        unsealed(
            _("answer"), show=lambda answer: dict(FitForm.ANSWERS).get(answer, answer)
        )
    ],
    untold=["author"],
)
tell(
    Part.ALONE,
    Concern,
    _("what is off"),
    ["author"],
    {Circle.ME: ["member__mentorship", "at", "asked_at"]},
    more=[unsealed(_("text"), show=concern_words)],
    untold=["author", "mark"],
)
tell(
    Part.ALONE,
    EndReason,
    _("why it ended"),
    ["author"],
    {Circle.ME: ["member__mentorship", "at"]},
    more=[unsealed(_("text"))],
    untold=["author"],
)
leave_out(
    _(
        "what others keep for themselves or put down as theirs: private notes,"
        " journals, goals, actions, preparation and pages they shared"
    ),
)
of_nobody("is told with what was offered", OfferedTime)
