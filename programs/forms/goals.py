"""What a programme wants to reach."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.forms import DateInput
from programs.measures import MEASURES
from programs.models import GoalReading, Program, ProgramGoal

# A share ends at a hundred, an answer at five.
MOST = {
    "match_rate": 100,
    "on_rhythm": 100,
    "goals_reached": 100,
    "response_rate": 100,
    "training_completed": 100,
    "stayed": 100,
    "satisfaction": 5,
    "satisfied": 100,
    "nps": 100,
    "access_gap": 100,
}
# What can be below nothing.
LEAST = {"nps": -100}


class ProgramGoalForm(forms.ModelForm):
    """A measurable goal, with a measure that the programme has no goal for yet."""

    class Meta:
        model = ProgramGoal
        fields = [
            "measure",
            "target",
            "name_nl",
            "name_en",
            "baseline",
            "by_on",
            "fewer_is_better",
        ]
        widgets = {"by_on": DateInput()}
        help_texts = {
            "measure": _("What Wegwijs cannot know, you measure by hand."),
            "name_nl": _("Needed when you measure by hand; otherwise the measure’s."),
            "fewer_is_better": _("Only for what you measure by hand."),
            "target": _("The figure you want to reach."),
            "baseline": _("Optional. What it was before the programme."),
            "by_on": _("Optional. Otherwise the last day of the programme."),
        }

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        kwargs["instance"] = ProgramGoal(program=program)
        super().__init__(*args, **kwargs)
        taken = set(program.goals.values_list("measure", flat=True))
        self.fields["measure"].choices = [  # type: ignore[attr-defined]
            (value, label)
            for value, label in ProgramGoal.Measure.choices
            if value == ProgramGoal.Measure.BY_HAND
            or (value not in taken and value in MEASURES)
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("measure") == ProgramGoal.Measure.BY_HAND:
            if not data.get("name_nl") and not data.get("name_en"):
                self.add_error("name_nl", _("Say what you measure by hand."))
        else:
            data["fewer_is_better"] = False
        most = MOST.get(data.get("measure", ""))
        target = data.get("target")
        least = LEAST.get(data.get("measure", ""), 0)
        if target is not None and target < least:
            self.add_error(
                "target", _("This measure starts at %(least)s.") % {"least": least}
            )
        if most is not None and target is not None and target > most:
            self.add_error(
                "target", _("This measure goes up to %(most)s.") % {"most": most}
            )
        return data


class GoalReadingForm(forms.ModelForm):
    """A figure that somebody measured: when, and where it comes from."""

    class Meta:
        model = GoalReading
        fields = ["on", "value", "source"]
        widgets = {"on": DateInput()}
        help_texts = {"source": _("For example: exit interviews of the first quarter.")}

    def __init__(self, *args: Any, goal: ProgramGoal, **kwargs: Any) -> None:
        kwargs["instance"] = GoalReading(goal=goal)
        super().__init__(*args, **kwargs)
        self.fields["source"].required = True

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("That day is still to come."))
        if self.instance.goal.readings.filter(on=day).exists():
            raise ValidationError(_("There is a figure for this day."))
        return day
