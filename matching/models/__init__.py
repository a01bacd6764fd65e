"""Who should meet whom: what counts, the rounds, and what people ask themselves."""

from matching.models.criteria import (
    CHOOSING_MODELS,
    Criterion,
    Exclusion,
    Manner,
    mode_of,
)
from matching.models.requests import (
    ANSWER_IN,
    MOST_WISHES,
    REMIND_AFTER,
    PlaceRequest,
    Request,
    WishFor,
    place_request_of,
    request_of,
)
from matching.models.rounds import (
    LEARNERS,
    LeftOver,
    Proposal,
    ProposalMember,
    Round,
    fixed_members,
    fixed_pairs,
    most_together,
)

__all__ = [
    "ANSWER_IN",
    "CHOOSING_MODELS",
    "LEARNERS",
    "MOST_WISHES",
    "REMIND_AFTER",
    "Criterion",
    "Exclusion",
    "LeftOver",
    "Manner",
    "PlaceRequest",
    "Proposal",
    "ProposalMember",
    "Request",
    "Round",
    "WishFor",
    "fixed_members",
    "fixed_pairs",
    "mode_of",
    "most_together",
    "place_request_of",
    "request_of",
]
