"""What happens to surveys, answers and pairs that ask for a person."""

from feedback.actions.asking import (
    answer,
    close_wave,
    invite,
    open_wave,
    save_draft,
    settle,
    to_ask,
    write_to,
)
from feedback.actions.building import (
    change_survey,
    create_survey,
    from_template,
    move_question,
    pulse_of,
    remove_question,
    retire_survey,
    save_question,
)

__all__ = [
    "answer",
    "change_survey",
    "close_wave",
    "create_survey",
    "from_template",
    "invite",
    "move_question",
    "open_wave",
    "pulse_of",
    "remove_question",
    "retire_survey",
    "save_draft",
    "save_question",
    "settle",
    "to_ask",
    "write_to",
]
