"""Forms of surveys, of care, and of what people write."""

from feedback.forms.caring import (
    CareMessageForm,
    CareSettingsForm,
    CloseForm,
    SnoozeForm,
)
from feedback.forms.reports import (
    ConfidantForm,
    HandOverForm,
    ReportAddForm,
    ReportCloseForm,
    ReportForm,
)
from feedback.forms.surveys import AnswerForm, QuestionForm, SurveyForm

__all__ = [
    "AnswerForm",
    "CareMessageForm",
    "CareSettingsForm",
    "CloseForm",
    "ConfidantForm",
    "HandOverForm",
    "QuestionForm",
    "ReportAddForm",
    "ReportCloseForm",
    "ReportForm",
    "SnoozeForm",
    "SurveyForm",
]
