"""What we tell people about their mentorship.

Importing it makes the messages known, in the order in which pages list them.
"""

from mentorships.notifications import course, sessions, stories, words
from mentorships.notifications.context import about, reply_to_other, still_quiet

__all__ = [
    "about",
    "course",
    "reply_to_other",
    "sessions",
    "still_quiet",
    "stories",
    "words",
]
