"""How it went: surveys, who was asked, and answers that belong to nobody.

Who answered and what was answered are two tables, written in one transaction and
joined by nothing. A fresh sheet waits, sealed, in a pool; sheets leave it shuffled and
at least five at a time, so that neither order nor time nor old results tell who.
"""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.sealing import seal, unseal
from mentoring.words import pick
from people.models import User
from programs.models import Program

SALT = "feedback.invitation"


class Survey(models.Model):
    """A list of questions that a programme asks from time to time."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="surveys")
    key = models.SlugField(max_length=30)
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    intro_nl = models.TextField(blank=True)
    intro_en = models.TextField(blank=True)
    # A smaller number of answers is never shown.
    floor = models.PositiveSmallIntegerField(default=settings.ANONYMITY_FLOOR)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "key"], name="survey_once_per_program"
            ),
            models.CheckConstraint(
                condition=Q(floor__gte=5), name="survey_floor_is_five_or_more"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self.name_nl, self.name_en)

    @property
    def intro(self) -> str:
        return pick(self.intro_nl, self.intro_en)


class Question(models.Model):
    """One question of a survey."""

    class Kind(models.TextChoices):
        SCALE = "scale", _("1 to 5")
        NPS = "nps", _("0 to 10")
        CHOICE = "choice", _("one of")
        TEXT = "text", _("free text")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=30)
    kind = models.CharField(max_length=10, choices=Kind)
    text_nl = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    options = models.JSONField(default=list, blank=True)
    is_required = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "key"], name="question_once_per_survey"
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return pick(self.text_nl, self.text_en)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be answered, with what it is called."""
        if self.kind == self.Kind.SCALE:
            return [(str(number), str(number)) for number in range(1, 6)]
        if self.kind == self.Kind.NPS:
            return [(str(number), str(number)) for number in range(11)]
        return [
            (str(place), pick(option["nl"], option["en"]))
            for place, option in enumerate(self.options)
        ]


class WaveQuerySet(models.QuerySet["Wave"]):
    def visible_to(self, user: User) -> "WaveQuerySet":
        """Results are for those who run the programme."""
        return self.filter(survey__program__in=Program.objects.managed_by(user))

    def open_at(self, now: datetime) -> "WaveQuerySet":
        return self.filter(opens_at__lte=now, closes_at__gt=now)


class Wave(models.Model):
    """One time that a survey is asked."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="waves")
    occasion = models.CharField(max_length=30)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "occasion"], name="wave_once_per_occasion"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=models.F("opens_at")),
                name="wave_closes_after_it_opens",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("feedback:wave_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.opens_at <= timezone.now() < self.closes_at


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> "InvitationQuerySet":
        return self.filter(answered=False)

    def open_for(self, user: User) -> "InvitationQuerySet":
        """What a person can still answer."""
        now = timezone.now()
        return self.unanswered().filter(
            to=user, wave__opens_at__lte=now, wave__closes_at__gt=now
        )


class Invitation(models.Model):
    """One person asked once; whether they answered, not when and not what."""

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="invitations")
    to = models.ForeignKey(User, models.CASCADE, related_name="survey_invitations")
    role = models.CharField(max_length=12)
    answered = models.BooleanField(default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "to"], name="asked_once_per_wave")
        ]

    def get_absolute_url(self) -> str:
        """The person's own link: good for this alone, until the wave closes."""
        token = Signer(salt=SALT).sign(str(self.pk))
        return reverse("feedback:survey_answer", args=[token])

    @staticmethod
    def from_token(token: str) -> "Invitation | None":
        """The invitation of a link; ``None`` when the link was altered, or its person
        left.
        """
        try:
            pk = Signer(salt=SALT).unsign(token)
        except BadSignature:
            return None
        return (
            Invitation.objects.select_related("wave__survey__program", "to")
            .filter(pk=pk, to__is_active=True)
            .first()
        )


class FreshSheet(models.Model):
    """Answers that wait until enough have come in. Sealed; no person, no time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="fresh")
    sealed = models.BinaryField()

    @classmethod
    def of(cls, wave: Wave, role: str, answers: dict[int, Any]) -> "FreshSheet":
        """A sheet with its answers sealed into it."""
        sheet = cls(wave=wave)
        text = json.dumps({"role": role, "answers": list(answers.items())})
        # Padded, so that the length does not tell how much was written.
        sheet.sealed = seal(text.ljust(8000), bound_to=f"sheet:{sheet.pk}")
        return sheet

    def open(self) -> tuple[str, list[tuple[int, Any]]]:
        """The role, and pairs of question and answer."""
        found = json.loads(unseal(bytes(self.sealed), bound_to=f"sheet:{self.pk}"))
        return found["role"], [(key, value) for key, value in found["answers"]]


class AnswerSheet(models.Model):
    """One person's answers, without the person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="sheets")
    role = models.CharField(max_length=12)


class Answer(models.Model):
    """One answer on a sheet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(AnswerSheet, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "question"], name="answer_once_per_question"
            )
        ]


WAVE_LENGTH = timedelta(days=14)
