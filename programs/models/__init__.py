"""The rows of a programme, by subject."""

from programs.models.goals import ProgramGoal
from programs.models.guidelines import Guideline
from programs.models.invites import Invite, hashed, new_nonce, token_of
from programs.models.participants import Acceptance, Participant
from programs.models.programs import Program
from programs.models.roles import Role

__all__ = [
    "Acceptance",
    "Guideline",
    "Invite",
    "Participant",
    "Program",
    "ProgramGoal",
    "Role",
    "hashed",
    "new_nonce",
    "token_of",
]
