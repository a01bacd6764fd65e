"""What of matching is in the file of a person."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.models import (
    Criterion,
    Exclusion,
    LeftOver,
    Manner,
    PlaceRequest,
    Proposal,
    ProposalMember,
    Request,
    Round,
    WishFor,
)
from people.data_file import Column, Part, leave_out, made, mine, of_nobody, tell
from people.models import User
from people.visibility import Circle


def reason(row: Any, user: User) -> str | None:
    """Why a mentor said no is for that mentor alone."""
    return row.reason if row.mentor.user_id == user.pk else None


def points(proposal: Proposal) -> list[dict[str, Any]]:
    """The sum without what each side said: the other said half of it."""
    return [
        {name: line.get(name) for name in ("key", "weight", "points")}
        for line in proposal.lines
    ]


def points_words(lines: list[dict[str, Any]]) -> dict[str, Any]:
    names = dict(Criterion.Key.choices)
    return {str(names.get(each["key"], each["key"])): each["points"] for each in lines}


tell(
    Part.MATCHING,
    WishFor,
    _("wishes for a match"),
    ["participant__user"],
    {Circle.ME: ["wanted__program", "wanted", "rank"]},
    untold=["participant"],
)
tell(
    Part.MATCHING,
    Request,
    _("requests for a mentorship"),
    ["mentee__user", "mentor__user"],
    {
        Circle.PAIR: [
            "mentee",
            "mentor",
            "goals",
            "rhythm_days",
            "months",
            "state",
            "rank",
            "at",
            "expires_at",
            "answered_at",
        ]
    },
    more=[
        Column("reason", _("reason"), Circle.ME, reason, "reason", needs=("mentor",))
    ],
)
tell(
    Part.MATCHING,
    PlaceRequest,
    _("requests for one more place"),
    ["mentor__user"],
    {Circle.TEAM: ["mentor__program", "state", "by", "at", "answered_at"]},
)
tell(
    Part.MATCHING,
    Proposal,
    _("matches that were announced"),
    lambda user: mine(
        Proposal, Q(members__participant__user=user, published_at__isnull=False)
    ),
    {Circle.TEAM: ["round__program", "mentorship", "score", "published_at"]},
    more=[
        made(
            "points",
            Circle.TEAM,
            points,
            covers="lines",
            label=_("points for each criterion"),
            show=points_words,
        )
    ],
    untold=["parts", "state", "is_by_hand", "overruled"],
)
tell(
    Part.MATCHING,
    LeftOver,
    _("rounds that found nobody"),
    ["participant__user"],
    {Circle.TEAM: ["round__program", "round__at", "limit"]},
    # Who else could have been, and what it would have changed for others.
    untold=["participant", "facts"],
)
leave_out(
    _("matches that were not announced, whom others wished for or are kept apart from"),
    Exclusion,
)
of_nobody("is told with the match", ProposalMember)
of_nobody("is of a programme; who ran it is an event", Criterion, Manner, Round)
