"""Who should meet whom: what counts, the rounds, and what people ask themselves."""

from matching.models.criteria import Criterion, Exclusion, Manner, mode_of
from matching.models.requests import (
    ANSWER_IN,
    MOST_WISHES,
    REMIND_AFTER,
    Request,
    WishFor,
    request_of,
)
from matching.models.rounds import (
    LeftOver,
    Proposal,
    ProposalMember,
    Round,
    fixed_pairs,
)

__all__ = [
    "ANSWER_IN",
    "MOST_WISHES",
    "REMIND_AFTER",
    "Criterion",
    "Exclusion",
    "LeftOver",
    "Manner",
    "Proposal",
    "ProposalMember",
    "Request",
    "Round",
    "WishFor",
    "fixed_pairs",
    "mode_of",
    "request_of",
]
