"""What a programme asks of who joins, beside the profile."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring.words import pick
from people.models import User
from programs.models.programs import Program
from programs.models.roles import Role


class JoinQuestionQuerySet(models.QuerySet["JoinQuestion"]):
    def asked_of(self, role: str) -> "JoinQuestionQuerySet":
        """Those that somebody in this role is asked, in their order."""
        return self.filter(role__in=["", role])


class JoinQuestion(models.Model):
    """One question to who joins: what it is used for and who reads the answer stand
    beside it.
    """

    class Kind(models.TextChoices):
        SHORT = "short", _("short text")
        LONG = "long", _("long text")
        ONE = "one", _("one of a list")
        MANY = "many", _("several of a list")
        SCALE = "scale", _("scale from 1 to 5")
        YES_NO = "yes_no", _("yes or no")

    class Circle(models.TextChoices):
        TEAM = "team", _("the programme team")
        PAIR = "pair", _("the programme team and who you are matched with")

    program = models.ForeignKey(Program, models.CASCADE, related_name="join_questions")
    role = models.CharField(
        _("asked of"), max_length=12, choices=Role, blank=True, default=""
    )
    kind = models.CharField(
        _("kind of answer"), max_length=8, choices=Kind, default=Kind.SHORT
    )
    text_nl = models.CharField(_("question, in Dutch"), max_length=300, blank=True)
    text_en = models.CharField(_("question, in English"), max_length=300, blank=True)
    use_nl = models.CharField(
        _("what it is used for, in Dutch"), max_length=300, blank=True
    )
    use_en = models.CharField(
        _("what it is used for, in English"), max_length=300, blank=True
    )
    # [{"nl": …, "en": …}, …]; an answer keeps the number of the option.
    options = models.JSONField(default=list, blank=True)
    seen_by = models.CharField(
        _("who reads the answer"), max_length=8, choices=Circle, default=Circle.TEAM
    )
    is_required = models.BooleanField(_("an answer is needed"), default=False)
    feeds_matching = models.BooleanField(_("may count in matching"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = JoinQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text_nl="", text_en=""),
                name="join_question_has_a_text",
                violation_error_message=_("Write the question."),
            ),
            models.CheckConstraint(
                condition=~Q(use_nl="", use_en=""),
                name="join_question_says_its_use",
                violation_error_message=_("Say what the answer is used for."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return pick(self.text_nl, self.text_en)

    @property
    def use(self) -> str:
        return pick(self.use_nl, self.use_en)

    @property
    def has_options(self) -> bool:
        return self.kind in {self.Kind.ONE, self.Kind.MANY}

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The options as a form shows them, in the reader's language."""
        return [
            (str(number), pick(option.get("nl", ""), option.get("en", "")))
            for number, option in enumerate(self.options)
        ]

    def words_of(self, value: Any) -> str:
        """An answer as one reads it."""
        if value in (None, "", []):
            return ""
        if self.kind == self.Kind.YES_NO:
            return str(_("yes") if value else _("no"))
        if self.has_options:
            labels = dict(self.choices)
            numbers = value if isinstance(value, list) else [value]
            return ", ".join(labels[each] for each in numbers if each in labels)
        return str(value)


class JoinAnswer(models.Model):
    """What one person answered; it stays when they change role or come back."""

    question = models.ForeignKey(JoinQuestion, models.CASCADE, related_name="answers")
    user = models.ForeignKey(User, models.CASCADE, related_name="join_answers")
    value = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "user"], name="join_question_answered_once"
            )
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        return self.question.words_of(self.value)
