"""What happens to a programme and to who takes part in it."""

from programs.actions.guidelines import (
    accept_guideline,
    changes,
    guideline_of,
    guideline_to_accept,
    revise_guideline,
)
from programs.actions.inviting import (
    INVITE_FOR,
    REMIND_AFTER,
    Asked,
    find_invite,
    invite,
    use_invite,
    withdraw_invite,
)
from programs.actions.joining import (
    answer_on,
    change_capacity,
    complete,
    join_program,
    lacking,
    leave_program,
)
from programs.actions.programs import (
    add_coordinator,
    create_program,
    defaults,
    move_program,
    obstacles,
    remove_coordinator,
    remove_goal,
)

__all__ = [
    "INVITE_FOR",
    "REMIND_AFTER",
    "Asked",
    "accept_guideline",
    "add_coordinator",
    "answer_on",
    "change_capacity",
    "changes",
    "complete",
    "create_program",
    "defaults",
    "find_invite",
    "guideline_of",
    "guideline_to_accept",
    "invite",
    "join_program",
    "lacking",
    "leave_program",
    "move_program",
    "obstacles",
    "remove_coordinator",
    "remove_goal",
    "revise_guideline",
    "use_invite",
    "withdraw_invite",
]
