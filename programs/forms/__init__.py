"""Forms of a programme, by subject."""

from programs.forms.eligibility import EligibilityForm, JoinModeForm, values_in_use
from programs.forms.goals import MOST, GoalReadingForm, ProgramGoalForm
from programs.forms.guidelines import GuidelineForm
from programs.forms.joining import (
    MOST_AT_ONCE,
    CapacityForm,
    InviteForm,
    JoinForm,
    ManagerForm,
    PauseForm,
)
from programs.forms.programs import CoordinatorForm, KeepingForm, NameForm, ProgramForm
from programs.forms.questions import JoinQuestionForm
from programs.forms.training import ModuleForm

__all__ = [
    "MOST",
    "MOST_AT_ONCE",
    "CapacityForm",
    "CoordinatorForm",
    "EligibilityForm",
    "GoalReadingForm",
    "GuidelineForm",
    "InviteForm",
    "JoinForm",
    "JoinModeForm",
    "JoinQuestionForm",
    "KeepingForm",
    "ManagerForm",
    "ModuleForm",
    "NameForm",
    "PauseForm",
    "ProgramForm",
    "ProgramGoalForm",
    "values_in_use",
]
