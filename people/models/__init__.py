"""The rows about people, by subject."""

from people.models.absences import Absence, AbsenceQuerySet, last_day_away
from people.models.background import (
    Background,
    BackgroundChoice,
    BackgroundQuestion,
)
from people.models.catalogue import (
    CareerDirection,
    Interest,
    Topic,
    TopicFamily,
    TopicProposal,
)
from people.models.feed import FeedSettings, HrImport, HrUpload
from people.models.organisation import Organisation
from people.models.profiles import SPOKEN, STYLES, Offer, Profile, Wish
from people.models.users import (
    Employment,
    Erasure,
    LevelChange,
    User,
    UserQuerySet,
    Welcome,
)

__all__ = [
    "SPOKEN",
    "STYLES",
    "Absence",
    "AbsenceQuerySet",
    "Background",
    "BackgroundChoice",
    "BackgroundQuestion",
    "CareerDirection",
    "Employment",
    "Erasure",
    "FeedSettings",
    "HrImport",
    "HrUpload",
    "Interest",
    "LevelChange",
    "Offer",
    "Organisation",
    "Profile",
    "Topic",
    "TopicFamily",
    "TopicProposal",
    "User",
    "UserQuerySet",
    "Welcome",
    "Wish",
    "last_day_away",
]
