"""How it went: surveys, who was asked, and answers that belong to nobody.

Who answered and what was answered are two tables, written in one transaction and
joined by nothing. A fresh sheet waits, sealed, in a pool. Sheets leave it five or more
at a time and are kept as counts: what can be published is always a sum of such batches,
so that no subtraction, over cuts or over time, tells of fewer than five.
"""

from feedback.models.access import AccessTable
from feedback.models.answers import (
    Batch,
    Draft,
    FreshSheet,
    NamedAnswer,
    Remark,
    Sheet,
    Tally,
)
from feedback.models.care import CareItem, CareMessage, CareSettings
from feedback.models.reports import Confidant, Report, Reported
from feedback.models.surveys import (
    SALT,
    WAVE_LENGTH,
    Invitation,
    Outlook,
    Question,
    Survey,
    Wave,
    counting,
    seconds_to_answer,
)

__all__ = [
    "SALT",
    "WAVE_LENGTH",
    "AccessTable",
    "Batch",
    "CareItem",
    "CareMessage",
    "CareSettings",
    "Confidant",
    "Draft",
    "FreshSheet",
    "Invitation",
    "NamedAnswer",
    "Outlook",
    "Question",
    "Remark",
    "Report",
    "Reported",
    "Sheet",
    "Survey",
    "Tally",
    "Wave",
    "counting",
    "seconds_to_answer",
]
