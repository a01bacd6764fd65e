"""How far the people of a programme got."""

from django.db.models import Case, Count, Exists, Max, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from mentorships.models import Member, MentoringSession
from programs.models import Participant, Program, Role

JOINED, READY, MATCHED, MET, FINISHED = range(5)
STAGES = (
    _("joined"),
    _("ready to be matched"),
    _("matched"),
    _("have met"),
    _("finished"),
)


def reached(program: Program) -> dict[int, int]:
    """The last of ``STAGES`` that each person came to, by user."""
    held = MentoringSession.objects.held().filter(mentorship=OuterRef("mentorship"))
    found: dict[int, int] = {}
    for user, state in program.participants.exclude(role=Role.COORDINATOR).values_list(
        "user", "state"
    ):
        stage = READY if state == Participant.State.READY else JOINED
        found[user] = max(found.get(user, JOINED), stage)
    for user, ended_at, has_met in (
        Member.objects.filter(mentorship__program=program)
        .annotate(has_met=Exists(held))
        .order_by()
        .values_list("participant__user", "mentorship__ended_at", "has_met")
    ):
        stage = (FINISHED if ended_at else MET) if has_met else MATCHED
        found[user] = max(found.get(user, JOINED), stage)
    return found


def reached_by(program: Program) -> list[int]:
    """How many people came to each of ``STAGES`` and no further, counted where they
    are stored.
    """
    is_in = Q(memberships__isnull=False, memberships__left_at=None)
    has_met = Exists(
        MentoringSession.objects.held().filter(
            mentorship=OuterRef("memberships__mentorship")
        )
    )
    furthest = Max(
        Case(
            When(
                is_in & has_met & Q(memberships__mentorship__ended_at__isnull=False),
                then=Value(FINISHED),
            ),
            When(is_in & has_met, then=Value(MET)),
            When(is_in, then=Value(MATCHED)),
            When(state=Participant.State.READY, then=Value(READY)),
            default=Value(JOINED),
        )
    )
    found = (
        program.participants.exclude(role=Role.COORDINATOR)
        .order_by()
        .values("user")
        .annotate(stage=furthest)
        .aggregate(
            **{
                str(stage): Count("user", Q(stage=stage))
                for stage in range(len(STAGES))
            }
        )
    )
    return [found[str(stage)] for stage in range(len(STAGES))]
