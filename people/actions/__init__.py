"""Changes to people, and to what they choose from."""

from people.actions.people import (
    BATCH,
    WELCOME_FOR,
    come_back,
    create_person,
    find_welcome,
    first_admin_link,
    grant_role,
    leave,
    leave_all,
    profile_of,
    use_welcome,
)
from people.actions.topics import (
    PROPOSALS_EACH,
    decide_proposal,
    merge_topics,
    propose_topic,
    save_family,
    save_topic,
)

__all__ = [
    "BATCH",
    "PROPOSALS_EACH",
    "WELCOME_FOR",
    "come_back",
    "create_person",
    "decide_proposal",
    "find_welcome",
    "first_admin_link",
    "grant_role",
    "leave",
    "leave_all",
    "merge_topics",
    "profile_of",
    "propose_topic",
    "save_family",
    "save_topic",
    "use_welcome",
]
