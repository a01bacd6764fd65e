"""What happens to a programme and to who takes part in it."""

from programs.actions.applying import (
    apply_to_program,
    approve_application,
    decline_application,
    withdraw_application,
)
from programs.actions.clearing import (
    clear_program,
    is_time_to_tell,
    save_keeping,
    tell_of_clearing,
)
from programs.actions.eligibility import (
    people_for,
    set_eligibility,
)
from programs.actions.goals import (
    remove_goal,
    take_readings,
)
from programs.actions.guidelines import (
    accept_guideline,
    changes,
    revise_guideline,
)
from programs.actions.inviting import (
    INVITE_FOR,
    REMIND_AFTER,
    Asked,
    find_invite,
    invite,
    sort_out,
    use_invite,
    withdraw_invite,
)
from programs.actions.joining import (
    answer_on,
    change_capacity,
    complete,
    is_asked,
    is_let_in,
    join_program,
    leave_program,
    manager_of,
    pause_participation,
    resume_participation,
    roles_open_to,
    save_answers,
    show_to_manager,
)
from programs.actions.programs import (
    COPIERS,
    FILLERS,
    add_coordinator,
    copy_program,
    create_program,
    defaults,
    finish_step,
    move_program,
    move_row,
    next_start,
    obstacles,
    remove_coordinator,
)
from programs.actions.returning import take_back, taken_for_leavers
from programs.actions.second_step import (
    reset_second_step,
    tell_second_step_changed,
)
from programs.actions.training import (
    finish_module,
    remove_module,
    reopen_module,
    save_module,
    training_of,
)
from programs.actions.viewing import (
    look_along,
    lookers,
)
from programs.lacking import (
    guideline_of,
    guideline_to_accept,
    lacking,
    training_to_do,
)

__all__ = [
    "COPIERS",
    "FILLERS",
    "INVITE_FOR",
    "REMIND_AFTER",
    "Asked",
    "accept_guideline",
    "add_coordinator",
    "answer_on",
    "apply_to_program",
    "approve_application",
    "change_capacity",
    "changes",
    "clear_program",
    "complete",
    "copy_program",
    "create_program",
    "decline_application",
    "defaults",
    "find_invite",
    "finish_module",
    "finish_step",
    "guideline_of",
    "guideline_to_accept",
    "invite",
    "is_asked",
    "is_let_in",
    "is_time_to_tell",
    "join_program",
    "lacking",
    "leave_program",
    "look_along",
    "lookers",
    "manager_of",
    "move_program",
    "move_row",
    "next_start",
    "obstacles",
    "pause_participation",
    "people_for",
    "remove_coordinator",
    "remove_goal",
    "remove_module",
    "reopen_module",
    "reset_second_step",
    "resume_participation",
    "revise_guideline",
    "roles_open_to",
    "save_answers",
    "save_keeping",
    "save_module",
    "set_eligibility",
    "show_to_manager",
    "sort_out",
    "take_back",
    "take_readings",
    "taken_for_leavers",
    "tell_of_clearing",
    "tell_second_step_changed",
    "training_of",
    "training_to_do",
    "use_invite",
    "withdraw_application",
    "withdraw_invite",
]
