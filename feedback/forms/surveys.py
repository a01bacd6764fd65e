"""The form that somebody answers, and those with which a survey is made."""

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback.models import Question, Survey
from feedback.schedule import next_day
from mentoring.words import day_words, same_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

ENDS: "dict[str, StrPromise]" = {
    Question.Kind.SCALE: _("1 is not at all, 5 is very much"),
    Question.Kind.NPS: _("0 is certainly not, 10 is certainly"),
    Question.Kind.MANY: _("You can choose more than one."),
}
LONGEST = 1500
# What belongs to a way of asking; first what it cannot do without.
DAYS = {
    Survey.Asks.BY_DAY: ("first_day", "every_days"),
    Survey.Asks.ON_DATE: ("ask_on",),
}


class AnswerForm(forms.Form):
    """A field for each question. All stand on the page; a follow-up is hidden until it
    follows from what was answered before it, and counts only then.

    Without JavaScript a follow-up appears once the answers are sent; ``seen`` says
    which questions were to be seen.
    """

    def __init__(
        self,
        *args: Any,
        survey: Survey,
        draft: dict[int, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(survey.questions.all())
        given = self._given(draft or {})
        for question in self.questions:
            name = f"q{question.pk}"
            self.fields[name] = self._field(question)
            if question.pk in given:
                self.fields[name].initial = given[question.pk]
        self.asked = self._asked(given)

    def _given(self, draft: dict[int, Any]) -> dict[int, Any]:
        """What was answered: as it is sent, else as it was kept."""
        if not self.is_bound:
            return draft
        given: dict[int, Any] = {}
        for question in self.questions:
            name = f"q{question.pk}"
            if question.kind == Question.Kind.MANY:
                given[question.pk] = self.data.getlist(name)  # type: ignore[attr-defined]
            else:
                given[question.pk] = self.data.get(name, "")
        return given

    def _asked(self, given: dict[int, Any]) -> list[Question]:
        """The questions that follow from these answers. What was answered to one that
        does not follow leads to nothing.
        """
        asked: list[Question] = []
        counted: dict[int, Any] = {}
        for question in self.questions:
            if question.is_asked_after(counted):
                asked.append(question)
                counted[question.pk] = given.get(question.pk)
        return asked

    @staticmethod
    def _field(question: Question) -> forms.Field:
        common: dict[str, Any] = {
            "label": question.text,
            "required": question.is_required,
            "error_messages": {
                "required": _("Write an answer.")
                if question.kind == Question.Kind.TEXT
                else _("Choose an answer.")
            },
        }
        if not question.is_required:
            common["label"] = gettext("%(question)s (optional)") % {
                "question": question.text
            }
        if question.kind == Question.Kind.TEXT:
            return forms.CharField(
                max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}), **common
            )
        common |= {
            "choices": question.choices,
            "help_text": str(ENDS.get(question.kind, "")),
        }
        if question.kind == Question.Kind.MANY:
            return forms.MultipleChoiceField(
                widget=forms.CheckboxSelectMultiple, **common
            )
        return forms.ChoiceField(widget=forms.RadioSelect, **common)

    @property
    def rows(self) -> list[tuple[forms.BoundField, Question, bool]]:
        """The fields, each with its question and whether that is asked."""
        asked = {each.pk for each in self.asked}
        return [
            (self[f"q{each.pk}"], each, each.pk in asked) for each in self.questions
        ]

    def clean(self) -> dict[str, Any]:
        """Of what is not asked nothing is expected. A follow-up that was not to be seen
        yet is shown before anything is sent.
        """
        asked = {str(each.pk) for each in self.asked}
        for question in self.questions:
            if str(question.pk) not in asked:
                self.errors.pop(f"q{question.pk}", None)
        seen = self.data.getlist("seen")  # type: ignore[attr-defined]
        if seen and not asked.issubset(seen):
            raise ValidationError(
                _("One more question follows from what you answered.")
            )
        return self.cleaned_data

    def answers(self) -> dict[int, Any]:
        """Answers by question, of those that are asked."""
        return self._filled(self.asked)

    def _filled(self, questions: list[Question]) -> dict[int, Any]:
        return {
            question.pk: self.cleaned_data[f"q{question.pk}"]
            for question in questions
            if self.cleaned_data.get(f"q{question.pk}")
        }

    def filled_in(self) -> dict[int, Any]:
        """What is valid of a form that is not finished, also where a question does not
        follow at the moment: the answer before it may come back.
        """
        self.full_clean()
        return self._filled(self.questions)


