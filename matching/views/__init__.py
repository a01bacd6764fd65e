"""Pages of matching: the workbench, and those of people who choose or wait."""

from matching.views.choosing import (
    choose,
    mentor_choose,
    place_answer,
    request_answer,
    request_withdraw,
    waiting,
    wishes_edit,
)
from matching.views.members import member_decide, member_move
from matching.views.program import (
    criteria_edit,
    exclusion_list,
    exclusion_remove,
    manner_edit,
    mentors_ask,
    readiness,
    round_compare,
    round_list,
)
from matching.views.proposals import (
    pair_check,
    proposal_decide,
    proposal_detail,
    proposal_publish,
    proposal_swap,
)
from matching.views.rounds import (
    approve_all,
    left_over_list,
    place_ask,
    round_close,
    round_detail,
    round_publish,
    round_send,
    round_stop,
    round_undo,
)

__all__ = [
    "approve_all",
    "choose",
    "criteria_edit",
    "exclusion_list",
    "exclusion_remove",
    "left_over_list",
    "manner_edit",
    "member_decide",
    "member_move",
    "mentor_choose",
    "mentors_ask",
    "pair_check",
    "place_answer",
    "place_ask",
    "proposal_decide",
    "proposal_detail",
    "proposal_publish",
    "proposal_swap",
    "readiness",
    "request_answer",
    "request_withdraw",
    "round_close",
    "round_compare",
    "round_detail",
    "round_list",
    "round_publish",
    "round_send",
    "round_stop",
    "round_undo",
    "waiting",
    "wishes_edit",
]
