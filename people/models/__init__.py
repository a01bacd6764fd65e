"""The rows about people, by subject."""

from people.models.catalogue import (
    CareerDirection,
    Interest,
    Topic,
    TopicFamily,
    TopicProposal,
)
from people.models.feed import FeedSettings, HrImport, HrUpload
from people.models.profiles import STYLES, Offer, Profile, Wish
from people.models.users import Employment, User, UserQuerySet, Welcome

__all__ = [
    "STYLES",
    "CareerDirection",
    "Employment",
    "FeedSettings",
    "HrImport",
    "HrUpload",
    "Interest",
    "Offer",
    "Profile",
    "Topic",
    "TopicFamily",
    "TopicProposal",
    "User",
    "UserQuerySet",
    "Welcome",
    "Wish",
]