class SurveyForm(forms.ModelForm):
    """What a survey is called, whom it asks and when."""

    class Meta:
        model = Survey
        fields = [
            "name_nl",
            "name_en",
            "intro_nl",
            "intro_en",
            "audience",
            "asks",
            "first_day",
            "every_days",
            "ask_on",
            "is_named",
            "by_department",
        ]
        widgets = {
            "intro_nl": forms.Textarea(attrs={"rows": 3}),
            "intro_en": forms.Textarea(attrs={"rows": 3}),
            "audience": forms.RadioSelect,
            "asks": forms.RadioSelect,
            "ask_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "first_day": _("Only for a survey on a day of the programme."),
            "every_days": _("Leave it empty to ask once."),
            "ask_on": _("Only for a survey on a date."),
            "is_named": _("Whoever answers reads this above the first question."),
            "by_department": _(
                "Then results come when the survey closes, and small departments are"
                " put together."
            ),
        }

    def clean(self) -> dict[str, Any]:
        """One language is enough to begin with: who reads the other gets that one."""
        found = super().clean() or {}
        if not found.get("name_nl") and not found.get("name_en"):
            self.add_error("name_nl", _("Give the survey a name."))
        if found.get("is_named") and found.get("by_department"):
            self.add_error(
                "by_department",
                _(
                    "A named survey shows who answered what; results by department are"
                    " of anonymous surveys."
                ),
            )
        self._check_day(found)
        return found

    def _check_day(self, found: dict[str, Any]) -> None:
        """A day that somebody fills in lies ahead, and in the time of the programme.
        What belongs to another way of asking is left out.
        """
        program, asks = self.instance.program, found.get("asks", "")
        for way, names in DAYS.items():
            for name in names if way != asks else ():
                found[name] = None
                self.errors.pop(name, None)
        if (
            program.is_closing
            and "asks" in self.changed_data
            and asks not in {Survey.Asks.BY_HAND, Survey.Asks.AT_END}
        ):
            self.add_error("asks", _("Not by itself: the programme is closing."))
            return
        names = DAYS.get(asks, ())
        field = names[0] if names else ""
        if not found.get(field):
            return
        if not {"asks", *names}.intersection(self.changed_data):
            return
        meant = Survey(
            program=program,
            asks=found["asks"],
            first_day=found.get("first_day"),
            every_days=found.get("every_days"),
            ask_on=found.get("ask_on"),
        )
        day = next_day(meant, timezone.localdate())
        if day is None:
            if field == "ask_on" or program.starts_on:
                self.add_error(field, _("That day has passed."))
        elif program.ends_on and day > program.ends_on:
            self.add_error(
                field,
                _("That is %(day)s, after the programme has ended (%(end)s).")
                % {"day": day_words(day), "end": day_words(program.ends_on)},
            )


