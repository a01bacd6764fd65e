"""The form that somebody answers."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.models import Question, Survey

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

ENDS: "dict[str, StrPromise]" = {
    Question.Kind.SCALE: _("1 is not at all, 5 is very much"),
    Question.Kind.NPS: _("0 is certainly not, 10 is certainly"),
}


class AnswerForm(forms.Form):
    """One field for each question of a survey."""

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(survey.questions.all())
        for question in self.questions:
            name = f"q{question.pk}"
            if question.kind == Question.Kind.TEXT:
                self.fields[name] = forms.CharField(
                    label=question.text,
                    required=question.is_required,
                    max_length=1500,
                    widget=forms.Textarea(attrs={"rows": 4}),
                )
            else:
                self.fields[name] = forms.ChoiceField(
                    label=question.text,
                    required=question.is_required,
                    choices=question.choices,
                    help_text=ENDS.get(question.kind, ""),
                    widget=forms.RadioSelect,
                )

    def answers(self) -> dict[int, str]:
        """Answers by question."""
        return {
            question.pk: self.cleaned_data[f"q{question.pk}"]
            for question in self.questions
            if self.cleaned_data.get(f"q{question.pk}")
        }
