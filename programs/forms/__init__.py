"""Forms of a programme, by subject."""

from programs.forms.eligibility import EligibilityForm, JoinModeForm, values_in_use
from programs.forms.goals import MOST, GoalReadingForm, ProgramGoalForm
from programs.forms.guidelines import GuidelineForm
from programs.forms.joining import MOST_AT_ONCE, CapacityForm, InviteForm, JoinForm
from programs.forms.programs import CoordinatorForm, DateInput, NameForm, ProgramForm
from programs.forms.questions import JoinQuestionForm
from programs.forms.training import ModuleForm

__all__ = [
    "MOST",
    "MOST_AT_ONCE",
    "CapacityForm",
    "CoordinatorForm",
    "DateInput",
    "EligibilityForm",
    "GoalReadingForm",
    "GuidelineForm",
    "InviteForm",
    "JoinForm",
    "JoinModeForm",
    "JoinQuestionForm",
    "ModuleForm",
    "NameForm",
    "ProgramForm",
    "ProgramGoalForm",
    "values_in_use",
]
