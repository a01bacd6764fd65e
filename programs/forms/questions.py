"""Questions to who joins: writing them, and answering them."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from programs.models import JoinQuestion, Program

MOST_OPTIONS = 12


def role_choices(program: Program) -> list[tuple[str, Any]]:
    """Everybody, or one of the roles one can join in."""
    roles = program.joining_roles
    everybody = [("", _("everybody"))]
    if len(roles) == 1:
        return everybody
    return everybody + [(role.value, capfirst(role.label)) for role in roles]


class JoinQuestionForm(forms.ModelForm):
    """A question, with its options as lines of text in both languages."""

    options_nl = forms.CharField(
        label=_("Options in Dutch, one on each line"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    options_en = forms.CharField(
        label=_("Options in English, in the same order"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )

    class Meta:
        model = JoinQuestion
        fields = [
            "text_nl",
            "text_en",
            "role",
            "kind",
            "use_nl",
            "use_en",
            "seen_by",
            "is_required",
            "feeds_matching",
        ]
        help_texts = {
            "use_nl": _("Stands beside the question, for whoever answers it."),
            "feeds_matching": _(
                "Only for a choice, a scale or yes and no; you give it a weight under"
                " Matching."
            ),
        }

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.program = program
        self.fields["role"].choices = role_choices(program)  # type: ignore[attr-defined]
        for language in ("nl", "en"):
            self.fields[f"options_{language}"].initial = "\n".join(
                option.get(language, "") for option in self.instance.options
            )
        if self.instance.pk and self.instance.answers.exists():
            # Answers keep the number of their option.
            for name in ("kind", "options_nl", "options_en"):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("text_nl") and not data.get("text_en"):
            self.add_error("text_nl", _("Write the question."))
        if not data.get("use_nl") and not data.get("use_en"):
            self.add_error("use_nl", _("Say what the answer is used for."))
        kind = data.get("kind")
        dutch, english = (
            [line.strip() for line in data.get(name, "").splitlines() if line.strip()]
            for name in ("options_nl", "options_en")
        )
        if kind in {JoinQuestion.Kind.ONE, JoinQuestion.Kind.MANY}:
            count = max(len(dutch), len(english))
            if not 2 <= count <= MOST_OPTIONS:
                self.add_error(
                    "options_nl",
                    _("Give 2 to %(most)s options.") % {"most": MOST_OPTIONS},
                )
            elif dutch and english and len(dutch) != len(english):
                self.add_error(
                    "options_en", _("There are as many options in each language.")
                )
            else:
                self.instance.options = [
                    {
                        "nl": dutch[number] if dutch else "",
                        "en": english[number] if english else "",
                    }
                    for number in range(count)
                ]
        else:
            self.instance.options = []
            if data.get("feeds_matching") and kind in {
                JoinQuestion.Kind.SHORT,
                JoinQuestion.Kind.LONG,
            }:
                self.add_error(
                    "feeds_matching", _("Text cannot be counted with in matching.")
                )
        if data.get("feeds_matching") and data.get("role"):
            self.add_error(
                "feeds_matching",
                _("In matching two answers are compared: ask it of everybody."),
            )
        return data


YES_NO = [("yes", _("yes")), ("no", _("no"))]


def field_for(question: JoinQuestion) -> Any:
    """The field that asks a question, with its use and who reads it beside it."""
    common: dict[str, Any] = {
        "label": question.text,
        "required": question.is_required,
        "help_text": question.use,
    }
    field: Any
    if question.kind == JoinQuestion.Kind.LONG:
        field = forms.CharField(
            widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, **common
        )
    elif question.kind == JoinQuestion.Kind.ONE:
        field = forms.ChoiceField(
            widget=forms.RadioSelect, choices=question.choices, **common
        )
    elif question.kind == JoinQuestion.Kind.MANY:
        field = forms.MultipleChoiceField(
            widget=forms.CheckboxSelectMultiple, choices=question.choices, **common
        )
    elif question.kind == JoinQuestion.Kind.SCALE:
        scale = [(str(number), str(number)) for number in range(1, 6)]
        field = forms.ChoiceField(widget=forms.RadioSelect, choices=scale, **common)
    elif question.kind == JoinQuestion.Kind.YES_NO:
        field = forms.ChoiceField(widget=forms.RadioSelect, choices=YES_NO, **common)
    else:
        field = forms.CharField(max_length=200, **common)
    field.template_name = "people/field.html"
    field.seen_by = question.get_seen_by_display()
    return field


def value_of(question: JoinQuestion, cleaned: Any) -> Any:
    """What is kept of an answer; ``None`` when there is none."""
    if cleaned in (None, "", []):
        return None
    if question.kind == JoinQuestion.Kind.YES_NO:
        return cleaned == "yes"
    if question.kind == JoinQuestion.Kind.SCALE:
        return int(cleaned)
    return cleaned
