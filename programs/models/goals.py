"""What a programme wants to reach."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mentoring.words import pick
from programs.models.programs import Program


class ProgramGoal(models.Model):
    """What the programme is for, as a figure that the application measures."""

    class Measure(models.TextChoices):
        MATCH_RATE = "match_rate", _("share of mentees with a mentor (%)")
        ON_RHYTHM = "on_rhythm", _("share of pairs on rhythm (%)")
        SESSIONS_HELD = "sessions_held", _("sessions held")
        GOALS_REACHED = "goals_reached", _("share of goals reached (%)")
        SATISFACTION = "satisfaction", _("mean answer to the survey (1–5)")
        RESPONSE_RATE = "response_rate", _("share of surveys answered (%)")
        DAYS_TO_FIRST_SESSION = (
            "days_to_first_session",
            _("median days to the first session"),
        )

    program = models.ForeignKey(Program, models.CASCADE, related_name="goals")
    measure = models.CharField(_("measure"), max_length=24, choices=Measure)
    name_nl = models.CharField(_("goal, in Dutch"), max_length=200, blank=True)
    name_en = models.CharField(_("goal, in English"), max_length=200, blank=True)
    baseline = models.DecimalField(
        _("baseline"), max_digits=9, decimal_places=1, null=True, blank=True
    )
    target = models.DecimalField(_("target"), max_digits=9, decimal_places=1)
    by_on = models.DateField(_("by"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "measure"],
                name="one_goal_per_measure",
                violation_error_message=_("There is a goal with this measure."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self.name_nl, self.name_en) or self.get_measure_display()
