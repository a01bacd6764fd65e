"""What people say of their background, if they want to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import (
    BackgroundQuestion,
)


class BackgroundForm(forms.Form):
    """What somebody says of their background; not saying is the first choice."""

    def __init__(self, *args: Any, chosen: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in BackgroundQuestion.objects.prefetch_related("choices"):
            choices = [(str(each.pk), str(each)) for each in question.choices.all()]
            self.fields[f"b{question.pk}"] = forms.ChoiceField(
                label=str(question),
                required=False,
                choices=[("", _("I would rather not say")), *choices],
                initial=str(chosen.get(question.pk, "")),
                widget=forms.RadioSelect,
            )

    def chosen(self) -> dict[int, int]:
        """The choice by question, of those that were answered."""
        return {
            int(name[1:]): int(value)
            for name, value in self.cleaned_data.items()
            if value
        }


class BackgroundQuestionForm(forms.ModelForm):
    """A question in both languages, with its choices, one on each line."""

    choices_nl = forms.CharField(
        label=_("Choices, in Dutch"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One on each line. “I would rather not say” is always there."),
    )
    choices_en = forms.CharField(
        label=_("Choices, in English"), widget=forms.Textarea(attrs={"rows": 6})
    )

    class Meta:
        model = BackgroundQuestion
        fields = ["text_nl", "text_en"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            rows = list(self.instance.choices.all())
            self.initial["choices_nl"] = "\n".join(each.name_nl for each in rows)
            self.initial["choices_en"] = "\n".join(each.name_en for each in rows)

    @staticmethod
    def _lines(text: str) -> list[str]:
        return [line.strip()[:120] for line in text.splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        nl = self._lines(found.get("choices_nl") or "")
        en = self._lines(found.get("choices_en") or "")
        if "choices_nl" in found and len(nl) < 2:
            self.add_error("choices_nl", _("Give at least two choices."))
        elif "choices_en" in found and "choices_nl" in found and len(nl) != len(en):
            self.add_error(
                "choices_en", _("Give as many choices in English as in Dutch.")
            )
        return found

    def words(self) -> list[tuple[str, str]]:
        """The choices in both languages."""
        nl = self._lines(self.cleaned_data["choices_nl"])
        return list(zip(nl, self._lines(self.cleaned_data["choices_en"]), strict=True))
