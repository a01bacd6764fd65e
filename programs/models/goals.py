"""What a programme wants to reach."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.branding import worded
from mentoring.words import pick
from people.models import User
from programs.models.programs import Program


class ProgramGoal(models.Model):
    """What the programme is for, as a figure that the application measures."""

    class Measure(models.TextChoices):
        MATCH_RATE = (
            "match_rate",
            worded(_("share of %(mentees_word)s with a match (%%)")),
        )
        ON_RHYTHM = "on_rhythm", _("share of pairs on rhythm (%)")
        SESSIONS_HELD = "sessions_held", _("sessions held")
        GOALS_REACHED = "goals_reached", _("share of goals reached (%)")
        SATISFACTION = "satisfaction", _("mean answer to the survey (1–5)")
        SATISFIED = "satisfied", _("share of answers of 4 or 5 (%)")
        NPS = "nps", _("recommendation score, NPS (−100 to 100)")
        RESPONSE_RATE = "response_rate", _("share of surveys answered (%)")
        DAYS_TO_FIRST_SESSION = (
            "days_to_first_session",
            _("median days to the first session"),
        )
        TRAINING_COMPLETED = (
            "training_completed",
            _("share of required training completed (%)"),
        )
        STAYED = "stayed", _("share of participants who still work here (%)")
        ACCESS_GAP = (
            "access_gap",
            _("largest gap between groups in being matched (points)"),
        )
        BY_HAND = "by_hand", _("measured by hand")

    program = models.ForeignKey(Program, models.CASCADE, related_name="goals")
    measure = models.CharField(_("measure"), max_length=24, choices=Measure)
    name_nl = models.CharField(_("goal, in Dutch"), max_length=200, blank=True)
    name_en = models.CharField(_("goal, in English"), max_length=200, blank=True)
    baseline = models.DecimalField(
        _("baseline"), max_digits=9, decimal_places=1, null=True, blank=True
    )
    target = models.DecimalField(_("target"), max_digits=9, decimal_places=1)
    fewer_is_better = models.BooleanField(_("the lower the better"), default=False)
    by_on = models.DateField(_("by"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "measure"],
                condition=~Q(measure="by_hand"),
                name="one_goal_per_measure",
                violation_error_message=_("There is a goal with this measure."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self.name_nl, self.name_en) or self.get_measure_display()

    @property
    def is_by_hand(self) -> bool:
        return self.measure == self.Measure.BY_HAND


class GoalReading(models.Model):
    """What a goal stood at on a day: measured by the clock, or entered by somebody."""

    goal = models.ForeignKey(ProgramGoal, models.CASCADE, related_name="readings")
    on = models.DateField(_("measured on"), default=timezone.localdate)
    value = models.DecimalField(_("figure"), max_digits=9, decimal_places=1)
    source = models.CharField(
        _("where the figure comes from"), max_length=200, blank=True
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "on"],
                name="one_reading_a_day",
                violation_error_message=_("There is a figure for this day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.value}"
