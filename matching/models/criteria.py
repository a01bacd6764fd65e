"""What counts in a programme, who is never matched, and who does the choosing."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.branding import worded
from mentoring.words import pick
from people.models import User
from programs.models import Program


class Manner(models.Model):
    """Who does the choosing in a programme. Without a row the coordinator does."""

    class Mode(models.TextChoices):
        COORDINATOR = "coordinator", worded(_("the %(coordinators_word)s run a round"))
        CHOOSE = (
            "choose",
            worded(
                _(
                    "%(mentees_word)s choose from suggestions and ask one of the"
                    " %(mentors_word)s"
                )
            ),
        )
        RANK = (
            "rank",
            worded(
                _(
                    "%(mentees_word)s rank %(mentors_word)s, and the"
                    " %(coordinators_word)s run a round"
                )
            ),
        )

    program = models.OneToOneField(
        Program, models.CASCADE, primary_key=True, related_name="manner"
    )
    mode = models.CharField(
        _("how people are matched"),
        max_length=12,
        choices=Mode,
        default=Mode.COORDINATOR,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mode__in=["coordinator", "choose", "rank"]),
                name="manner_mode_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.get_mode_display()


# Where somebody who is asked can say yes for themselves alone.
CHOOSING_MODELS = frozenset({Program.Model.ONE_TO_ONE, Program.Model.REVERSE})


def mode_of(program: Program) -> str:
    """Who does the choosing in this programme. Of groups and circles no one alone."""
    try:
        mode: str = program.manner.mode  # asked once for each program
    except Manner.DoesNotExist:
        mode = Manner.Mode.COORDINATOR
    if mode == Manner.Mode.CHOOSE and program.model not in CHOOSING_MODELS:
        return Manner.Mode.COORDINATOR
    return mode


class Criterion(models.Model):
    """What counts in a programme's matching, and how much."""

    class Key(models.TextChoices):
        TOPICS = "topics", _("topics wanted and offered")
        DIRECTION = "direction", _("career direction")
        STYLE = "style", _("working style")
        LANGUAGES = "languages", _("languages")
        LOCATION = "location", _("location")
        LEVEL = "level", _("difference in level")
        DEPARTMENT = "department", _("department")
        INTERESTS = "interests", _("interests")
        WISHES = "wishes", _("whom people wish for")

    program = models.ForeignKey(Program, models.CASCADE, related_name="criteria")
    key = models.CharField(max_length=20, choices=Key)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=5, validators=[MaxValueValidator(10)]
    )
    must = models.BooleanField(_("must"), default=False)
    settings = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-weight", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "key"], name="criterion_once_per_program"
            ),
            models.CheckConstraint(
                condition=Q(weight__range=(0, 10)), name="criterion_weight_0_to_10"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What it is called; that of a question is the question."""
        nl, en = self.settings.get("nl", ""), self.settings.get("en", "")
        return pick(nl, en) or str(self.get_key_display())


class Exclusion(models.Model):
    """Two people who are never matched in a programme, in whichever order."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="exclusions")
    a = models.ForeignKey(User, models.CASCADE, related_name="+")
    b = models.ForeignKey(User, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "a", "b"], name="exclusion_once_per_two"
            ),
            # One way to write a pair down: the lower id first.
            models.CheckConstraint(
                condition=Q(a__lt=F("b")), name="exclusion_lower_id_first"
            ),
        ]
