"""Forms of surveys, of care, and of what people write."""

from feedback.forms.caring import (
    CareMessageForm,
    CareSettingsForm,
    CloseForm,
    SnoozeForm,
)
from feedback.forms.reports import ConfidantForm, HandOverForm, ReportForm
from feedback.forms.surveys import AnswerForm, QuestionForm, SurveyForm

__all__ = [
    "AnswerForm",
    "CareMessageForm",
    "CareSettingsForm",
    "CloseForm",
    "ConfidantForm",
    "HandOverForm",
    "QuestionForm",
    "ReportForm",
    "SnoozeForm",
    "SurveyForm",
]