class OptionsField(forms.CharField):
    """One option on each line."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> Any:
        lines = str(value or "").splitlines()
        return [line.strip()[:200] for line in lines if line.strip()]

    def validate(self, value: Any) -> None:
        """An empty list is for kinds that have no options."""

    def run_validators(self, value: Any) -> None:
        """Lines have no validators of their own."""


class QuestionForm(forms.ModelForm):
    """One question in both languages, side by side, with what comes before it."""

    options_nl = OptionsField(label=_("Options, in Dutch"), required=False)
    options_en = OptionsField(label=_("Options, in English"), required=False)
    after = forms.ChoiceField(
        label=_("Ask it only of those who answered"),
        required=False,
        help_text=_("A follow-up question. Leave it empty to ask everybody."),
    )
    meaning = forms.ChoiceField(
        label=_("If you change the words, is it still the same question?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("same", _("the same question in other words: its line over time goes on")),
            ("other", _("another question: a new line over time begins")),
        ],
        help_text=_("It was asked before. A translation that you add changes nothing."),
    )

    class Meta:
        model = Question
        fields = ["kind", "text_nl", "text_en", "is_required"]
        widgets = {
            "text_nl": forms.Textarea(attrs={"rows": 2}),
            "text_en": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind_before, self.words_before = self.instance.kind, self.instance.words
        if self.instance.pk is None or not self.instance.has_a_line:
            del self.fields["meaning"]
        self.before = {
            str(each.pk): each
            for each in survey.questions.all()
            if each.kind != Question.Kind.TEXT
            and (self.instance.pk is None or each.place < self.instance.place)
        }
        after = self.fields["after"]
        assert isinstance(after, forms.ChoiceField)
        after.choices = [("", _("everybody")), *self._answers_before()]
        if self.instance.pk:
            options = self.instance.options
            for language in ("nl", "en"):
                lines = [each[language] for each in options if each[language]]
                self.initial[f"options_{language}"] = "\n".join(lines)
            if self.instance.shown_if_id:
                values = ",".join(self.instance.shown_values)
                self.initial["after"] = f"{self.instance.shown_if_id}:{values}"

    def _answers_before(self) -> list[tuple[str, str]]:
        """Of each question before this one, the answers that can lead to it. Each names
        its question: a closed list shows no group.
        """
        found = []
        for key, question in self.before.items():
            if question.kind == Question.Kind.SCALE:
                sets = [
                    ("1,2", _("1 or 2")),
                    ("1,2,3", _("1 to 3")),
                    ("4,5", _("4 or 5")),
                ]
            elif question.kind == Question.Kind.NPS:
                low, high = ",".join(map(str, range(7))), "9,10"
                sets = [(low, _("0 to 6")), (high, _("9 or 10"))]
            else:
                sets = [(value, label) for value, label in question.choices]  # type: ignore[misc]
            text = Truncator(question.text).chars(60)
            found += [
                (
                    f"{key}:{values}",
                    gettext("%(answer)s to “%(question)s”")
                    % {"answer": label, "question": text},
                )
                for values, label in sets
            ]
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("text_nl") and not found.get("text_en"):
            self.add_error("text_nl", _("Write the question."))
        nl, en = found.get("options_nl") or [], found.get("options_en") or []
        if found.get("kind") in {Question.Kind.CHOICE, Question.Kind.MANY}:
            if max(len(nl), len(en)) < 2:
                self.add_error("options_nl", _("Give at least two options."))
            elif nl and en and len(nl) != len(en):
                self.add_error(
                    "options_en", _("Give as many options in English as in Dutch.")
                )
            for name in ("options_nl", "options_en"):
                self._refuse_twice(name, found.get(name) or [])
            self.instance.options = [
                {"nl": one, "en": other}
                for one, other in zip_longest(nl, en, fillvalue="")
            ]
        else:
            self.instance.options = []
        if "meaning" in self.fields and not found.get("meaning"):
            self._ask_for_the_meaning(found)
        before, _colon, values = str(found.get("after") or "").partition(":")
        self.instance.shown_if = self.before.get(before)
        self.instance.shown_values = values.split(",") if before else []
        return found

    def _refuse_twice(self, name: str, options: list[str]) -> None:
        """Two options of the same name cannot be told apart."""
        seen: set[str] = set()
        for option in options:
            if option.casefold() in seen:
                self.add_error(
                    name, _("“%(option)s” is there twice.") % {"option": option}
                )
                return
            seen.add(option.casefold())

    def _ask_for_the_meaning(self, found: dict[str, Any]) -> None:
        """Other words can be another question, and only who writes them knows."""
        words = (found.get("text_nl") or "", found.get("text_en") or "")
        if (
            any(words)
            and found.get("kind") == self.kind_before
            and not same_words(words, self.words_before)
        ):
            self.add_error(
                "meaning",
                _(
                    "Say whether it is still the same question: the trend depends on"
                    " it."
                ),
            )

    @property
    def is_another(self) -> bool:
        """Whether it asks something else than it did."""
        return self.cleaned_data.get("meaning") == "other"
