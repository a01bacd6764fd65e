"""The catalogue of topics."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import (
    Topic,
    TopicFamily,
)


class TopicForm(forms.ModelForm):
    """A topic, with its synonyms as lines of text."""

    words = forms.CharField(
        label=_("Other words for it, in either language"),
        help_text=_("One on each line. People find the topic by these as well."),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )

    class Meta:
        model = Topic
        fields = ["name_nl", "name_en", "family"]
        labels = {"family": _("Family")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["family"].queryset = TopicFamily.objects.by_name()  # type: ignore[attr-defined]
        self.fields["family"].empty_label = _("choose a family")  # type: ignore[attr-defined]
        self.fields["words"].initial = "\n".join(self.instance.synonyms)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        lines = [line.strip() for line in data.get("words", "").splitlines()]
        self.instance.synonyms = [line[:120] for line in lines if line][:40]
        return data


class FamilyForm(forms.ModelForm):
    """A family of topics."""

    class Meta:
        model = TopicFamily
        fields = ["name_nl", "name_en", "parent", "is_soft"]
        labels = {"is_soft": _("These are soft skills")}
        help_texts = {
            "parent": _("Optional. Families stand in a tree of two levels."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        larger = TopicFamily.objects.filter(parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = larger.by_name()  # type: ignore[attr-defined]
        self.fields["parent"].empty_label = _("none")  # type: ignore[attr-defined]
