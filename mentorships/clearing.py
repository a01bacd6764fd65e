"""What of its mentorships goes when a programme is cleared."""

from django.utils.translation import gettext_lazy as _

from mentorships.erasing import empty, empty_goals
from mentorships.models import (
    Action,
    Concern,
    EndReason,
    FitCheck,
    Goal,
    GoalComment,
    Mentorship,
    Milestone,
    PeerFeedback,
    Preparation,
    PrivateNote,
    Reflection,
    SessionOffer,
    SharedNote,
    ThankYou,
)
from programs.clearing import clearance
from programs.models import Program


@clearance(
    goes=[
        _("private notes, journals, shared notes, preparation, actions and agreements"),
        _("what goals say, with their steps and comments"),
        _("feedback and thanks within a mentorship"),
    ],
    stays=[
        _("which sessions were held, when and how long"),
        _("how many goals were reached, and how topics were rated"),
        _("certificates, and stories that somebody told and did not take back"),
    ],
)
def clear_mentorships(program: Program) -> None:
    # Each model with the way from it to the mentorship.
    for model, way in (
        (PrivateNote, "session__mentorship"),
        (SharedNote, "session__mentorship"),
        (Preparation, "session__mentorship"),
        (Reflection, "mentorship"),
        (Action, "mentorship"),
        (SessionOffer, "mentorship"),
        (FitCheck, "member__mentorship"),
        (Concern, "member__mentorship"),
        (EndReason, "member__mentorship"),
        (PeerFeedback, "by__mentorship"),
        (ThankYou, "by__mentorship"),
        (GoalComment, "goal__mentorship"),
        (Milestone, "goal__mentorship"),
    ):
        model._default_manager.filter(**{f"{way}__program": program}).delete()
    empty(Mentorship.objects.filter(program=program))
    empty_goals(Goal.objects.filter(mentorship__program=program))
