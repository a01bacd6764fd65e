"""What of a mentorship goes when a person is erased."""

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mentorships.actions import end_mentorship
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
    MentoringSession,
    Mentorship,
    Milestone,
    PeerFeedback,
    Preparation,
    PrivateNote,
    Reflection,
    SessionOffer,
    SharedNote,
    Story,
    ThankYou,
)
from people.erasing import scrub
from people.models import User


@scrub(
    goes=[
        _("private notes, journal, preparation and actions"),
        _("what their goals say, with the comments on them"),
        _("notes and agreement of their pairs; in a group the notes they wrote"),
        _("feedback and thanks, given and received, stories and certificates"),
        _("mentorships of two that still run end; the other gets a neutral mail"),
    ],
    stays=[
        _("that sessions were held, when and how long"),
        _("how many goals were reached, and how topics were rated"),
    ],
)
def scrub_mentorships(user: User) -> None:
    theirs = Mentorship.objects.filter(members__participant__user=user)
    pairs = Mentorship.objects.filter(pk__in=theirs.values("pk")).annotate(
        size=Count("members")
    )
    pairs = pairs.filter(size__lte=2)
    for mentorship in pairs.active():
        end_mentorship(mentorship, by=None)
    _remove_sealed(user)
    _remove_goals(user)
    Preparation.objects.filter(member__participant__user=user).delete()
    Certificate.objects.filter(member__participant__user=user).delete()
    between = Q(by__participant__user=user) | Q(to__participant__user=user)
    PeerFeedback.objects.filter(between).delete()
    ThankYou.objects.filter(between).delete()
    Story.objects.filter(author__user=user).delete()
    Action.objects.filter(owner__participant__user=user).delete()
    SessionOffer.objects.filter(by__participant__user=user).delete()
    CalendarFeed.objects.filter(user=user).delete()
    Attendance.objects.filter(member__participant__user=user).update(rating=None)
    of_pairs = Q(session__mentorship__in=pairs.values("pk"))
    SharedNote.objects.filter(of_pairs | Q(by=user)).delete()
    empty(pairs)


def _remove_sealed(user: User) -> None:
    """What only they could read, now nobody can."""
    for model in (PrivateNote, Reflection, FitCheck, Concern, EndReason):
        model.objects.filter(author=user).delete()


def _remove_goals(user: User) -> None:
    """The words go, the figures stay."""
    GoalComment.objects.filter(
        Q(by__participant__user=user) | Q(goal__owner__participant__user=user)
    ).delete()
    Milestone.objects.filter(goal__owner__participant__user=user).delete()
    empty_goals(Goal.objects.filter(owner__participant__user=user))


def empty(mentorships: QuerySet[Mentorship]) -> None:
    """What their sessions and agreements say goes; that there were some stays."""
    of_them = mentorships.values("pk")
    MentoringSession.objects.filter(mentorship__in=of_them).update(place="", subject="")
    Agreement.objects.filter(mentorship__in=of_them).update(
        channel="", confidentiality="", expectations="", first_goal=""
    )


def empty_goals(goals: QuerySet[Goal]) -> None:
    """What they say goes, their figures stay."""
    for goal in goals:
        # Two that somebody works on may not have the same name.
        Goal.objects.filter(pk=goal.pk).update(
            specific=f"#{goal.pk}", measure="", relevance="", reflection=""
        )
