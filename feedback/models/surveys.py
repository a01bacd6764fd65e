"""A survey, its questions, each time it is asked, and who was asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.branding import lazy_role_word, worded
from mentoring.words import lacking, pick
from people.models import Employment, User
from programs.models import Program, Role

SALT = "feedback.invitation"
WAVE_LENGTH = timedelta(days=14)


def counting(person: str) -> Q:
    """Whose anonymous answers count towards the floor, by the path to the person: where
    there is HR data those who are in it, since whoever runs a programme can make an
    account for any address.
    """
    if not Employment.objects.filter(is_by_hand=False).exists():
        return Q()
    return Q(**{f"{person}__employment__isnull": False})


@dataclass(frozen=True)
class Outlook:
    """The day on which a survey is asked next; or, in a sentence, why there is none.
    Neither for what has no day: what one sends, and what follows each mentorship.
    """

    day: date | None = None
    why_not: str = ""


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user: User) -> "SurveyQuerySet":
        """Surveys are made and read by those who run the programme."""
        return self.filter(program__in=Program.objects.managed_by(user))

    def current(self) -> "SurveyQuerySet":
        """The newest version of each survey."""
        newer = Survey.objects.filter(
            program=OuterRef("program"),
            key=OuterRef("key"),
            version__gt=OuterRef("version"),
        )
        return self.filter(~Exists(newer))

    def in_use(self) -> "SurveyQuerySet":
        """Those that the clock may ask."""
        return self.current().filter(retired_at=None)


class Survey(models.Model):
    """A list of questions that a programme asks from time to time: one version.

    A version that was asked is not changed any more; a change makes the next one.
    """

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", _("everybody in a mentorship")
        MENTORS = "mentors", lazy_role_word("mentor", many=True)
        MENTEES = "mentees", worded(_("%(mentees_word)s and %(peers_word)s"))

    class Asks(models.TextChoices):
        BY_HAND = "by_hand", _("when you send it")
        BY_DAY = "by_day", _("on a day of the programme")
        ON_DATE = "on_date", _("on a date")
        HALF_WAY = "half_way", _("half-way, for each mentorship")
        AT_END = "at_end", _("when a mentorship ends")

    program = models.ForeignKey(Program, models.CASCADE, related_name="surveys")
    key = models.SlugField(max_length=30)
    version = models.PositiveSmallIntegerField(default=1)
    name_nl = models.CharField(_("Dutch name"), max_length=120, blank=True)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    intro_nl = models.TextField(_("Dutch introduction"), max_length=1000, blank=True)
    intro_en = models.TextField(_("English introduction"), max_length=1000, blank=True)
    is_named = models.BooleanField(
        worded(_("named: %(coordinators_word)s see who answered what")), default=False
    )
    by_department = models.BooleanField(
        _("results by department as well"), default=False
    )
    audience = models.CharField(
        _("who is asked"), max_length=12, choices=Audience, default=Audience.EVERYBODY
    )
    asks = models.CharField(
        _("when it is asked"), max_length=10, choices=Asks, default=Asks.BY_HAND
    )
    first_day = models.PositiveSmallIntegerField(
        _("first on day"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    every_days = models.PositiveSmallIntegerField(
        _("and then every so many days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(14), MaxValueValidator(365)],
    )
    ask_on = models.DateField(_("date"), null=True, blank=True)
    # A smaller number of answers is never shown.
    floor = models.PositiveSmallIntegerField(default=settings.ANONYMITY_FLOOR)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    # Filled in where surveys are listed.
    open_wave: "Wave | None"
    outlook: Outlook

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "key", "version"], name="survey_version_once"
            ),
            models.CheckConstraint(
                condition=Q(floor__gte=5), name="survey_floor_is_five_or_more"
            ),
            models.CheckConstraint(
                condition=~Q(name_nl="", name_en=""), name="survey_has_a_name"
            ),
            models.CheckConstraint(
                condition=~Q(asks="by_day", first_day=None),
                name="survey_by_day_has_a_day",
                violation_error_message=_("On which day of the programme?"),
            ),
            models.CheckConstraint(
                condition=~Q(asks="on_date", ask_on=None),
                name="survey_on_date_has_a_date",
                violation_error_message=_("On which date?"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("feedback:survey_detail", args=[self.pk])

    @property
    def name(self) -> str:
        return pick(self.name_nl, self.name_en)

    @property
    def intro(self) -> str:
        return pick(self.intro_nl, self.intro_en)

    @property
    def lacking(self) -> list[str]:
        """What to say where its name or its introduction is in one language."""
        return lacking((self.name_nl, self.name_en), (self.intro_nl, self.intro_en))

    @property
    def minutes(self) -> int:
        """About how long answering takes, follow-ups included; at least one."""
        return max(1, round(seconds_to_answer(self.questions.all()) / 60))

    @property
    def roles(self) -> list[str]:
        """The roles of those who are asked."""
        if self.audience == self.Audience.MENTORS:
            return [Role.MENTOR]
        if self.audience == self.Audience.MENTEES:
            return [Role.MENTEE, Role.PEER]
        return [Role.MENTOR, Role.MENTEE, Role.PEER]

    @property
    def is_rolling(self) -> bool:
        """Asked of each mentorship at its own moment; results go by the quarter."""
        return self.asks in {self.Asks.HALF_WAY, self.Asks.AT_END}

    @property
    def was_asked(self) -> bool:
        """Then this version keeps its shape."""
        return self.waves.exists()


class Question(models.Model):
    """One question of a survey."""

    class Kind(models.TextChoices):
        SCALE = "scale", _("scale of 1 to 5")
        NPS = "nps", _("recommendation, 0 to 10")
        CHOICE = "choice", _("one of several")
        MANY = "many", _("several of several")
        TEXT = "text", _("free text")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=30)
    place = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SCALE)
    text_nl = models.CharField(_("question, in Dutch"), max_length=300, blank=True)
    text_en = models.CharField(_("question, in English"), max_length=300, blank=True)
    options = models.JSONField(default=list, blank=True)
    is_required = models.BooleanField(_("an answer is needed"), default=True)
    # A follow-up is asked only of those who gave one of these answers.
    shown_if = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="follow_ups"
    )
    shown_values = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "key"], name="question_once_per_survey"
            ),
            models.CheckConstraint(
                condition=~Q(shown_if=F("pk")), name="question_follows_another"
            ),
            models.CheckConstraint(
                condition=~Q(text_nl="", text_en=""), name="question_has_words"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return pick(self.text_nl, self.text_en)

    @property
    def text_elsewhere(self) -> str:
        """The question in the language that the reader does not read it in; empty where
        nobody wrote it in both.
        """
        both = self.text_nl and self.text_en
        return pick(self.text_en, self.text_nl) if both else ""

    @property
    def words(self) -> tuple[str, str]:
        """The question in Dutch and in English."""
        return self.text_nl, self.text_en

    @property
    def lacking(self) -> list[str]:
        """What to say where it or one of its options is in one language."""
        options = [(each["nl"], each["en"]) for each in self.options]
        return lacking(self.words, *options)

    @property
    def has_a_line(self) -> bool:
        """Whether its figures were asked before, so that a trend would go on."""
        return (
            self.is_figure
            and self.is_of_everybody
            and not self.survey.is_named
            and Wave.objects.filter(
                survey__program=self.survey.program_id,
                survey__key=self.survey.key,
                survey__questions__key=self.key,
            ).exists()
        )

    @property
    def hanging(self) -> list["Question"]:
        """The follow-ups that go where this one goes, and theirs, in their order."""
        gone = {self.pk}
        found = []
        for each in self.survey.questions.all():
            # A follow-up stands behind what it follows.
            if each.shown_if_id in gone:
                gone.add(each.pk)
                found.append(each)
        return found

    @property
    def is_figure(self) -> bool:
        """Whether its answers have a mean."""
        return self.kind in {self.Kind.SCALE, self.Kind.NPS}

    @property
    def is_of_everybody(self) -> bool:
        """Everybody answers it, so that it can be shown by role and department."""
        return (
            self.is_required
            and self.shown_if_id is None
            and self.kind != self.Kind.TEXT
        )

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

    def is_asked_after(self, given: dict[int, Any]) -> bool:
        """Whether it is asked of somebody who gave these answers, by question."""
        if self.shown_if_id is None:
            return True
        before = given.get(self.shown_if_id)
        values = before if isinstance(before, list) else [before]
        return any(value in self.shown_values for value in values)


def seconds_to_answer(questions: Iterable[Question]) -> int:
    """About how long these questions take: one writes longer than one chooses."""
    return sum(40 if each.kind == Question.Kind.TEXT else 12 for each in questions)


class WaveQuerySet(models.QuerySet["Wave"]):
    def visible_to(self, user: User) -> "WaveQuerySet":
        """Results are for those who run the programme."""
        return self.filter(survey__program__in=Program.objects.managed_by(user))

    def open_at(self, now: datetime) -> "WaveQuerySet":
        return self.filter(opens_at__lte=now, closes_at__gt=now)

    def of(self, program: Program) -> "WaveQuerySet":
        """Those of all surveys of a programme, each with its survey."""
        return self.filter(survey__program=program).select_related("survey")


class Wave(models.Model):
    """One time that a survey is asked."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="waves")
    occasion = models.CharField(max_length=30)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    # Filled in where the waves of a survey are listed.
    asked: int
    answered: int

    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "occasion"], name="wave_once_per_occasion"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="wave_closes_after_it_opens",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("feedback:wave_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.opens_at <= timezone.now() < self.closes_at

    @property
    def has_closed(self) -> bool:
        return timezone.now() >= self.closes_at


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> "InvitationQuerySet":
        return self.filter(answered=False)

    def counting(self) -> "InvitationQuerySet":
        """Those whose answers count towards the floor."""
        return self.filter(counting("to"))

    def counted(self) -> tuple[int, int, int, int]:
        """How many were asked, and how many of them answered; how many of each count
        towards the floor.
        """
        has_answered, counts = Q(answered=True), counting("to")
        found = self.aggregate(
            asked=Count("pk"),
            answers=Count("pk", has_answered),
            asked_counting=Count("pk", counts),
            answers_counting=Count("pk", has_answered & counts),
        )
        return (
            found["asked"],
            found["answers"],
            found["asked_counting"],
            found["answers_counting"],
        )

    def open_for(self, user: User) -> "InvitationQuerySet":
        """What a person can still answer."""
        now = timezone.now()
        return (
            self.unanswered()
            .filter(to=user, wave__opens_at__lte=now, wave__closes_at__gt=now)
            .select_related("wave__survey__program")
        )


class Invitation(models.Model):
    """One person asked once; whether they answered, not when and not what."""

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="invitations")
    to = models.ForeignKey(User, models.CASCADE, related_name="survey_invitations")
    role = models.CharField(max_length=12)
    asked_at = models.DateTimeField(default=timezone.now)
    answered = models.BooleanField(default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "to"], name="asked_once_per_wave")
        ]

    def get_absolute_url(self) -> str:
        """The person's own link: good for this alone, until the wave closes."""
        return reverse("feedback:survey_answer", args=[self.token])

    @property
    def token(self) -> str:
        return Signer(salt=SALT).sign(str(self.pk))

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
