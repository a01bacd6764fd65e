"""Changes to people, and to what they choose from."""

from people.actions.absences import REMEMBERED, add_absence
from people.actions.addresses import follow_addresses
from people.actions.background import (
    remove_background_question,
    save_background,
    save_background_question,
    shipped_backgrounds,
    take_background,
)
from people.actions.erasing import erase_again, erase_person, marks, marks_in
from people.actions.exporting import files_taken, take_data
from people.actions.organisation import save_organisation
from people.actions.people import (
    BATCH,
    WELCOME_FOR,
    come_back,
    create_person,
    end_sessions,
    find_welcome,
    first_admin_link,
    grant_role,
    leave,
    leave_all,
    profile_of,
    set_employment,
    use_welcome,
)
from people.actions.topics import (
    PROPOSALS_EACH,
    decide_proposal,
    merge_topics,
    propose_topic,
    save_family,
    save_topic,
    take_proposal,
)

__all__ = [
    "BATCH",
    "PROPOSALS_EACH",
    "REMEMBERED",
    "WELCOME_FOR",
    "add_absence",
    "come_back",
    "create_person",
    "decide_proposal",
    "end_sessions",
    "erase_again",
    "erase_person",
    "files_taken",
    "find_welcome",
    "first_admin_link",
    "follow_addresses",
    "grant_role",
    "leave",
    "leave_all",
    "marks",
    "marks_in",
    "merge_topics",
    "profile_of",
    "propose_topic",
    "remove_background_question",
    "save_background",
    "save_background_question",
    "save_family",
    "save_organisation",
    "save_topic",
    "set_employment",
    "shipped_backgrounds",
    "take_background",
    "take_data",
    "take_proposal",
    "use_welcome",
]
