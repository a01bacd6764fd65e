"""The rows of a programme, by subject."""

from mentoring.sealing import hashed
from programs.models.applications import Application
from programs.models.eligibility import EligibilityRule, people_let_in
from programs.models.goals import GoalReading, ProgramGoal
from programs.models.guidelines import Guideline
from programs.models.invites import Invite, new_nonce, token_of
from programs.models.participants import STAGES, Acceptance, Participant
from programs.models.programs import NAME_TAKEN, TOLD_DAYS, Program, ProgramQuerySet
from programs.models.questions import JoinAnswer, JoinQuestion
from programs.models.roles import Role
from programs.models.training import Completion, Module

__all__ = [
    "NAME_TAKEN",
    "STAGES",
    "TOLD_DAYS",
    "Acceptance",
    "Application",
    "Completion",
    "EligibilityRule",
    "GoalReading",
    "Guideline",
    "Invite",
    "JoinAnswer",
    "JoinQuestion",
    "Module",
    "Participant",
    "Program",
    "ProgramGoal",
    "ProgramQuerySet",
    "Role",
    "hashed",
    "new_nonce",
    "people_let_in",
    "token_of",
]
