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
from feedback.actions.caring import (
    close_care,
    review_program,
    snooze_care,
    take_care,
    write_care,
)

__all__ = [
    "answer",
    "change_survey",
    "close_care",
    "close_wave",
    "create_survey",
    "from_template",
    "invite",
    "move_question",
    "open_wave",
    "pulse_of",
    "remove_question",
    "retire_survey",
    "review_program",
    "save_draft",
    "save_question",
    "settle",
    "snooze_care",
    "take_care",
    "to_ask",
    "write_care",
    "write_to",
]
