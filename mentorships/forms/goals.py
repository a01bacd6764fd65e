"""Forms of goals."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorships.forms.fields import RATINGS, DateInput
from mentorships.models import Goal, GoalComment, SelfRating
from people.models import Topic


class GoalForm(forms.ModelForm):
    """The five parts of a SMART goal."""

    steps = forms.CharField(
        label=_("Steps on the way"),
        help_text=_("One on each line."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    class Meta:
        model = Goal
        fields = ["specific", "measure", "start", "target", "relevance", "by_on"]
        help_texts = {
            "specific": _("For example: I chair the weekly meeting by myself."),
            "measure": _("What you count. For example: meetings chaired."),
        }
        widgets = {"by_on": DateInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["steps"]

    def step_texts(self) -> list[str]:
        """The steps, one for each line that says something."""
        lines = self.cleaned_data["steps"].splitlines()
        return [line.strip()[:200] for line in lines if line.strip()]

    def clean_by_on(self) -> Any:
        day = self.cleaned_data["by_on"]
        # A goal that ran late may be said better and keep its day.
        if day <= timezone.localdate() and day != self.initial.get("by_on"):
            raise ValidationError(_("Choose a day that is still to come."))
        return day


class MilestoneForm(forms.Form):
    """One more step on the way."""

    text = forms.CharField(label=_("Another step"), max_length=200)


class ProgressForm(forms.Form):
    """Where the goal stands now."""

    value = forms.DecimalField(
        label=_("Where do you stand now?"), max_digits=9, decimal_places=1
    )

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal = goal

    def clean_value(self) -> Any:
        value = self.cleaned_data["value"]
        if value < 0 and self.goal.counts_from_zero:
            raise ValidationError(_("What you count is never less than 0."))
        return value


class CloseGoalForm(forms.Form):
    """Reached or let go, with a look back."""

    state = forms.ChoiceField(
        label=_("How did it end?"),
        choices=[c for c in Goal.State.choices if c[0] != "active"],
        widget=forms.RadioSelect,
    )
    reflection = forms.CharField(
        label=_("Looking back"),
        help_text=_("What helped? What would you do differently?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )


class CommentForm(forms.ModelForm):
    """What I say of a goal."""

    class Meta:
        model = GoalComment
        fields = ["body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 3})}


class SelfRatingForm(forms.Form):
    """How well I master each topic, now."""

    moment = forms.ChoiceField(
        label=_("Where are you now?"), choices=SelfRating.Moment.choices
    )

    def __init__(
        self, *args: Any, topics: list[Topic], before: dict[int, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.topics = topics
        for topic in topics:
            self.fields[f"topic{topic.pk}"] = forms.TypedChoiceField(
                label=topic.name,
                choices=RATINGS,
                coerce=int,
                empty_value=None,
                required=False,
                initial=before.get(topic.pk),
                widget=forms.RadioSelect,
            )

    def ratings(self) -> list[forms.BoundField]:
        return [self[f"topic{topic.pk}"] for topic in self.topics]

    def values(self) -> dict[Topic, int]:
        """Those that were rated."""
        found = {topic: self.cleaned_data[f"topic{topic.pk}"] for topic in self.topics}
        return {topic: value for topic, value in found.items() if value is not None}
