"""The relationship: who works together, when they meet, what they work on."""

from mentorships.models.agreements import (
    Agreement,
    Signature,
)
from mentorships.models.course import (
    Certificate,
    Concern,
    EndReason,
    FitCheck,
)
from mentorships.models.goals import (
    Goal,
    GoalComment,
    Milestone,
    Progress,
    SelfRating,
)
from mentorships.models.growth import (
    PeerFeedback,
    Reflection,
    ThankYou,
)
from mentorships.models.mentorships import (
    Attendance,
    Member,
    MentoringSession,
    MentoringSessionQuerySet,
    Mentorship,
    MentorshipQuerySet,
    new_ics_uid,
    to_log_and_coming,
)
from mentorships.models.notes import (
    Action,
    PrivateNote,
    Sealed,
    SharedNote,
)
from mentorships.models.planning import (
    CalendarFeed,
    OfferedTime,
    Preparation,
    SessionOffer,
)
from mentorships.models.stories import (
    Story,
)

__all__ = [
    "Action",
    "Agreement",
    "Attendance",
    "CalendarFeed",
    "Certificate",
    "Concern",
    "EndReason",
    "FitCheck",
    "Goal",
    "GoalComment",
    "Member",
    "MentoringSession",
    "MentoringSessionQuerySet",
    "Mentorship",
    "MentorshipQuerySet",
    "Milestone",
    "OfferedTime",
    "PeerFeedback",
    "Preparation",
    "PrivateNote",
    "Progress",
    "Reflection",
    "Sealed",
    "SelfRating",
    "SessionOffer",
    "SharedNote",
    "Signature",
    "Story",
    "ThankYou",
    "new_ics_uid",
    "to_log_and_coming",
]
