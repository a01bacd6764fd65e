"""Forms about people, by subject."""

from people.forms.background import BackgroundForm, BackgroundQuestionForm
from people.forms.catalogue import FamilyForm, TopicForm
from people.forms.directory import (
    EmploymentForm,
    EraseForm,
    NameForm,
    PersonForm,
    RoleForm,
)
from people.forms.feed import MAX_UPLOAD, ColumnsForm, FeedSettingsForm, UploadForm
from people.forms.fields import DateInput
from people.forms.organisation import OrganisationForm
from people.forms.profile import (
    SEEN_BY,
    STYLE_ENDS,
    AbsenceForm,
    ProfileForm,
    SettingsForm,
)

__all__ = [
    "MAX_UPLOAD",
    "SEEN_BY",
    "STYLE_ENDS",
    "AbsenceForm",
    "BackgroundForm",
    "BackgroundQuestionForm",
    "ColumnsForm",
    "DateInput",
    "EmploymentForm",
    "EraseForm",
    "FamilyForm",
    "FeedSettingsForm",
    "NameForm",
    "OrganisationForm",
    "PersonForm",
    "ProfileForm",
    "RoleForm",
    "SettingsForm",
    "TopicForm",
    "UploadForm",
]
