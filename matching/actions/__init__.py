"""A round of matching, what is decided on it, publishing, and mentees who choose."""

from matching.actions.decisions import (
    HARD,
    PairCheck,
    Swap,
    approve_rest,
    check_pair,
    decide,
    exclude,
    fix_pair,
    plan_swap,
    swap,
    swap_costs,
)
from matching.actions.publishing import (
    UNDO_FOR,
    close_round,
    publish_round,
    send_now,
    undo_publication,
    undo_until,
)
from matching.actions.requests import (
    accept_request,
    ask_mentor,
    decline_request,
    expire_request,
    has_room,
    save_wishes,
    withdraw_request,
)
from matching.actions.rounds import begin_round, fail_round, run_round, stop_round

__all__ = [
    "HARD",
    "UNDO_FOR",
    "PairCheck",
    "Swap",
    "accept_request",
    "approve_rest",
    "ask_mentor",
    "begin_round",
    "check_pair",
    "close_round",
    "decide",
    "decline_request",
    "exclude",
    "expire_request",
    "fail_round",
    "fix_pair",
    "has_room",
    "plan_swap",
    "publish_round",
    "run_round",
    "save_wishes",
    "send_now",
    "stop_round",
    "swap",
    "swap_costs",
    "undo_publication",
    "undo_until",
    "withdraw_request",
]
